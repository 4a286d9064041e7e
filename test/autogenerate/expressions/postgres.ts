import type { MetaData } from 'aludel';
import { asDefault, asGenerated, inCheck, inIndex, inView, inWhere, type Spelled } from './spelled.js';

/** What the expressions are about: two enums of one name, and functions and a domain called like built-in ones. */
export function declareGround(metadata: MetaData): void {
  metadata.enumeration('mood', ['sad', 'ok', 'happy']);
  metadata.enumeration('app.mood', ['blue', 'ok']);
  metadata.object('domain', 'app.money', { definition: 'CREATE DOMAIN app.money AS numeric(12, 2)' });
  const attributes = 'IMMUTABLE';
  metadata.function('app.twice', { args: 'x integer', returns: 'integer', attributes, body: 'SELECT x * 2' });
  metadata.function('app.lower', { args: 'x text', returns: 'text', attributes, body: 'SELECT x' });
}

export const POSTGRES_COLUMNS = `a integer, b integer, n numeric(10, 2), dbl double precision, t text, v varchar(20), c char(4),
  d date, ts timestamp, tz timestamptz, i interval, j jsonb, js json, m mood, am app.mood, arr integer[], words text[], f boolean,
  u uuid, r int4range, ip inet, raw bytea, pay app.money`;

