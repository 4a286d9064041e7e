/** Updates rows of one table: one statement for each list of changed columns, in the order of the keys. */
import { AludelError } from '../../errors.js';
import { toTypeValue } from '../../schema/column-builder.js';
import { isExpr } from '../../schema/expressions/expr.js';
import type { Expression } from '../../schema/expressions/expression.js';
import { chunk, run, runEach, type SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import type { TablePart } from '../mapping/table-part.js';
import { StaleRowError } from '../session/session-errors.js';
import type { Active } from '../session/transaction.js';
import { hasArrays, readBack, takeByKey } from './insert-rows.js';
import { isSame } from '../mapping/column-values.js';
import type { Writing } from './write-host.js';
import { groupBy } from '../../util/group-by.js';

/** Rows of one statement: a long CASE is read from the start for each. */
const ROWS_A_STATEMENT = 500;
/** Where whole columns are sent as arrays. */
const ROWS_OF_ARRAYS = 5000;

export interface RowUpdate {
  readonly state: ObjectState;
  readonly columns: readonly ColumnMap[];
  /** By column, where they are not those of the object. */
  readonly values?: ReadonlyMap<ColumnMap, unknown>;
  /** Whether the version is checked and counted. */
  readonly isVersioned: boolean;
}

/** Updates for one statement, of the same columns. */
interface Batch {
  readonly part: TablePart;
  readonly updates: readonly RowUpdate[];
  readonly columns: readonly ColumnMap[];
  /** Set where it is checked and counted. */
  readonly version: ColumnMap | undefined;
  /** What tells the rows: the key, and the version where there is one. */
  readonly by: readonly ColumnMap[];
}

export async function updateRows(to: Writing, updates: readonly RowUpdate[]): Promise<void> {
  const { active, part } = to;
  const sorted = [...updates].sort((one, other) => compareKeys(part, one.state, other.state));
  const nameOf = (update: RowUpdate): string => {
    const names = update.columns.map((column) => column.name).join();
    // Each row that holds SQL is written alone.
    return sqlColumns(part, update).length === 0 ? names : `${names} ${update.state.id}`;
  };
  for (const group of groupBy(sorted, nameOf).values()) {
    const { columns = [], isVersioned = false } = group[0] ?? {};
    const version = isVersioned ? part.version : undefined;
    const by = version === undefined ? part.keys : [...part.keys, version];
    const states = group.map(({ state }) => state);
    const size = hasArrays(columns, states) ? 1 : rowsAStatement(active, [...part.keys, ...columns]);
    for (const batch of chunk(group, size)) await updateBatch(to, { part, updates: batch, columns, version, by });
  }
}

function rowsAStatement({ dialect }: Active, columns: readonly ColumnMap[]): number {
  const isArrays = columns.every(({ spec }) => dialect.arrayType(spec.type) !== undefined);
  return isArrays ? ROWS_OF_ARRAYS : ROWS_A_STATEMENT;
}

async function updateBatch(to: Writing, batch: Batch): Promise<void> {
  const { host, active, part } = to;
  const { updates, columns, version } = batch;
  const { capabilities } = active.dialect;
  const asked = updates[0] === undefined ? [] : sqlColumns(part, updates[0]);
  const computed = [...computedColumns(part, columns), ...asked];
  const returns = capabilities.returning.update && (computed.length > 0 || version !== undefined);
  const back = returns ? [...new Set([...part.keys, ...computed])] : [];
  const isEach = active.dialect.capabilities.runsEachRow && updates.length > 1;
  const isOne = updates.length === 1 || (!isEach && haveSameValues(batch));
  const render = isOne ? renderSame : capabilities.updateFrom ? renderFrom : renderCase;
  const result = isEach
    ? await runEach(active, (text) => renderEach(text, batch, back))
    : await run(active, (text) => `${render(text, batch)}${text.returning(back)}`);
  const matched = returns ? result.rows.length : result.affectedRows;
  const states = updates.map(({ state }) => state);
  if (matched !== updates.length) throw staleRows(part, states, matched, 'UPDATE');
  for (const state of states) {
    if (version !== undefined) host.write(state, version.property, Number(state.committed(version.property)) + 1);
  }
  if (!returns) await readBack(to, states, computed);
  else if (computed.length > 0) takeByKey(to, states, result.rows, back, computed);
}

/** What the database works out anew with every update of these columns. */
export function computedColumns(part: TablePart, columns: readonly ColumnMap[]): ColumnMap[] {
  return part.columns.filter(
    (column) => !columns.includes(column) && (column.spec.generated !== null || onUpdateOf(column) !== null),
  );
}

/** What an UPDATE sets a column to in SQL. */
function onUpdateOf({ spec }: ColumnMap): Expression | null {
  return isExpr(spec.clientOnUpdate) ? spec.clientOnUpdate.node : spec.onUpdate;
}

function valueOf({ state, values }: RowUpdate, column: ColumnMap): unknown {
  return values === undefined ? state.row[column.property] : values.get(column);
}

/** The columns that are set to SQL: what it comes to is read back. */
function sqlColumns({ keys }: TablePart, update: RowUpdate): ColumnMap[] {
  const found = update.columns.filter((column) => isExpr(valueOf(update, column)));
  const key = found.find((column) => keys.includes(column));
  if (key === undefined) return found;
  const { label, modelName } = update.state;
  throw new AludelError('ALUDEL_OBJECT_STATE', `The key "${key.property}" of ${label} cannot be changed by SQL.`, {
    hint: 'Set it to a value, or send an update() of your own.',
    details: { model: modelName, property: key.property },
  });
}

function haveSameValues({ updates, columns }: Batch): boolean {
  const [first] = updates;
  return updates.every((update) =>
    columns.every((column) => first !== undefined && isSame(column, valueOf(update, column), valueOf(first, column))),
  );
}

/** Called last: parameters stand in the order of the text. */
function renderWhere(text: SqlText, { by, updates }: Batch): string {
  const keys = updates.map(({ state }) => state.committedOf(by));
  return ` WHERE ${text.oneOf(by, keys)}`;
}

/** Columns that every update sets besides its own: the version, and what `onUpdateNow()` asks for. */
export function renderExtra(
  text: SqlText,
  part: TablePart,
  columns: readonly ColumnMap[],
  version: ColumnMap | undefined,
  prefix = '',
): string[] {
  // MySQL and MariaDB have ON UPDATE in the column itself, with all its digits.
  const isOurs = !text.dialect.rules.syntax.onUpdateColumns;
  const stamped = part.columns.flatMap((column) => {
    const value = onUpdateOf(column);
    const isSet = value !== null && (isOurs || column.spec.onUpdate !== value) && !columns.includes(column);
    return isSet ? [`${text.name(column)} = ${text.expression(value)}`] : [];
  });
  return [...(version === undefined ? [] : [`${text.name(version)} = ${prefix}${text.name(version)} + 1`]), ...stamped];
}

function renderUpdate(text: SqlText, { part, columns, version }: Batch, sets: readonly string[], as = ''): string {
  const extra = renderExtra(text, part, columns, version, as === '' ? '' : `${as}.`);
  const table = `${text.dialect.quoteTable(part.tableName)}${as === '' ? '' : ` AS ${as}`}`;
  return `UPDATE ${table} SET ${[...sets, ...extra].join(', ')}`;
}

function renderSame(text: SqlText, batch: Batch): string {
  const first = batch.updates[0] as RowUpdate;
  const sets = batch.columns.map((column) => `${text.name(column)} = ${text.value(column, valueOf(first, column))}`);
  return `${renderUpdate(text, batch, sets)}${renderWhere(text, batch)}`;
}

/** One statement that is run for each row: SQLite reads a long CASE from the start for each. */
function renderEach(text: SqlText, batch: Batch, back: readonly ColumnMap[]): { sql: string; each: unknown[][] } {
  const { columns, updates, by } = batch;
  const set = (column: ColumnMap): string => `${text.name(column)} = ?`;
  const head = renderUpdate(text, batch, columns.map(set));
  const extra = [...text.params];
  return {
    sql: `${head} WHERE ${by.map(set).join(' AND ')}${text.returning(back)}`,
    each: updates.map((update) => [
      ...columns.map((column) => text.encode(column, valueOf(update, column))),
      ...extra,
      ...by.map((column) => text.encode(column, update.state.committed(column.property))),
    ]),
  };
}

function renderFrom(text: SqlText, batch: Batch): string {
  const { by, columns, updates } = batch;
  const sets = columns.map((column, i) => `${text.name(column)} = v.column${by.length + i + 1}`);
  const head = renderUpdate(text, batch, sets, 't');
  const rows = updates.map((update) => [
    ...update.state.committedOf(by),
    ...columns.map((column) => valueOf(update, column)),
  ]);
  const source = text.rows([...by, ...columns], rows);
  const on = by.map((column, i) => `t.${text.name(column)} = v.column${i + 1}`);
  return `${head} FROM ${source} WHERE ${on.join(' AND ')}`;
}

function renderCase(text: SqlText, batch: Batch): string {
  const { part, columns, updates } = batch;
  const key = (update: RowUpdate): string => text.oneOf(part.keys, [update.state.committedOf(part.keys)]);
  // MySQL assigns from left to right, and the next CASE must still find the key.
  const order = [...columns].sort((one, other) => Number(part.keys.includes(one)) - Number(part.keys.includes(other)));
  const sets = order.map((column) => {
    const cases = updates.map((update) => `WHEN ${key(update)} THEN ${text.value(column, valueOf(update, column))}`);
    return `${text.name(column)} = CASE ${cases.join(' ')} END`;
  });
  return `${renderUpdate(text, batch, sets)}${renderWhere(text, batch)}`;
}

/** Keys in their natural order: two sessions that lock the same rows lock them in the same order. */
export function compareKeys({ keys }: TablePart, one: ObjectState, other: ObjectState): number {
  for (const { property, spec } of keys) {
    const left = toTypeValue(spec, one.committed(property));
    const right = toTypeValue(spec, other.committed(property));
    if (Object.is(left, right)) continue;
    const isOrdered = typeof left === typeof right && typeof left !== 'object';
    const [a, b] = isOrdered ? [left, right] : [String(left), String(right)];
    if (a === b) continue;
    return (a as number) < (b as number) ? -1 : 1;
  }
  return 0;
}

export function staleRows(part: TablePart, rows: readonly ObjectState[], matched: number, verb: string): StaleRowError {
  const labels = rows.slice(0, 3).map(({ label }) => label);
  const which = rows.length > labels.length ? `${labels.join(', ')} and others` : labels.join(', ');
  return new StaleRowError(
    `${verb} of "${part.label}" should have met ${rows.length} row(s) and met ${matched}: ${which}.`,
    {
      hint: 'Somebody else has changed or deleted a row: roll back, load it again and repeat the change.',
      details: { table: part.label, expected: rows.length, matched },
    },
  );
}
