import type { Expression } from '../../schema/expressions/expression.js';
import type { ColumnType } from '../../schema/types.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** The type's name in DDL. https://www.postgresql.org/docs/current/datatype.html */
export function renderType(type: ColumnType): string {
  switch (type.kind) {
    case 'double':
      return 'double precision';
    case 'numeric':
      return type.precision === null ? 'numeric' : `numeric(${type.precision},${type.scale ?? 0})`;
    case 'char':
      return `character(${type.length})`;
    case 'varchar':
      return type.length === null ? 'character varying' : `character varying(${type.length})`;
    case 'bytes':
      return 'bytea';
    case 'time':
    case 'timestamp': {
      const precision = type.precision === null ? '' : `(${type.precision})`;
      return `${type.kind}${precision} ${type.withTimezone ? 'with' : 'without'} time zone`;
    }
    case 'enum':
      return quoteTable(type);
    case 'custom':
      return customText(type.sql) ?? '';
    default:
      return type.kind;
  }
}

/** The canonical form: a scale of 0 is said, and a custom type is one text. `null`: not for PostgreSQL. */
export function normaliseType(type: ColumnType): ColumnType | null {
  if (type.kind === 'numeric' && type.precision !== null) return { ...type, scale: type.scale ?? 0 };
  if (type.kind !== 'custom') return type;
  const text = customText(type.sql);
  return text === undefined ? null : parseType(text);
}

const PLAIN: Readonly<Record<string, ColumnType>> = {
  smallint: { kind: 'smallint' },
  integer: { kind: 'integer' },
  bigint: { kind: 'bigint' },
  real: { kind: 'real' },
  'double precision': { kind: 'double' },
  boolean: { kind: 'boolean' },
  text: { kind: 'text' },
  bytea: { kind: 'bytes' },
  date: { kind: 'date' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
  jsonb: { kind: 'jsonb' },
};

/** Reads what `format_type()` prints; a type without a function of ours stays in PostgreSQL's words. */
export function parseType(text: string): ColumnType {
  const plain = PLAIN[text];
  if (plain !== undefined) return plain;
  const numeric = /^numeric(?:\((\d+),(-?\d+)\))?$/.exec(text);
  if (numeric !== null) return { kind: 'numeric', precision: toNumber(numeric[1]), scale: toNumber(numeric[2]) };
  const char = /^character\((\d+)\)$/.exec(text);
  if (char !== null) return { kind: 'char', length: Number(char[1]) };
  const varchar = /^character varying(?:\((\d+)\))?$/.exec(text);
  if (varchar !== null) return { kind: 'varchar', length: toNumber(varchar[1]) };
  const clock = /^(time|timestamp)(?:\((\d+)\))? (with|without) time zone$/.exec(text);
  if (clock !== null) {
    const kind = clock[1] === 'time' ? 'time' : 'timestamp';
    return { kind, precision: toNumber(clock[2]), withTimezone: clock[3] === 'with' };
  }
  return { kind: 'custom', sql: text };
}

function toNumber(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

function customText(sql: string | Readonly<Record<string, string>>): string | undefined {
  return typeof sql === 'string' ? sql : sql['postgres'];
}

const NUMBERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'real', 'double', 'numeric']);
const TEXTS: ReadonlySet<string> = new Set(['char', 'varchar', 'text']);
const MOMENTS: ReadonlySet<string> = new Set(['date', 'timestamp']);
const DOCUMENTS: ReadonlySet<string> = new Set(['json', 'jsonb']);
const FAMILIES = [NUMBERS, MOMENTS, DOCUMENTS];
const BITS = /^bit\b/;

/** What the server also has a cast for, that it does not use by itself (pg_cast.castcontext 'e'). */
const EXPLICIT: Readonly<Record<string, readonly string[]>> = {
  bigint: ['money'],
  box: ['polygon'],
  cidr: ['inet'],
  inet: ['cidr'],
  integer: ['money'],
  interval: ['time'],
  jsonb: ['boolean', ...NUMBERS],
  money: ['numeric'],
  numeric: ['money'],
  time: ['interval'],
  timestamp: ['time'],
};

