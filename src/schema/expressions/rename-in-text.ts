/**
 * What a database makes of the text of an expression when something that it mentions gets another name. Every database
 * keeps what refers to a column; here the text follows, so that a plan knows what it will find.
 */
import type { Expression } from './expression.js';

/** Strings (with PostgreSQL's E prefix), quoted names, words, numbers, white space, and single characters. */
const TOKEN = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*|\s+|./gsu;

/** The text with every mention of column `from` as `to`; calls, types, strings and parts of longer names stay. */
export function renameColumnInText(text: string, from: string, to: string): string {
  const tokens = text.match(TOKEN) ?? [];
  const isSpace = (token: string | undefined): boolean => token !== undefined && /^\s+$/.test(token);
  const neighbour = (at: number, step: 1 | -1): string | undefined =>
    tokens[isSpace(tokens[at + step]) ? at + 2 * step : at + step];
  let isType = false;
  return tokens
    .map((token, at) => {
      if (isSpace(token)) return token;
      const before = neighbour(at, -1);
      const after = neighbour(at, 1);
      const isWord = /^[\p{L}_]/u.test(token) && !token.endsWith("'");
      // What follows a cast is a type, of several words at times: `::timestamp without time zone`.
      isType =
        (before === ':' && token !== ':') || (isType && (token === '.' || before === '.' || TYPE_WORDS.has(token)));
      if (isType || before === '.' || !isMeant(token, from)) return token;
      const isCall = after === '(' && isWord && !OPERATORS.has((before ?? '').toLowerCase());
      const isField = after?.toLowerCase() === 'from' && before === '(';
      return isCall || isField ? token : quoteLike(token, to);
    })
    .join('');
}

/** The second and later words of types. */
const TYPE_WORDS = new Set(['precision', 'varying', 'with', 'without', 'time', 'zone']);

/** Words that a bracket may follow, and so a name in front of it is no call: none of them is a function. */
const OPERATORS = new Set(['in', 'and', 'or', 'not', 'between', 'like', 'is']);

function isMeant(token: string, name: string): boolean {
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"') === name;
  if (token.startsWith('`')) return token.slice(1, -1).replaceAll('``', '`').toLowerCase() === name.toLowerCase();
  return token === name || (token.toLowerCase() === name && /^[\p{L}_]/u.test(token));
}

/** In the way the old name was written: bare where the new one can stand so. */
function quoteLike(token: string, name: string): string {
  if (token.startsWith('`')) return `\`${name.replaceAll('`', '``')}\``;
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !KEYWORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/**
 * What PostgreSQL quotes when it prints a name: all but unreserved keywords.
 * https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast ' +
    'char character check coalesce collate collation column concurrently constraint create cross current_catalog ' +
    'current_date current_role current_schema current_time current_timestamp current_user dec decimal default ' +
    'deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full ' +
    'greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join ' +
    'json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize ' +
    'json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national ' +
    'natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay ' +
    'placing position precision primary real references returning right row select session_user setof similar smallint ' +
    'some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union ' +
    'unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement ' +
    'xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable'
  ).split(' '),
);

/** The expression with column `from` as `to`. What was written beside a database's text is written no more. */
export function renameColumnIn(expression: Expression, from: string, to: string): Expression {
  const rename = (inner: Expression): Expression => renameColumnIn(inner, from, to);
  switch (expression.kind) {
    case 'column':
      return expression.name === from ? { kind: 'column', name: to } : expression;
    case 'verbatim': {
      const text = renameColumnInText(expression.text, from, to);
      if (text === expression.text) return expression;
      return expression.source === undefined
        ? { kind: 'verbatim', text }
        : { kind: 'verbatim', text, source: rename(expression.source) };
    }
    case 'sql':
      return {
        ...expression,
        parts: expression.parts.map((part) =>
          typeof part === 'string' ? renameColumnInText(part, from, to) : rename(part),
        ),
      };
    case 'call':
    case 'portable':
      return { ...expression, args: expression.args.map(rename) };
    case 'binary':
      return { ...expression, left: rename(expression.left), right: rename(expression.right) };
    case 'and':
    case 'or':
      return { ...expression, operands: expression.operands.map(rename) };
    case 'not':
    case 'isNull':
      return { ...expression, operand: rename(expression.operand) };
    case 'in':
      return { ...expression, operand: rename(expression.operand), values: expression.values.map(rename) };
    default:
      return expression;
  }
}

/** The text of the expression changed by `change`, wherever a database or a person wrote it. */
export function changeText(expression: Expression, change: (text: string) => string): Expression {
  switch (expression.kind) {
    case 'verbatim': {
      const text = change(expression.text);
      return text === expression.text ? expression : { kind: 'verbatim', text };
    }
    case 'sql':
      return {
        ...expression,
        parts: expression.parts.map((part) => (typeof part === 'string' ? change(part) : changeText(part, change))),
      };
    default:
      return expression;
  }
}
