/**
 * Inserts rows of one table, in batches of equal column lists, and brings back what the database made. Keys are matched
 * to rows without trust in the order of RETURNING, which no manual promises.
 */
import { AludelError } from '../../errors.js';
import { toTypeValue } from '../../schema/column-builder.js';
import type { ArrayResult } from '../../engine/connection.js';
import { isExpr } from '../../schema/expressions/expr.js';
import { selectRows } from '../loading/select-rows.js';
import type { Values } from '../loading/select-text.js';
import { chunk, run, runEach, type SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import type { TablePart } from '../mapping/table-part.js';
import type { Active } from '../session/transaction.js';
import { codecOf, fromTypeValue, rowDecoder } from '../../dialects/codecs.js';
import { identityKey } from '../mapping/column-values.js';
import type { Mapper } from '../mapping/mapper.js';
import { mapperOfState } from './work.js';
import type { RowWriter, Writing } from './write-host.js';
import { groupBy } from '../../util/group-by.js';

/** Of what values are taken: a table, or a model as it is read. */
type Taking = RowWriter & { readonly part: TablePart | Mapper };

const ROWS_A_STATEMENT = 1000;

/** Rows for one statement, which have values for the same columns. */
interface Batch {
  readonly rows: readonly ObjectState[];
  readonly columns: readonly ColumnMap[];
  /** The columns that the database fills. */
  readonly missing: readonly ColumnMap[];
  readonly isKeyKnown: boolean;
}

export async function insertRows(to: Writing, states: readonly ObjectState[]): Promise<void> {
  const { active, part } = to;
  for (const [columns, group] of groupByColumns(part, states)) {
    const missing = part.columns.filter((column) => !columns.includes(column) || holdsSql(group, column));
    const isKeyKnown = part.keys.every((column) => !missing.includes(column));
    const { runsEachRow } = active.dialect.capabilities;
    const canMatch = runsEachRow || (canMatchKeys(active, part) && !hasArrays(columns, group));
    const isBatch = columns.length > 0 && (isKeyKnown || canMatch);
    const cap = Math.floor((active.dialect.capabilities.maxParameters - 1) / Math.max(1, columns.length));
    for (const rows of chunk(group, isBatch ? Math.min(ROWS_A_STATEMENT, cap) : 1)) {
      await insertBatch(to, { rows, columns, missing, isKeyKnown });
    }
  }
}

/** SQL is in rows that are written alone: the value comes back with what else the database makes. */
function holdsSql([first]: readonly ObjectState[], { property }: ColumnMap): boolean {
  return isExpr(first?.row[property]);
}

/** A loop, for it looks at every value of every new row. */
function isSqlAmong(columns: readonly ColumnMap[], { row }: ObjectState): boolean {
  for (const { property } of columns) {
    const value = row[property];
    if (typeof value === 'object' && isExpr(value)) return true;
  }
  return false;
}

/** The rows by the columns that they have values for; each that holds SQL alone. */
function groupByColumns(part: TablePart, states: readonly ObjectState[]): [ColumnMap[], ObjectState[]][] {
  const writable = part.columns.filter(({ spec }) => spec.generated === null);
  const groups: [ColumnMap[], ObjectState[]][] = [];
  const alone: typeof groups = [];
  let last: (typeof groups)[number] | undefined;
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
      if (last === undefined) {
        const columns = writable.filter(({ property }) => state.row[property] !== undefined);
        groups.push((last = [columns, []]));
      }
    }
    if (isSqlAmong(last[0], state)) alone.push([last[0], [state]]);
    else last[1].push(state);
  }
  return [...groups, ...alone];
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

async function insertBatch(to: Writing, { rows, columns, missing, isKeyKnown }: Batch): Promise<void> {
  const { active, part } = to;
  const { dialect } = active;
  const into = `INSERT INTO ${dialect.quoteTable(part.tableName)}`;
  const returns = dialect.capabilities.returning.insert && missing.length > 0;
  const back = returns ? [...new Set([...part.keys, ...missing])] : [];
  if (dialect.capabilities.runsEachRow && rows.length > 1) {
    // A key alone is told by the driver, without RETURNING: the rowid is the key.
    const isKeyAlone = missing.length === 1 && missing[0] === part.counted;
    const returned = isKeyAlone ? [] : back;
    const encoders = columns.map((column) => codecOf(column, dialect.name).encode);
    const found = await runEach(active, (text) => ({
      sql: `${into} (${text.names(columns)}) VALUES (${columns.map(() => '?').join(', ')})${text.returning(returned)}`,
      each: rows.map(({ row }) => columns.map(({ property }, i) => encoders[i]?.(row[property]))),
    }));
    const take = takerOf(to, isKeyAlone ? missing : back, missing);
    rows.forEach((state, i) => take(state, isKeyAlone ? [found.insertIds?.[i]] : found.rows[i]));
    return;
  }
  const isArrays = !hasArrays(columns, rows) && rows.length > 1 && dialect.capabilities.batchKeys === 'sorted';
  const result = await run(
    active,
    (text) => `${into} ${renderRows(text, rows, columns, isArrays)}${text.returning(back)}`,
  );
  if (back.length > 0 && isKeyKnown) takeByKey(to, rows, result.rows, back, missing);
  else if (back.length > 0) {
    // The keys stand first in what comes back.
    const rising = [...result.rows].sort((one, other) => (rows.length === 1 ? 0 : compareKeys(one[0], other[0])));
    const take = takerOf(to, back, missing);
    rows.forEach((state, i) => take(state, rising[i]));
  } else {
    if (!isKeyKnown) takeInsertIds(to, rows, result.insertId, rows.length > 1 ? await readStep(active) : 1n);
    const unknown = missing.filter((column) => !part.keys.includes(column));
    await readBack(to, rows, takeDefaults(to, rows, unknown));
  }
}