/** Types of the server itself, by a name; of other ones nobody here knows what they can be cast to. */
function plainName(type: ColumnType): string | null {
  if (type.kind !== 'custom') return type.kind;
  const sql = customText(type.sql)?.toLowerCase() ?? '';
  if (sql.endsWith('[]')) return 'array';
  return (
    /^(?:interval|inet|cidr|macaddr8?|money|xml|tsvector|tsquery|point|box|path|polygon|circle|line|lseg|[a-z0-9]+range)\b/.exec(
      sql,
    )?.[0] ?? null
  );
}

/** What an array or a multirange is made of; null for other types. */
export function elementOf(type: ColumnType): ColumnType | null {
  const text = type.kind === 'custom' ? (customText(type.sql) ?? '') : '';
  if (text.endsWith('[]')) return parseType(text.slice(0, -2));
  return /^\w+multirange$/.test(text) ? parseType(text.replace('multirange', 'range')) : null;
}

/**
 * True when ALTER COLUMN TYPE converts by itself: the cast exists for assignments (pg_cast.castcontext 'a' or 'i'). It is not
 * said then, since what is said cuts texts and bits that are too long, and an assignment refuses them.
 */
export function castsByItself(from: ColumnType, to: ColumnType): boolean {
  const [element, other] = [elementOf(from), elementOf(to)];
  if (element !== null && other !== null) return castsByItself(element, other);
  if (BITS.test(renderType(from)) && BITS.test(renderType(to))) return true;
  if (from.kind === 'enum' && to.kind === 'enum') return from.name === to.name && from.namespace === to.namespace;
  if (from.kind === to.kind && from.kind !== 'custom') return true;
  if (TEXTS.has(to.kind)) return from.kind !== 'bytes';
  return FAMILIES.some((family) => family.has(from.kind) && family.has(to.kind));
}

/**
 * The value of a column as another type. Where the server has no cast (between a number and a date only a person knows
 * whether these are seconds), it goes through text: a row that is no such text fails, and with it the revision; an empty
 * table changes. Enums convert through text; between booleans and numbers the only cast is that of `integer` (pg_cast).
 */
export function castTo(type: ColumnType, value: string, from: ColumnType): string {
  if (from.kind === 'boolean' && NUMBERS.has(type.kind)) return `${value}::integer::${renderType(type)}`;
  if (type.kind === 'boolean' && NUMBERS.has(from.kind)) return `(${value} <> 0)`;
  // A cast would read escapes in the text, and write others: what comes back would not be what was there.
  if (type.kind === 'bytes') return `convert_to(${TEXTS.has(from.kind) ? value : `${value}::text`}, 'UTF8')`;
  const text = from.kind === 'bytes' ? `convert_from(${value}, 'UTF8')` : `${value}::text`;
  return `${isThroughText(from, type) ? text : value}::${renderType(type)}`;
}

function isThroughText(from: ColumnType, to: ColumnType): boolean {
  if (from.kind === 'enum' || from.kind === 'bytes') return true;
  if (to.kind === 'enum') return !TEXTS.has(from.kind);
  const [before, after] = [plainName(from), plainName(to)];
  if (before === null || after === null || before === after) return false;
  if (TEXTS.has(before) || TEXTS.has(after) || EXPLICIT[before]?.includes(after) === true) return false;
  return !FAMILIES.some((family) => family.has(before) && family.has(after));
}

/** The USING of an ALTER COLUMN TYPE, where the server does not convert by itself. */
export function castColumn(column: string, from: ColumnType, to: ColumnType): Expression | null {
  return castsByItself(from, to) ? null : { kind: 'sql', parts: [castTo(to, quoteIdentifier(column), from)] };
}