export const POSTGRES: readonly Spelled[] = [
  // enum casts, and a type that another one of public goes by the name of
  inCheck("m IN ('sad', 'ok')", "m = ANY (ARRAY['sad', 'ok']::mood[])", "m IN ('sad', 'happy')"),
  inCheck("m <> 'sad'", "m != 'sad'::public.mood", "m <> 'ok'"),
  inCheck("m > 'sad'::mood", "(m > CAST('sad' AS mood))", "m >= 'sad'::mood"),
  inCheck("am = 'blue'", "am = 'blue'::app.mood", "am = 'ok'"),
  inCheck("am NOT IN ('blue', 'ok')", "am <> ALL (ARRAY['blue'::app.mood, 'ok'])", "am NOT IN ('blue')"),
  inCheck('m::text = am::text', 'CAST(m AS text) = CAST(am AS text)', 'm::text <> am::text'),
  inCheck('pay > 0', 'pay > 0::numeric', 'pay > 1'),
  inCheck("pay < '10'::app.money", "pay < CAST('10' AS app.money)", "pay < '11'::app.money"),
  // IN, BETWEEN, LIKE, NULL
  inCheck('a IN (1, 2, 3)', 'a = ANY (ARRAY[1, 2, 3])', 'a IN (1, 2)'),
  inCheck("t IN ('x', 'y')", "t = ANY (ARRAY['x'::text, 'y'::text])", "t IN ('x', 'z')"),
  inCheck("v IN ('x', 'y')", "v = ANY (ARRAY['x', 'y']::varchar[])", "v IN ('x', 'z')"),
  inCheck("v = 'x'", "v::text = 'x'::text", "v = 'y'"),
  inCheck("c = 'x'", "c = 'x'::bpchar", "c = 'y'"),
  inCheck('a BETWEEN 1 AND 9', 'a >= 1 AND a <= 9', 'a BETWEEN 1 AND 10'),
  inCheck('a NOT BETWEEN 1 AND 9', 'a < 1 OR a > 9', 'a NOT BETWEEN 1 AND 8'),
  inCheck("t LIKE 'x%'", "t ~~ 'x%'::text", "t LIKE 'y%'"),
  inCheck("t NOT ILIKE 'x%'", "t !~~* 'x%'", "t ILIKE 'x%'"),
  inCheck(
    't IS NOT NULL OR (a > 1 AND b > 1)',
    '(t IS NOT NULL) OR ((a > 1) AND (b > 1))',
    '(t IS NOT NULL OR a > 1) AND b > 1',
  ),
  inCheck('a IS DISTINCT FROM b', '(a) IS DISTINCT FROM (b)', 'a IS NOT DISTINCT FROM b'),
  inCheck('f IS NOT TRUE', '(f) IS NOT TRUE', 'f IS TRUE'),
  inCheck('NOT f', '(NOT (f))', 'f'),
  inCheck('n > 1.50', 'n > (1.50)::numeric', 'n > 1.5001'),
  inCheck('dbl > 1', 'dbl > 1::double precision', 'dbl > 2'),
  inCheck('-a < +b', '(- a) < (+ b)', '-a < -b'),
  // intervals and times
  inCheck("i < interval '1 day'", "i < '1 day'::interval", "i < interval '2 days'"),
  inCheck("ts > '2024-01-01'", "ts > timestamp '2024-01-01 00:00:00'", "ts > '2024-01-02'"),
  inCheck("d + interval '1 month' > ts", "(d + '1 mon'::interval) > ts", "d + interval '2 months' > ts"),
  inCheck('extract(year FROM d) > 2000', 'EXTRACT(YEAR FROM (d)) > (2000)::numeric', 'extract(month FROM d) > 2000'),
  // JSON, arrays, ranges, and the rest
  inCheck("j ->> 'a' = 'x'", "(j ->> 'a'::text) = 'x'::text", "j ->> 'b' = 'x'"),
  inCheck("j -> 'a' -> 0 IS NOT NULL", "((j -> 'a') -> 0) IS NOT NULL", "j -> 'a' -> 1 IS NOT NULL"),
  inCheck('j @> \'{"a": 1}\'', 'j @> \'{"a": 1}\'::jsonb', 'j @> \'{"a": 2}\''),
  inCheck("js #>> '{a,b}' <> ''", "(js #>> '{a,b}'::text[]) <> ''::text", "js #>> '{a,c}' <> ''"),
  inCheck("j ? 'a'", "(j ? 'a'::text)", "j ? 'b'"),
  inCheck('arr[1] > 0', '(arr)[1] > 0', 'arr[2] > 0'),
  inCheck("'x' = ANY (words)", "('x'::text = ANY (words))", "'y' = ANY (words)"),
  inCheck('array_length(arr, 1) < 9', '(array_length(arr, 1)) < 9', 'array_length(arr, 2) < 9'),
  inCheck('a <@ r', '(a <@ r)', 'NOT a <@ r'),
  inCheck("ip << '10.0.0.0/8'", "ip << inet '10.0.0.0/8'", "ip << '10.0.0.0/9'"),
  inCheck('app.twice(a) > 2', '"app"."twice"(a) > 2', 'app.twice(b) > 2'),
  inCheck('coalesce(a, b, 0) > 0', 'COALESCE(a, (b), 0) > 0', 'coalesce(b, a, 0) > 0'),
  inCheck(
    'CASE WHEN a > 1 THEN b > 1 ELSE f END',
    'case when (a > 1) then (b > 1) else f end',
    'CASE WHEN a > 1 THEN f ELSE b > 1 END',
  ),
  inCheck("position('x' IN t) > 0", "POSITION(('x') IN (t)) > 0", "position('y' IN t) > 0"),
  // defaults
  asDefault('integer', "'5'", '5', '6'),
  asDefault('integer', '1 + 2', '(1) + (2)', '1 + 3'),
  asDefault('mood', "'sad'", "'sad'::mood", "'ok'"),
  asDefault('app.mood', "'blue'", "CAST('blue' AS app.mood)", "'ok'"),
  asDefault('timestamptz', 'now()', '(now())', 'clock_timestamp()'),
  asDefault('timestamptz', "now() + interval '1 day'", "(now() + '1 day'::interval)", "now() + interval '2 days'"),
  asDefault('jsonb', '\'{"a": [1, 2]}\'', '\'{"a": [1, 2]}\'::jsonb', "'{}'"),
  asDefault('text[]', "'{}'", "'{}'::text[]", "'{a}'"),
  asDefault('integer[]', 'ARRAY[1, 2]', '(ARRAY[1, 2])', 'ARRAY[1]'),
  asDefault('varchar(20)', "'x'", "'x'::character varying", "'y'"),
  asDefault('numeric(10, 2)', '1.50', '(1.50)', '1.51'),
  asDefault('app.money', '7', '(7)', '8'),
  asDefault('integer', 'app.twice(3)', '"app".twice(3)', 'app.twice(4)'),
  // generated columns
  asGenerated('integer', 'a + b * 2', '(a + (b * 2))', '(a + b) * 2'),
  asGenerated('text', "t || 'x'", "(t || 'x'::text)", "t || 'y'"),
  asGenerated('text', "j ->> 'name'", "(j ->> 'name'::text)", "j ->> 'title'"),
  asGenerated('integer', 'app.twice(a)', 'app.twice((a))', 'app.twice(b)'),
  // index expressions and predicates
  inIndex('lower(t)', 'pg_catalog.lower((t))', 'upper(t)'),
  inIndex('app.lower(t)', 'app."lower"(t)', "app.lower(t || 'x')"),
  inIndex("(j ->> 'a')", "((j ->> 'a'::text))", "(j ->> 'b')"),
  inIndex('(a + b)', '((a + b))', '(a - b)'),
  inWhere("m IN ('sad', 'ok')", "m = ANY (ARRAY['sad'::mood, 'ok'::mood])", "m IN ('sad')"),
  inWhere('a BETWEEN 1 AND 9 AND f', '(a BETWEEN (1) AND (9)) AND (f)', 'a BETWEEN 1 AND 9'),
  inWhere("v <> ''", "(v)::text <> ''::text", "v <> 'x'"),
  // bodies of views
  inView(
    'SELECT a, b FROM base WHERE a > 1',
    'SELECT base.a, base.b FROM public.base WHERE (base.a > 1)',
    'SELECT a, b FROM base WHERE a > 2',
  ),
  inView(
    "SELECT count(*) AS many FROM base WHERE m = 'sad'",
    'SELECT count(*) AS "many" FROM base WHERE m = \'sad\'::mood',
    "SELECT count(*) AS many FROM base WHERE m = 'ok'",
  ),
  inView(
    'SELECT app.twice(a) AS x FROM base',
    'SELECT "app"."twice"(base.a) x FROM base',
    'SELECT app.twice(b) AS x FROM base',
  ),
  inView(
    'SELECT l.a FROM base l JOIN base o ON o.b = l.a',
    'SELECT l.a FROM base AS l INNER JOIN base AS o ON (o.b = l.a)',
    'SELECT l.a FROM base l LEFT JOIN base o ON o.b = l.a',
  ),
];
