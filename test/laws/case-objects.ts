/** Objects beside tables for pairs on real databases: what each database takes, in words that the other state may change. */
import type { MetaData } from 'aludel';
import type { ObjectKind } from '../../src/schema/objects.js';
import type { DialectName } from '../servers/test-dialects.js';
import type { CaseChoice, Side } from './case-choice.js';

export interface CaseObject {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly table?: string;
  /** One CREATE statement for each choice; `NAME` stands for the name. */
  readonly definitions: readonly string[];
  /** The object, or `column a` of `p`, that has to be in the same state. */
  readonly needs?: string;
}

const views = (...queries: readonly string[]): readonly string[] =>
  queries.map((query) => `CREATE VIEW NAME AS ${query}`);

/** Also what stands on what: a view on a view, and one on a column that comes, goes and changes. */
const VIEWS: readonly CaseObject[] = [
  {
    kind: 'view',
    name: 'v_one',
    definitions: views(
      'SELECT id, n FROM p WHERE n > 0',
      'SELECT id, n FROM p WHERE n <> 7',
      'SELECT ref, n, id FROM p',
    ),
  },
  {
    kind: 'view',
    name: 'v_two',
    definitions: views('SELECT id FROM v_one', 'SELECT id, n FROM v_one'),
    needs: 'v_one',
  },
  { kind: 'view', name: 'v_column', definitions: views('SELECT id, a FROM p'), needs: 'column a' },
];

const POSTGRES: readonly CaseObject[] = [
  ...VIEWS,
  {
    kind: 'materializedView',
    name: 'm_one',
    definitions: ['count(*) AS many, n', 'n, max(id) AS most'].map(
      (list) => `CREATE MATERIALIZED VIEW NAME AS SELECT ${list} FROM p GROUP BY n`,
    ),
  },
  {
    kind: 'viewIndex',
    name: 'i_m_one',
    table: 'm_one',
    definitions: ['(n)', '(n DESC)'].map((parts) => `CREATE INDEX NAME ON m_one ${parts}`),
    needs: 'm_one',
  },
  {
    kind: 'function',
    name: 'f_one',
    definitions: [
      'RETURNS integer LANGUAGE sql AS $$ SELECT x + 1 $$',
      'RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT x + 2 $$',
      'RETURNS bigint LANGUAGE sql AS $$ SELECT x::bigint $$',
    ].map((rest) => `CREATE FUNCTION NAME(x integer) ${rest}`),
  },
  {
    kind: 'procedure',
    name: 'r_one',
    definitions: ['UPDATE p SET ref = ref', 'DELETE FROM p WHERE n < 0'].map(
      (body) => `CREATE PROCEDURE NAME() LANGUAGE sql AS $$ ${body} $$`,
    ),
  },
  {
    kind: 'aggregate',
    name: 'g_one',
    definitions: ['', ', INITCOND = 0'].map(
      (more) => `CREATE AGGREGATE NAME(integer) (SFUNC = int4larger, STYPE = integer${more})`,
    ),
  },
  {
    kind: 'domain',
    name: 'd_one',
    definitions: ['CHECK (VALUE > 0)', 'DEFAULT 7 CHECK (VALUE > 0 AND VALUE < 900)', 'NOT NULL'].map(
      (rest) => `CREATE DOMAIN NAME AS integer ${rest.replace('CHECK', 'CONSTRAINT fits CHECK')}`,
    ),
  },
  {
    kind: 'compositeType',
    name: 'k_one',
    definitions: ['(x integer, y text)', '(x integer, y text, z date)', '(y text, x integer)'].map(
      (list) => `CREATE TYPE NAME AS ${list}`,
    ),
  },
  {
    kind: 'rangeType',
    name: 'h_one',
    definitions: ['integer', 'bigint'].map((type) => `CREATE TYPE NAME AS RANGE (SUBTYPE = ${type})`),
  },
  {
    kind: 'policy',
    name: 'o_one',
    table: 'p',
    definitions: ['USING (n > 0)', 'USING (n IN (1, 2)) WITH CHECK (n > 0)', 'FOR SELECT USING (n > 3)'].map(
      (rest) => `CREATE POLICY NAME ON p ${rest}`,
    ),
  },
  {
    kind: 'rule',
    name: 'l_one',
    table: 'p',
    definitions: ['UPDATE', 'DELETE'].map((event) => `CREATE RULE NAME AS ON ${event} TO p DO ALSO NOTIFY somebody`),
  },
  {
    kind: 'statistics',
    name: 's_stats',
    definitions: ['(ndistinct)', '(dependencies)'].map((kinds) => `CREATE STATISTICS NAME ${kinds} ON id, n FROM p`),
  },
  {
    kind: 'trigger',
    name: 't_one',
    table: 'p',
    definitions: ['BEFORE INSERT', 'AFTER UPDATE OF n'].map(
      (when) => `CREATE TRIGGER NAME ${when} ON p FOR EACH ROW EXECUTE FUNCTION always_f()`,
    ),
  },
  {
    kind: 'collation',
    name: 'z_one',
    definitions: ['C', 'POSIX'].map((locale) => `CREATE COLLATION NAME (PROVIDER = libc, LOCALE = '${locale}')`),
  },
  {
    kind: 'textSearchDictionary',
    name: 'y_one',
    definitions: ['', ', ACCEPT = false'].map(
      (more) => `CREATE TEXT SEARCH DICTIONARY NAME (TEMPLATE = pg_catalog.simple${more})`,
    ),
  },
  {
    kind: 'textSearchConfiguration',
    name: 'w_one',
    definitions: ['PARSER = pg_catalog."default"', 'COPY = pg_catalog.simple'].map(
      (from) => `CREATE TEXT SEARCH CONFIGURATION NAME (${from})`,
    ),
  },
  {
    kind: 'publication',
    name: 'b_one',
    definitions: ['TABLE p', 'ALL TABLES'].map(
      (what) => `CREATE PUBLICATION NAME FOR ${what} WITH (publish = 'insert')`,
    ),
  },
  {
    kind: 'eventTrigger',
    name: 'e_one',
    definitions: ['ddl_command_end', 'sql_drop'].map(
      (event) => `CREATE EVENT TRIGGER NAME ON ${event} EXECUTE FUNCTION always_e()`,
    ),
  },
];

