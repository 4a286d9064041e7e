/** The key that `op.batch()` walks along: how it is read, compared and written down, so that no value changes on the way. */
import { AludelError } from '../errors.js';
import type { Dialect } from '../dialects/dialect.js';
import { formatTableName } from '../schema/table-name.js';
import type { Column, Table } from '../schema/table.js';

export interface BatchKey {
  readonly columns: readonly Column[];
  /** The expressions that rows are ordered by, and that give the key. */
  readonly expressions: readonly string[];
}

/** A value of a key as text with its kind in front, as the log keeps it. */
export type KeyText = string;

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED where the table has no key, or one that cannot be walked along. */
export function findBatchKey(table: Table, dialect: Dialect, wanted: readonly string[] | undefined): BatchKey {
  const names = wanted ?? table.primaryKey?.columns;
  const label = formatTableName(table);
  if (names === undefined) {
    throw refuse(
      `op.batch() needs a primary key, and table "${label}" has none.`,
      'Pass { key: [...] } with the columns of a unique index or constraint that holds no NULL.',
    );
  }
  if (wanted !== undefined) requireUnique(table, wanted);
  const columns = names.map((name) => findColumn(table, name));
  for (const column of columns) requireComparable(column, label, dialect);
  return { columns, expressions: columns.map((column) => expressionOf(column, dialect)) };
}

function requireUnique(table: Table, names: readonly string[]): void {
  const keys = [
    ...(table.primaryKey === null ? [] : [table.primaryKey.columns]),
    ...table.uniques.map((unique) => unique.columns),
    ...table.indexes
      .filter((index) => index.unique && index.where === null)
      .map((index) => index.parts.map(({ expression }) => (expression.kind === 'column' ? expression.name : ''))),
  ];
  const isKey = keys.some((key) => key.length > 0 && key.every((column) => names.includes(column)));
  const nullable = names.find((name) => findColumn(table, name).nullable);
  if (isKey && nullable === undefined) return;
  throw refuse(
    nullable === undefined
      ? `The key (${names.join(', ')}) of op.batch() does not tell the rows of "${formatTableName(table)}" apart.`
      : `The column "${nullable}" of "${formatTableName(table)}" may hold NULL, and cannot be in the key of op.batch().`,
    'Name the columns of the primary key, or of a unique index or constraint that holds no NULL.',
  );
}

function findColumn(table: Table, name: string): Column {
  const column = table.columns.find((known) => known.name === name);
  if (column !== undefined) return column;
  throw refuse(`Table "${formatTableName(table)}" has no column "${name}".`, 'Check the names given to op.batch().');
}

/** MySQL compares these with a value in another way than it orders them by. */
function requireComparable({ name, type }: Column, table: string, dialect: Dialect): void {
  if (dialect.capabilities.comparesAsOrdered) return;
  const sql = type.kind === 'custom' ? String(type.sql).toLowerCase() : type.kind;
  if (!/^(?:real|float|bit|set)\b/.test(sql)) return;
  throw refuse(
    `op.batch() cannot walk along "${name}" of "${table}": a value of the type ${sql} does not find its row again.`,
    'Pass { key: [...] } with other columns that are unique.',
  );
}

function expressionOf({ name, type }: Column, dialect: Dialect): string {
  const quoted = dialect.quoteIdentifier(name);
  // ORDER BY takes the number of an enum's value, and a comparison its text.
  return type.kind === 'enum' && !dialect.capabilities.comparesAsOrdered ? `CAST(${quoted} AS CHAR)` : quoted;
}

/** What to select for a part of the key. PostgreSQL's own text keeps the microseconds that a Date has no place for. */
export function keyColumns({ expressions }: BatchKey, dialect: Dialect): string[] {
  const cast = dialect.name === 'postgres' ? '::text' : '';
  return expressions.map((expression, i) => `${expression}${cast} AS ${dialect.quoteIdentifier(`aludel_key_${i}`)}`);
}

/** What is greater than a key, with its parameters. */
export function behindKey(
  key: BatchKey,
  values: readonly KeyText[],
  dialect: Dialect,
): { readonly sql: string; readonly params: readonly unknown[] } {
  const params: unknown[] = [];
  const mark = (i: number): string => {
    params.push(toParameter(values[i] ?? ''));
    const placeholder = dialect.placeholder(params.length);
    const isDecimal = key.columns[i]?.type.kind === 'numeric';
    return isDecimal && !dialect.capabilities.comparesAsOrdered
      ? `CAST(${placeholder} AS DECIMAL(65, 30))`
      : placeholder;
  };
  const { expressions } = key;
  if (expressions.length === 1) return { sql: `${expressions[0] ?? ''} > ${mark(0)}`, params };
  if (dialect.capabilities.comparesAsOrdered) {
    return { sql: `(${expressions.join(', ')}) > (${expressions.map((_, i) => mark(i)).join(', ')})`, params };
  }
  // MySQL finds no index for a comparison of rows.
  const first = `${expressions[0] ?? ''} >= ${mark(0)}`;
  const cases = expressions.map((expression, last) => {
    const equal = expressions.slice(0, last).map((other, i) => `${other} = ${mark(i)}`);
    return `(${[...equal, `${expression} > ${mark(last)}`].join(' AND ')})`;
  });
  return { sql: `${first} AND (${cases.join(' OR ')})`, params };
}

/** A value of a key as the driver gave it, as text. */
export function toKeyText(value: unknown, { name, type }: Column): KeyText {
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'bigint' || Number.isInteger(value)) return `integer:${String(value)}`;
  if (typeof value === 'number') return `number:${value}`;
  if (typeof value === 'boolean') return `boolean:${value}`;
  if (typeof value !== 'string')
    throw refuse(`A row has no value in "${name}", which is in the key of op.batch().`, '');
  // mysql2 gives whole numbers beyond 2^53 as text.
  return type.kind === 'bigint' && /^-?\d+$/.test(value) ? `integer:${value}` : `text:${value}`;
}

function toParameter(text: KeyText): unknown {
  const at = text.indexOf(':');
  const value = text.slice(at + 1);
  switch (text.slice(0, at)) {
    case 'bytes':
      return Buffer.from(value, 'hex');
    case 'integer':
      return BigInt(value);
    case 'number':
      return Number(value);
    case 'boolean':
      return value === 'true';
    default:
      return value;
  }
}

function refuse(message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_OPERATION_UNSUPPORTED', message, { hint });
}
