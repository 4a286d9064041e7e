/**
 * What conversions between PostgreSQL's own types change without an error. Each was tried on a server: where it refuses a
 * value, nothing is said here. None of the conditions may fail, whatever a column holds.
 */
import type { ServerVersion } from '../../engine/connection.js';
import type { ColumnType } from '../../schema/types.js';
import { elementOf, renderType } from './types.js';

/** Domains are resolved. */
export interface Conversion {
  readonly from: ColumnType;
  readonly to: ColumnType;
  /** The new values are made by an explicit cast, which cuts text: an assignment refuses it. */
  readonly isCast: boolean;
  readonly server: ServerVersion;
}

/** The types of values that a rule is for, by the beginnings of their names, and the condition. */
type Rule = readonly [from: RegExp, to: RegExp, condition: (column: string, conversion: Conversion) => string | null];

const TEXT = /^(?:character|text\b)/;
const FREE_TEXT = /^(?:character varying|text\b)/;
const NUMBER = /^(?:numeric|real|double precision)/;
const CLOCK = /^(?:time|timestamp)\b.*without time zone$/;

const RULES: readonly Rule[] = [
  [/^money$/, /^numeric\(/, (column, { to }) => `${column}::numeric <> ${column}::${renderType(to)}`],
  [NUMBER, /^money$/, (column) => isMoreThanMoney(column)],
  [TEXT, /^money$/, (column) => `${column} ~ '[.][0-9]{2}[0-9]*[1-9]'`],
  // Blanks at the end count in other texts; there they are what a value is filled up with.
  [FREE_TEXT, /^character\(/, (column) => `${column} ~ ' $'`],
  [TEXT, /^character\(/, (column, { from, to, isCast }) => (isCast ? isOver(column, from, to) : null)],
  // Those beyond the length are cut, by the letter of the SQL standard.
  [TEXT, /^character varying\(/, (column, { from, to, isCast }) => isOver(column, from, to, isCast ? '' : ' $')],
  [TEXT, /^name$/, (column) => `octet_length(${column}) > 63`],
  [TEXT, /^"char"$/, (column) => `octet_length(${column}) > 1`],
  [TEXT, /^bit\b/, (column, { to }) => isOtherLength(column, to)],
  [/^bit\b/, /^bit\b/, (column, { to, isCast }) => (isCast ? isOtherLength(column, to) : null)],
  [/^(?:integer|bigint)$/, /^bit\(/, (column, { from, to }) => isCutToBits(column, renderType(from), to)],
  // AM, PM, AD and BC are no zones.
  [TEXT, CLOCK, (column) => `${column} ~* ':[0-9.]+ *([+-]|z([^a-z]|$)|[a-z]{3})'`],
  [TEXT, /^(?:time|timestamp)\b/, (column, { to }) => `${column} ~ '[.][0-9]{${sizeOf(to) ?? 6}}[0-9]*[1-9]'`],
  [TEXT, /^interval\(/, (column) => `${column} ~ '[.][0-9]'`],
  [
    /^timestamp\b.*with time zone$/,
    /^timestamp\b.*without/,
    (column) => `${column}::timestamp <> ${column} AT TIME ZONE 'UTC'`,
  ],
  [
    /^timestamp\b.*without/,
    /^timestamp\b.*with time zone$/,
    (column) => `${column} <> ${column}::timestamptz::timestamp`,
  ],
  [/^time\b.*with time zone$/, /^time\b.*without/, (column) => `${column} <> ${column}::time::timetz`],
  [/^interval/, /^interval[ (]/, (column, { to }) => ifFinite(column, `${column} <> ${column}::${renderType(to)}`)],
  [
    /^interval/,
    /^time\b/,
    (column, { to }) => ifFinite(column, `${column} <> ${column}::${renderType(to)}::time::interval`),
  ],
  [/^inet$/, /^cidr$/, (column) => `${column} <> network(${column})`],
  [/^json$/, /^jsonb$/, repeatsKey],
  [TEXT, /^jsonb$/, repeatsKeyInText],
  [TEXT, /^tsvector$/, (column) => `${column} IS NOT NULL`],
];

/** The conditions under which such a value is changed; each stands in brackets of its own. */
export function changedOwnValues(column: string, conversion: Conversion): string[] {
  const [from, to] = [renderType(conversion.from), renderType(conversion.to)];
  if (from === to || elementOf(conversion.from) !== null) return [];
  return RULES.flatMap(([before, after, condition]) => {
    const isChanged = before.test(from) && after.test(to) ? condition(column, conversion) : null;
    return isChanged === null ? [] : [`(${isChanged})`];
  });
}

/** Larger ones are refused, or have nothing behind the point. How many digits money has is for the server's locale to say. */
function isMoreThanMoney(column: string): string {
  const exact = `${column}::numeric`;
  return `CASE WHEN abs(${column}) < 9e15 THEN ${exact} <> ${exact}::money::numeric ELSE false END`;
}

function isOver(column: string, from: ColumnType, to: ColumnType, pattern = ''): string | null {
  const [before = Infinity, after = Infinity] = [sizeOf(from), sizeOf(to)];
  if (before <= after) return null;
  return `length(${column}) > ${after}${pattern === '' ? '' : ` AND ${column} ~ '${pattern}'`}`;
}

function isOtherLength(column: string, to: ColumnType): string {
  const size = sizeOf(to);
  if (renderType(to).startsWith('bit varying')) return `length(${column}) > ${size ?? 'NULL'}`;
  return `length(${column}) <> ${size ?? 1}`;
}

/** The highest bits go. */
function isCutToBits(column: string, from: string, to: ColumnType): string | null {
  const size = sizeOf(to) ?? 1;
  return size < (from === 'bigint' ? 64 : 32) ? `${column} <> ${column}::bit(${size})::${from}` : null;
}

function ifFinite(column: string, condition: string): string {
  return `CASE WHEN isfinite(${column}) THEN ${condition} ELSE false END`;
}

/** Of the values that a key has more than once in an object, wherever it is, `jsonb` keeps the last. */
function repeatsKey(column: string): string {
  const inside = `SELECT part.value FROM node,
      LATERAL (SELECT value FROM json_each(CASE json_typeof(node.value) WHEN 'object' THEN node.value END)
        UNION ALL SELECT value FROM json_array_elements(CASE json_typeof(node.value) WHEN 'array' THEN node.value END)) AS part`;
  return `EXISTS (WITH RECURSIVE node(value) AS (SELECT ${column} UNION ALL ${inside})
    SELECT FROM node WHERE (SELECT count(*) > count(DISTINCT key)
      FROM json_object_keys(CASE json_typeof(node.value) WHEN 'object' THEN node.value END) AS keys(key)))`;
}

/** What is no JSON is refused. Older servers have no test for that which does not fail. */
function repeatsKeyInText(column: string, { server }: Conversion): string | null {
  return server.major < 16 ? null : `${column} IS JSON AND NOT ${column} IS JSON WITH UNIQUE KEYS`;
}

/** How long, or how exact: the number behind the type's name. */
function sizeOf(type: ColumnType): number | undefined {
  const size = /\((\d+)\)/.exec(renderType(type))?.[1];
  return size === undefined ? undefined : Number(size);
}
