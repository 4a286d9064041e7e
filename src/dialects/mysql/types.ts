import type { ServerVersion } from '../../engine/connection.js';
import type { ColumnType, CustomColumnType } from '../../schema/types.js';
import { featuresOf } from './features.js';
import { quoteString } from './sql.js';
import { tokenize, unquoteString } from './tokens.js';

/** The type's name in DDL. https://dev.mysql.com/doc/refman/8.4/en/data-types.html */
export function renderType(type: ColumnType, server: ServerVersion): string {
  switch (type.kind) {
    case 'boolean':
      return 'tinyint(1)';
    case 'integer':
      return 'int';
    case 'real':
      return 'float';
    case 'numeric':
      return type.precision === null ? 'decimal(65,30)' : `decimal(${type.precision},${type.scale ?? 0})`;
    case 'char':
      return `char(${type.length})`;
    case 'varchar':
      return `varchar(${type.length})`;
    case 'bytes':
      return 'blob';
    case 'uuid':
      return featuresOf(server).uuid ? 'uuid' : 'char(36)';
    case 'jsonb':
      return 'json';
    case 'time':
      return `time${fraction(type.precision)}`;
    case 'timestamp':
      return `${type.withTimezone ? 'timestamp' : 'datetime'}${fraction(type.precision)}`;
    case 'enum':
      return `enum(${type.values.map(quoteString).join(',')})`;
    case 'custom':
      return customText(type.sql, server) ?? '';
    default:
      return type.kind;
  }
}

function fraction(precision: number | null): string {
  return precision === 0 ? '' : `(${precision ?? 6})`;
}

/**
 * The canonical form: what reflection would say of the column. `null`: the database has no such type.
 * An enum has no name here; it is called like its column.
 */
export function normaliseType(type: ColumnType, column: string, server: ServerVersion): ColumnType | null {
  switch (type.kind) {
    case 'numeric':
      if (type.precision === null) return { kind: 'numeric', precision: 65, scale: 30 };
      return { ...type, scale: type.scale ?? 0 };
    case 'char':
      return type.length === 36 && !featuresOf(server).uuid ? { kind: 'uuid' } : type;
    case 'time':
    case 'timestamp':
      return {
        kind: type.kind,
        precision: type.precision === 6 ? null : type.precision,
        withTimezone: type.kind === 'timestamp' && type.withTimezone,
      };
    case 'jsonb':
      return { kind: 'json' };
    case 'enum':
      return { ...type, namespace: null, name: column };
    case 'custom': {
      const text = customText(type.sql, server);
      return text === undefined ? null : parseType(text, column, server);
    }
    default:
      return type;
  }
}

/** A type for one of the two serves the other unless it is given its own. */
function customText(sql: CustomColumnType['sql'], server: ServerVersion): string | undefined {
  if (typeof sql === 'string') return sql;
  return server.dialect === 'mariadb' ? (sql['mariadb'] ?? sql['mysql']) : sql['mysql'];
}

const PLAIN: Readonly<Record<string, ColumnType>> = {
  'tinyint(1)': { kind: 'boolean' },
  bool: { kind: 'boolean' },
  boolean: { kind: 'boolean' },
  smallint: { kind: 'smallint' },
  int: { kind: 'integer' },
  integer: { kind: 'integer' },
  bigint: { kind: 'bigint' },
  float: { kind: 'real' },
  double: { kind: 'double' },
  'double precision': { kind: 'double' },
  decimal: { kind: 'numeric', precision: 10, scale: 0 },
  numeric: { kind: 'numeric', precision: 10, scale: 0 },
  char: { kind: 'char', length: 1 },
  text: { kind: 'text' },
  blob: { kind: 'bytes' },
  date: { kind: 'date' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
};

/** Reads what both catalogs print, and what people write; a type without a function of ours stays in its own words. */
export function parseType(text: string, column: string, server: ServerVersion): ColumnType {
  const words = canonicalWords(text, featuresOf(server).isMariadb);
  const values = /^enum\s?\((.*)\)$/s.exec(words);
  if (values !== null) {
    const strings = tokenize(values[1] ?? '').filter((token) => token.kind === 'string');
    return {
      kind: 'enum',
      namespace: null,
      name: column,
      values: strings.map((token) => unquoteString(token.text)),
    };
  }
  const plain = PLAIN[words];
  if (plain !== undefined) return plain;
  const match = /^(\w+)\((\d+)(?:,(\d+))?\)$/.exec(words);
  const name = match?.[1] ?? words;
  const first = match === null ? 0 : Number(match[2]);
  const isSingle = match !== null && match[3] === undefined;
  switch (name) {
    case 'decimal':
    case 'numeric':
      if (match !== null) return { kind: 'numeric', precision: first, scale: Number(match[3] ?? 0) };
      break;
    case 'char':
      if (isSingle) return normaliseType({ kind: 'char', length: first }, column, server) ?? { kind: 'uuid' };
      break;
    case 'varchar':
      if (isSingle) return { kind: 'varchar', length: first };
      break;
    case 'time':
    case 'datetime':
    case 'timestamp':
      return {
        kind: name === 'time' ? 'time' : 'timestamp',
        precision: first === 6 ? null : first,
        withTimezone: name === 'timestamp',
      };
  }
  return { kind: 'custom', sql: words };
}

/**
 * Lower case outside quotes, single spaces, and no usual display width of integers but in `tinyint(1)`: MySQL 8.0.19 keeps
 * none, MariaDB shows every one. With ZEROFILL it says how many digits are shown, and stays.
 */
function canonicalWords(text: string, keepsWidths: boolean): string {
  // MariaDB hides the word from the programs of MySQL.
  const tokens = tokenize(text.trim().replace(/\s*\/\*M!\d+ (COMPRESSED)\*\//i, ' $1')).map((token) => {
    if (token.kind === 'string') return quoteString(unquoteString(token.text));
    return token.kind === 'space' ? ' ' : token.text.toLowerCase();
  });
  const words = tokens
    .join('')
    .replace(/\s*([(),])\s*(?=[^']*(?:'[^']*'[^']*)*$)/g, '$1')
    .replace(/\)(?=[a-z])/g, ') ');
  if (words === 'tinyint(1)' || /\bzerofill\b/.test(words)) return words;
  return words
    .replace(/^integer\b/, 'int')
    .replace(WIDTH, (all, name: string, width: string, unsigned: string | undefined) =>
      keepsWidths && Number(width) !== usualWidth(name, unsigned !== undefined) ? all : `${name}${unsigned ?? ''}`,
    );
}

const WIDTH = /^(tinyint|smallint|mediumint|int|bigint|year)\((\d+)\)( unsigned)?/;

/** The sign takes a place, but in BIGINT. */
const WIDTHS: Readonly<Record<string, number>> = { tinyint: 4, smallint: 6, mediumint: 9, int: 11, year: 4 };

function usualWidth(name: string, isUnsigned: boolean): number {
  const width = WIDTHS[name];
  if (width === undefined) return 20;
  return isUnsigned && name !== 'year' ? width - 1 : width;
}

/** The kind of a table's or column's character set, from the collation: `latin1_swedish_ci` belongs to `latin1`. */
export function charsetOf(collation: string): string {
  return collation.split('_', 1)[0] ?? collation;
}
