/**
 * Inserts rows of one table, in batches of equal column lists, and brings back what the database made. Keys are matched
 * to rows without trust in the order of RETURNING, which no manual promises.
 */
import { AludelError } from '../../errors.js';
import { toTypeValue } from '../../schema/column-builder.js';
import type { ArrayResult } from '../../engine/connection.js';
import { selectRows } from '../loading/select-rows.js';
import type { Values } from '../loading/select-text.js';
import { chunk, run, runEach, type SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { IdentityKey, ObjectState } from '../mapping/entity.js';
import type { TablePart } from '../mapping/table-part.js';
import type { Active } from '../session/transaction.js';
import { codecOf, fromTypeValue } from '../values/codecs.js';
import { identityKey } from '../mapping/column-values.js';
import type { WriteHost } from './write-host.js';

const ROWS_A_STATEMENT = 1000;

export async function insertRows(
  host: WriteHost,
  active: Active,
  part: TablePart,
  states: readonly ObjectState[],
): Promise<void> {
  for (const [columns, group] of groupByColumns(part, states)) {
    const missing = part.columns.filter((column) => !columns.includes(column));
    const isKeyKnown = part.keys.every((column) => columns.includes(column));
    const canMatch = active.dialect.name === 'sqlite' || (canMatchKeys(active, part) && !hasArrays(columns, group));
    const isBatch = columns.length > 0 && (isKeyKnown || canMatch);
    const cap = Math.floor((active.dialect.capabilities.maxParameters - 1) / Math.max(1, columns.length));
    for (const rows of chunk(group, isBatch ? Math.min(ROWS_A_STATEMENT, cap) : 1)) {
      await insertBatch(host, active, part, rows, columns, missing, isKeyKnown);
    }
  }
}

/** The rows by the columns that they have values for. */
function groupByColumns(part: TablePart, states: readonly ObjectState[]): [ColumnMap[], ObjectState[]][] {
  const writable = part.columns.filter(({ spec }) => spec.generated === null);
  const groups: [ColumnMap[], ObjectState[]][] = [];
  let last: [ColumnMap[], ObjectState[]] | undefined;
  const hasColumns = ({ row }: ObjectState, columns: readonly ColumnMap[]): boolean => {
    let next = 0;
    for (const column of writable) {
      if (row[column.property] !== undefined && column !== columns[next++]) return false;
    }
    return next === columns.length;
  };
  for (const state of states) {
    // Rows that follow each other are most often alike.
    if (last === undefined || !hasColumns(state, last[0])) {
      last = groups.find(([columns]) => hasColumns(state, columns));
      if (last === undefined)
        groups.push((last = [writable.filter(({ property }) => state.row[property] !== undefined), []]));
    }
    last[1].push(state);
  }
  return groups;
}

/** Arrays as values would be taken apart where whole columns are sent as arrays. */
export function hasArrays(columns: readonly ColumnMap[], states: readonly Pick<ObjectState, 'row'>[]): boolean {
  const custom = columns.filter(({ spec }) => spec.type.kind === 'custom');
  return custom.some(({ property, spec }) => states.some(({ row }) => Array.isArray(toTypeValue(spec, row[property]))));
}

/** Sequences that count down or start again give no order that could be relied on. */
function canMatchKeys({ dialect }: Active, part: TablePart): boolean {
  const generation = part.counted?.spec.generation ?? null;
  const isOdd = generation?.kind === 'identity' && (generation.cycle || generation.increment?.startsWith('-') === true);
  return dialect.capabilities.batchKeys !== null && part.counted !== undefined && !isOdd;
}

async function insertBatch(
  host: WriteHost,
  active: Active,
  part: TablePart,
  rows: readonly ObjectState[],
  columns: readonly ColumnMap[],
  missing: readonly ColumnMap[],
  isKeyKnown: boolean,
): Promise<void> {
  const { dialect } = active;
  const canReturn = dialect.capabilities.returning.insert;
  const back = canReturn && missing.length > 0 ? [...new Set([...part.keys, ...missing])] : [];
  if (dialect.name === 'sqlite' && rows.length > 1) {
    // A key alone is told by the driver, without RETURNING: the rowid is the key.
    const isKeyAlone = missing.length === 1 && missing[0] === part.counted;
    const returned = isKeyAlone ? [] : back;
    const encoders = columns.map((column) => codecOf(column, dialect.name).encode);
    const found = await runEach(active, (text) => ({
      sql: `INSERT INTO ${dialect.quoteTable(part.tableName)} (${text.names(columns)}) VALUES (${columns.map((_, i) => dialect.placeholder(i + 1)).join(', ')})${returned.length === 0 ? '' : ` RETURNING ${text.names(returned)}`}`,
      each: rows.map(({ row }) => columns.map(({ property }, i) => encoders[i]?.(row[property]))),
    }));
    if (isKeyAlone) {
      const take = takerOf(host, active, missing, missing);
      rows.forEach((state, i) => take(state, [found.insertIds?.[i]]));
    } else if (back.length > 0) {
      const take = takerOf(host, active, back, missing);
      rows.forEach((state, i) => take(state, found.rows[i]));
    }
    return;
  }
  const isSorted = !hasArrays(columns, rows) && rows.length > 1 && dialect.capabilities.batchKeys === 'sorted';
  const result = await run(active, (text) => {
    const returning = back.length === 0 ? '' : ` RETURNING ${text.names(back)}`;
    return `INSERT INTO ${dialect.quoteTable(part.tableName)} ${renderRows(text, rows, columns, isSorted)}${returning}`;
  });
  if (back.length > 0) {
    takeReturned(host, active, part, rows, result.rows, back, missing, isKeyKnown);
    return;
  }
  if (!isKeyKnown) takeInsertIds(host, part, rows, result.insertId, rows.length > 1 ? await readStep(active) : 1n);
  await readMissing(
    host,
    active,
    part,
    rows,
    missing.filter((column) => !part.keys.includes(column)),
  );
}

function renderRows(
  text: SqlText,
  rows: readonly ObjectState[],
  columns: readonly ColumnMap[],
  isSorted: boolean,
): string {
  if (columns.length === 0) return text.dialect.rules.syntax.emptyRow;
  if (!isSorted) {
    const values = rows.map(({ row }) => `(${columns.map((c) => text.value(c, row[c.property])).join(', ')})`);
    return `(${text.names(columns)}) VALUES ${values.join(', ')}`;
  }
  // The sequence is asked in the order of the sort: https://www.postgresql.org/docs/current/sql-insert.html
  const names = columns.map((_, i) => `column${i + 1}`);
  const source = text.rows(
    columns,
    rows.map(({ row }) => columns.map(({ property }) => row[property])),
  );
  return `(${text.names(columns)}) SELECT ${names.join(', ')} FROM ${source} ORDER BY n`;
}

function takeReturned(
  host: WriteHost,
  active: Active,
  part: TablePart,
  rows: readonly ObjectState[],
  returned: readonly Values[],
  back: readonly ColumnMap[],
  missing: readonly ColumnMap[],
  isKeyKnown: boolean,
): void {
  if (isKeyKnown) {
    takeByKey(host, active, part, rows, returned, back, missing);
    return;
  }
  // The keys stand first in what comes back.
  const rising = rows.length === 1 ? returned : [...returned].sort((one, other) => compareKeys(one[0], other[0]));
  const take = takerOf(host, active, back, missing);
  rows.forEach((state, i) => take(state, rising[i]));
}

function compareKeys(one: unknown, other: unknown): number {
  const [left, right] = [BigInt(String(one)), BigInt(String(other))];
  return left < right ? -1 : Number(left > right);
}

/** Gives each object the values of the row with its key; `back` begins with the key. */
export function takeByKey(
  host: WriteHost,
  active: Active,
  part: Pick<TablePart, 'keys'>,
  rows: readonly ObjectState[],
  found: readonly Values[],
  back: readonly ColumnMap[],
  columns: readonly ColumnMap[],
): void {
  const decoders = part.keys.map((key) => codecOf(key, active.dialect.name).decode);
  const keyOf = (values: readonly unknown[]): IdentityKey => identityKey(part.keys, values);
  const byKey = new Map(found.map((row) => [keyOf(decoders.map((decode, i) => decode(row[i]))), row]));
  const take = takerOf(host, active, back, columns);
  for (const state of rows) take(state, byKey.get(keyOf(part.keys.map(({ property }) => state.row[property]))));
}

/** Gives an object what came back of its row: those of the columns `back` that are wanted. */
function takerOf(
  host: WriteHost,
  { dialect }: Active,
  back: readonly ColumnMap[],
  wanted: readonly ColumnMap[],
): (state: ObjectState, row: Values | undefined) => void {
  const places = back.flatMap((column, i) =>
    wanted.includes(column) ? [{ i, property: column.property, decode: codecOf(column, dialect.name).decode }] : [],
  );
  return (state, row) => {
    if (row === undefined) return;
    for (const { i, property, decode } of places) host.write(state, property, decode(row[i]));
  };
}

/** MySQL gives the first key of a statement; the others follow in steps. */
function takeInsertIds(
  host: WriteHost,
  part: TablePart,
  rows: readonly ObjectState[],
  insertId: ArrayResult['insertId'],
  step: bigint,
): void {
  const { counted } = part;
  if (counted === undefined || insertId === undefined) {
    const message = `This database does not tell the key that it made for "${part.label}".`;
    throw new AludelError('ALUDEL_MODELS_INVALID', message, {
      hint: `Make it in JavaScript: .default(() => randomUUID())`,
      details: { table: part.label },
    });
  }
  const { mode, type } = counted.spec;
  rows.forEach((state, i) => {
    const id = BigInt(insertId) + step * BigInt(i);
    const isBig = type.kind === 'bigint' && mode !== 'number';
    const value = isBig ? (mode === 'string' ? String(id) : id) : Number(id);
    host.write(state, counted.property, fromTypeValue(counted.spec, value));
  });
}

/** How far apart keys are that MySQL counts up, asked once for each connection. */
const steps: WeakMap<object, bigint> = new WeakMap();

async function readStep({ connection }: Active): Promise<bigint> {
  const known = steps.get(connection.server);
  if (known !== undefined) return known;
  const { rows } = await connection.query({ sql: 'SELECT @@auto_increment_increment' });
  const step = BigInt(String(rows[0]?.[0]));
  steps.set(connection.server, step);
  return step;
}

/** What the database filled in without telling: literals are known, the rest is read. */
async function readMissing(
  host: WriteHost,
  active: Active,
  part: TablePart,
  rows: readonly ObjectState[],
  missing: readonly ColumnMap[],
): Promise<void> {
  const unknown: ColumnMap[] = [];
  for (const column of missing) {
    const literal = fromTypeValue(column.spec, knownDefault(column));
    if (literal === undefined) unknown.push(column);
    else for (const state of rows) host.write(state, column.property, literal);
  }
  await readBack(host, active, part, rows, unknown);
}

/** Columns of rows that were just written, by one SELECT. */
export async function readBack(
  host: WriteHost,
  active: Active,
  part: TablePart,
  rows: readonly ObjectState[],
  unknown: readonly ColumnMap[],
): Promise<void> {
  if (unknown.length === 0) return;
  const keys = rows.map(({ row }) => part.keys.map(({ property }) => row[property]));
  const back = [...new Set([...part.keys, ...unknown])];
  const found = await selectRows(active, part, back, part.keys, keys);
  takeByKey(host, active, part, rows, found, back, unknown);
}

function knownDefault({ spec }: ColumnMap): unknown {
  if (spec.generated !== null) return undefined;
  if (spec.serverDefault === null) return spec.generation === undefined || spec.generation === null ? null : undefined;
  if (spec.serverDefault.kind !== 'literal') return undefined;
  return ['integer', 'smallint', 'double', 'boolean', 'varchar', 'text', 'enum'].includes(spec.type.kind)
    ? spec.serverDefault.value
    : undefined;
}