/** What stands behind the table's name. `isArrays`: whole columns are sent as arrays. */
export function renderRows(
  text: SqlText,
  rows: readonly Pick<ObjectState, 'row'>[],
  columns: readonly ColumnMap[],
  isArrays: boolean,
): string {
  if (columns.length === 0) return text.dialect.rules.syntax.emptyRow;
  const values = rows.map(({ row }) => columns.map(({ property }) => row[property]));
  const into = `(${text.names(columns)})`;
  if (!isArrays) return `${into} VALUES ${text.tuples(columns, values)}`;
  // The sequence is asked in the order of the sort: https://www.postgresql.org/docs/current/sql-insert.html
  const names = columns.map((_, i) => `column${i + 1}`);
  return `${into} SELECT ${names.join(', ')} FROM ${text.rows(columns, values)} ORDER BY n`;
}

function compareKeys(one: unknown, other: unknown): number {
  const [left, right] = [BigInt(String(one)), BigInt(String(other))];
  return left < right ? -1 : Number(left > right);
}

/** Gives each object the values of the row with its key; `back` begins with the key. */
export function takeByKey(
  to: Taking,
  rows: readonly ObjectState[],
  found: readonly Values[],
  back: readonly ColumnMap[],
  columns: readonly ColumnMap[],
): void {
  const { keys } = to.part;
  const decode = rowDecoder(keys, to.active.dialect.name);
  const byKey = new Map(found.map((row) => [identityKey(keys, decode(row)), row]));
  const take = takerOf(to, back, columns);
  for (const state of rows) {
    const key = keys.map(({ property }) => state.row[property]);
    take(state, byKey.get(identityKey(keys, key)));
  }
}

/** Gives an object what came back of its row: those of the columns `back` that are wanted. */
function takerOf(
  { host, active: { dialect } }: RowWriter,
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
  { host, part }: Writing,
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

/** What the database filled in without telling: gives the columns that are no literals, which are read. */
function takeDefaults(
  { host }: Writing,
  rows: readonly ObjectState[],
  missing: readonly ColumnMap[],
): readonly ColumnMap[] {
  return missing.filter((column) => {
    const literal = holdsSql(rows, column) ? undefined : fromTypeValue(column.spec, knownDefault(column));
    if (literal !== undefined) for (const state of rows) host.write(state, column.property, literal);
    return literal === undefined;
  });
}

/** Columns of rows that were just written, by one SELECT. */
export async function readBack(to: Taking, rows: readonly ObjectState[], unknown: readonly ColumnMap[]): Promise<void> {
  if (unknown.length === 0) return;
  const { keys } = to.part;
  const values = rows.map(({ row }) => keys.map(({ property }) => row[property]));
  const back = [...new Set([...keys, ...unknown])];
  takeByKey(to, rows, await selectRows(to.active, to.part, back, keys, values), back, unknown);
}

/** Reads what the database computes of rows that were written, in one statement for each model that has any. */
export async function readComputed(writer: RowWriter, states: Iterable<ObjectState>): Promise<void> {
  for (const [mapper, group] of groupBy([...states], mapperOfState)) {
    // What a query has left out on purpose stays out.
    const computed = mapper.columns.filter(
      ({ computedBy, property }) =>
        computedBy !== undefined && group.some(({ key, row }) => key === undefined || row[property] !== undefined),
    );
    await readBack({ ...writer, part: mapper }, group, computed);
  }
}

function knownDefault({ spec }: ColumnMap): unknown {
  if (spec.generated !== null) return undefined;
  if (spec.serverDefault === null) return spec.generation === undefined || spec.generation === null ? null : undefined;
  if (spec.serverDefault.kind !== 'literal') return undefined;
  return ['integer', 'smallint', 'double', 'boolean', 'varchar', 'text', 'enum'].includes(spec.type.kind)
    ? spec.serverDefault.value
    : undefined;
}