const MYSQL: readonly CaseObject[] = [
  ...VIEWS,
  {
    kind: 'function',
    name: 'f_one',
    definitions: ['x + 1', 'x + 2'].map(
      (value) => `CREATE FUNCTION NAME(x integer) RETURNS integer DETERMINISTIC RETURN ${value}`,
    ),
  },
  {
    kind: 'procedure',
    name: 'r_one',
    definitions: ['UPDATE p SET ref = ref', 'DELETE FROM p WHERE n < 0'].map(
      (body) => `CREATE PROCEDURE NAME() ${body}`,
    ),
  },
  {
    // MariaDB keeps the words, and these are how it says them again.
    kind: 'trigger',
    name: 't_one',
    table: 'p',
    definitions: ['BEFORE INSERT', 'AFTER UPDATE'].map(
      (when) => `CREATE TRIGGER \`NAME\` ${when} ON \`p\` FOR EACH ROW SET @n = 1`,
    ),
  },
  {
    kind: 'event',
    name: 'e_one',
    definitions: ['1 DAY', '2 HOUR'].map(
      (time) => `CREATE EVENT NAME ON SCHEDULE EVERY ${time} STARTS '2035-01-01 00:00:00' DO DELETE FROM p WHERE n < 0`,
    ),
  },
];

const SQLITE: readonly CaseObject[] = [
  ...VIEWS,
  {
    kind: 'virtualTable',
    name: 'l_one',
    definitions: ['fts5 (a)', 'fts5 (a, b)', 'rtree (id, low, high)'].map(
      (module) => `CREATE VIRTUAL TABLE NAME USING ${module}`,
    ),
  },
  {
    kind: 'trigger',
    name: 't_one',
    table: 'p',
    definitions: ['BEFORE INSERT', 'AFTER UPDATE OF n'].map(
      (when) => `CREATE TRIGGER NAME ${when} ON p BEGIN SELECT 1; END`,
    ),
  },
];

export const CASE_OBJECTS: Readonly<Record<DialectName, readonly CaseObject[]>> = {
  postgres: POSTGRES,
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: SQLITE,
};

/** Kinds of which the models of a state declare nothing are left alone: each state has one of every kind. */
function declareAlways(dialect: DialectName, metadata: MetaData): void {
  if (dialect === 'postgres') {
    metadata.object('function', 'always_f', {
      definition: 'CREATE FUNCTION always_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    });
    metadata.object('function', 'always_e', {
      definition: 'CREATE FUNCTION always_e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$',
    });
  }
  const seen = new Set<ObjectKind>(dialect === 'postgres' ? ['function'] : []);
  for (const object of CASE_OBJECTS[dialect]) {
    if (seen.has(object.kind)) continue;
    seen.add(object.kind);
    const definition = (object.definitions[0] ?? '').replaceAll('m_one', 'always_materializedView');
    declare({ ...object, name: `always_${object.kind}`, definitions: [definition] }, 0, metadata);
  }
}

function declare({ kind, name, table, definitions }: CaseObject, choice: number, metadata: MetaData): void {
  const definition = (definitions[choice % definitions.length] ?? '').replace('NAME', name);
  const owner = name.startsWith('always_') ? table?.replace('m_one', 'always_materializedView') : table;
  metadata.object(kind, name, { definition, ...(owner === undefined ? {} : { table: owner }) });
}

/** Declares the objects of one of the two states; `hasColumn` is true where `p` has the column `a`. */
export function declareObjects(choice: CaseChoice, side: Side, hasColumn: boolean, metadata: MetaData): void {
  const { dialect, objects } = choice;
  declareAlways(dialect, metadata);
  const there = new Set(hasColumn ? ['column a'] : []);
  CASE_OBJECTS[dialect].forEach((object, i) => {
    const chosen = objects[side][i] ?? null;
    if (chosen === null || (object.needs !== undefined && !there.has(object.needs))) return;
    there.add(object.name);
    declare(object, chosen, metadata);
  });
}
