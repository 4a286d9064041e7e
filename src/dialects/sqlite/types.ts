/**
 * SQLite keeps the declared type as text and derives an affinity from it (https://www.sqlite.org/datatype3.html), so
 * names are chosen that say what is meant and whose affinity changes no value: `JSON TEXT` and `CHAR(36)` have TEXT
 * affinity, where plain `JSON` and `UUID` would turn text that looks like a number into one.
 */
import type { ColumnType } from '../../schema/types.js';

export function renderType(type: ColumnType): string {
  switch (type.kind) {
    case 'numeric':
      return type.precision === null ? 'NUMERIC' : `NUMERIC(${type.precision},${type.scale ?? 0})`;
    case 'char':
      return `CHAR(${type.length})`;
    case 'varchar':
      return type.length === null ? 'VARCHAR' : `VARCHAR(${type.length})`;
    case 'bytes':
      return 'BLOB';
    case 'uuid':
      return 'CHAR(36)';
    case 'json':
    case 'jsonb':
      return 'JSON TEXT';
    case 'time':
    case 'timestamp': {
      const name = type.withTimezone ? `${type.kind}tz` : type.kind;
      return name.toUpperCase() + (type.precision === null ? '' : `(${type.precision})`);
    }
    case 'enum':
      return 'TEXT';
    case 'custom':
      return customText(type.sql) ?? '';
    default:
      return type.kind.toUpperCase();
  }
}

/** The canonical form: of the types that SQLite declares alike, the one that says more. */
export function normaliseType(type: ColumnType): ColumnType | null {
  switch (type.kind) {
    case 'enum':
      return type;
    case 'custom': {
      const text = customText(type.sql);
      return text === undefined ? null : parseType(text);
    }
    default:
      return parseType(renderType(type));
  }
}

const PLAIN: Readonly<Record<string, ColumnType>> = {
  SMALLINT: { kind: 'smallint' },
  INTEGER: { kind: 'integer' },
  BIGINT: { kind: 'bigint' },
  REAL: { kind: 'real' },
  DOUBLE: { kind: 'double' },
  BOOLEAN: { kind: 'boolean' },
  TEXT: { kind: 'text' },
  BLOB: { kind: 'bytes' },
  DATE: { kind: 'date' },
  'CHAR(36)': { kind: 'uuid' },
  'JSON TEXT': { kind: 'json' },
  VARCHAR: { kind: 'varchar', length: null },
  NUMERIC: { kind: 'numeric', precision: null, scale: null },
};

/** Reads a declared type; what we have no name for stays as it is written. */
export function parseType(declared: string): ColumnType {
  const text = declared
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),]) ?/g, '$1')
    .toUpperCase();
  const plain = PLAIN[text];
  if (plain !== undefined) return plain;
  const sized = /^(CHAR|VARCHAR)\((\d+)\)$/.exec(text);
  if (sized !== null) return { kind: sized[1] === 'CHAR' ? 'char' : 'varchar', length: Number(sized[2]) };
  const numeric = /^NUMERIC\((\d+),(\d+)\)$/.exec(text);
  if (numeric !== null) return { kind: 'numeric', precision: Number(numeric[1]), scale: Number(numeric[2]) };
  const clock = /^(TIME|TIMESTAMP)(TZ)?(?:\((\d+)\))?$/.exec(text);
  if (clock !== null) {
    const kind = clock[1] === 'TIME' ? 'time' : 'timestamp';
    const precision = clock[3] === undefined ? null : Number(clock[3]);
    return { kind, precision, withTimezone: clock[2] !== undefined };
  }
  return { kind: 'custom', sql: declared };
}

function customText(sql: string | Readonly<Record<string, string>>): string | undefined {
  return typeof sql === 'string' ? sql : sql['sqlite'];
}
