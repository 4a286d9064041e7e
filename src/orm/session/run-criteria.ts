/**
 * Runs UPDATE and DELETE by criteria, and lets the objects of the session follow. Where the database tells which rows it has
 * changed, that is one statement; elsewhere those of the session are asked for first, and locked.
 * The idea: https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html#selecting-a-synchronization-strategy
 */
import { AludelError } from '../../errors.js';
import { and, or } from '../../schema/expressions/conditions.js';
import type { Expr } from '../../schema/expressions/expr.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { fillColumn } from '../loading/hydrate.js';
import { selectRows } from '../loading/select-rows.js';
import type { Values } from '../loading/select-text.js';
import { chunk, run, type SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { identityKey } from '../mapping/column-values.js';
import type { IdentityKey, ObjectState } from '../mapping/entity.js';
import { type PreparedSelect, prepareSelect } from '../query/prepare-select.js';
import { asksQuery, renderChange, renderSource } from '../query/render-criteria.js';
import { renderItems } from '../query/render-select.js';
import { readRows, runSelect } from '../query/run-select.js';
import { selectItems } from '../query/select.js';
import { columnsOf, scopeOf, type WriteTable, writeTable } from '../query/write-table.js';
import { checkCriteria, type CriteriaParts } from '../query/write.js';
import { computedColumns } from '../unit-of-work/update-rows.js';
import { rowDecoder } from '../../dialects/codecs.js';
import { settleDeleted } from './flush-session.js';
import type { Writer, WriteResult } from './run-insert.js';
import type { Active } from './transaction.js';

const KEYS_A_STATEMENT = 500;

export async function runCriteria(writer: Writer, active: Active, parts: CriteriaParts): Promise<WriteResult> {
  checkCriteria(parts);
  const { objects } = writer;
  const table = writeTable(parts);
  const { part, mapper } = table;
  const sets = parts.set === undefined ? undefined : assignments(parts, table);
  const loaded = new Map<IdentityKey, ObjectState>();
  if (parts.synchronize && mapper !== undefined) {
    for (const [key, state] of objects.identity.of(mapper)) {
      if (state.entity instanceof mapper.model) loaded.set(key, state);
    }
  }
  const affected = sets === undefined ? [] : affectedColumns(table, [...sets.keys()]);
  const isAsked = loaded.size > 0 || parts.returning !== undefined;
  const { capabilities } = active.dialect;
  const returns = isAsked && capabilities.returning[sets === undefined ? 'delete' : 'update'];
  // Nobody can read the rows of a DELETE behind it.
  const lost =
    sets === undefined && parts.returning !== undefined ? prepareSelect(selectItems(parts.returning).parts) : undefined;
  const back = [...part.keys, ...(loaded.size > 0 ? affected.filter((column) => !part.keys.includes(column)) : [])];
  const told = returns ? undefined : knownValues(back.slice(part.keys.length), sets);
  const isRead = !returns && sets !== undefined && told === undefined;
  const hidden = mapper === undefined ? [] : (active.criteria?.of(mapper, parts.definition) ?? []);
  const only = hidden.length === 0 ? namedKey(parts, table) : undefined;
  const states = [...loaded.values()];
  let keys: readonly Values[] = [];
  let locked: readonly Values[] = [];
  if (only !== undefined) keys = [[only]];
  // What objects hold is read behind the statement, of all of them: which rows it will meet need not be known.
  else if (isRead && parts.returning === undefined) keys = states.map((state) => state.committedOf(part.keys));
  else if (isAsked && !returns) {
    locked = await lockRows(active, parts, table, states, lost);
    keys = locked.map(rowDecoder(part.keys, active.dialect.name));
  }

  const hasQuery = [...parts.where, ...hidden].some(asksQuery);
  const result = await run(active, (text) => {
    const head = renderChange(text, parts, table, sets, hasQuery);
    return returns ? `${head} RETURNING ${[text.names(back), ...renderLost(text, parts, lost)].join(', ')}` : head;
  });

  if (only !== undefined && result.affectedRows === 0) keys = [];
  const known = keys.filter((key) => loaded.has(identityKey(part.keys, key)));
  const rows = isRead ? await selectRows(active, part, back, part.keys, known) : result.rows;
  const values =
    told === undefined ? rows.map(rowDecoder(back, active.dialect.name)) : known.map((key) => [...key, ...told]);
  const rowCount = returns ? result.rows.length : result.affectedRows;
  const changedKeys = returns ? values.map((row) => row.slice(0, part.keys.length)) : keys;
  if (lost !== undefined) {
    const lastRows = (returns ? result.rows : locked).map((row) => row.slice(part.keys.length));
    const returned = await readRows(writer.target, { ...active, criteria: undefined }, lost, [], lastRows, {
      refresh: true,
    });
    const held = mapper === undefined ? undefined : objects.identity.of(mapper);
    for (const key of changedKeys) follow(writer, held?.get(identityKey(part.keys, key)), back, key, true);
    return { rowCount, rows: returned };
  }
  const changed = returns || sets !== undefined ? values : known;
  for (const row of changed)
    follow(writer, loaded.get(identityKey(part.keys, row.slice(0, part.keys.length))), back, row, sets === undefined);
  const returned = parts.returning === undefined ? [] : await readReturned(writer, active, parts, table, changedKeys);
  return { rowCount, rows: returned };
}

/** What RETURNING names of rows that go. */
function renderLost(text: SqlText, parts: CriteriaParts, lost: PreparedSelect | undefined): string[] {
  return lost === undefined ? [] : renderItems(scopeOf(text, parts), lost.parts, false);
}

/** The key that the statement is about, where it says so itself: the row with an integer for its only key. */
function namedKey({ where, returning, definition }: CriteriaParts, table: WriteTable): number | undefined {
  const [{ node } = { node: undefined }, ...others] = where;
  const [key, ...rest] = table.part.keys;
  if (returning !== undefined || others.length + rest.length > 0 || table.mapper?.rows !== undefined) return undefined;
  if (key === undefined || !['integer', 'smallint'].includes(key.spec.type.kind)) return undefined;
  if (node?.kind !== 'binary' || node.operator !== '=') return undefined;
  const { left, right } = node;
  const isKey = left.kind === 'column' && left.name === key.name && originOf(left)?.table === definition;
  return isKey && right.kind === 'literal' && Number.isInteger(right.value) ? Number(right.value) : undefined;
}

/** What columns hold after the update, where it says so itself: other types make of a value what they hold. */
function knownValues(columns: readonly ColumnMap[], sets: Map<ColumnMap, unknown> | undefined): unknown[] | undefined {
  const isKept = ({ spec }: ColumnMap, value: unknown): boolean => {
    const { kind } = spec.type;
    if (typeof value === 'string') return kind === 'text' || kind === 'varchar';
    if (typeof value === 'number') return Number.isInteger(value) && (kind === 'integer' || kind === 'smallint');
    return value === null || (typeof value === 'boolean' && kind === 'boolean');
  };
  const isKnown = sets !== undefined && columns.every((column) => isKept(column, sets.get(column)));
  return isKnown ? columns.map((column) => sets.get(column)) : undefined;
}

/** The columns that an update sets, with those that `onUpdate()` gives a value. */
function assignments({ set = {} }: CriteriaParts, { part }: WriteTable): Map<ColumnMap, unknown> {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  const columns = columnsOf(
    part,
    given.map(([property]) => property),
  );
  const key = columns.find((column) => part.keys.includes(column));
  if (columns.length === 0 || key !== undefined) {
    const message =
      key === undefined
        ? `The update of "${part.label}" sets nothing.`
        : `The update of "${part.label}" would change the key "${key.property}".`;
    throw new AludelError('ALUDEL_USAGE', message, {
      hint:
        key === undefined
          ? 'Add .set({ column: value }).'
          : 'Load the object and change its key, or use session.execute().',
      details: { table: part.label },
    });
  }
  const stamped = part.stamped.filter((column) => !columns.includes(column));
  return new Map([
    ...columns.map((column, i): [ColumnMap, unknown] => [column, given[i]?.[1]]),
    ...stamped.map((column): [ColumnMap, unknown] => {
      const { clientOnUpdate: value } = column.spec;
      return [column, typeof value === 'function' ? (value as () => unknown)() : value];
    }),
  ]);
}

/** The columns that objects have to read again. */
function affectedColumns({ part }: WriteTable, columns: readonly ColumnMap[]): ColumnMap[] {
  const version = part.version === undefined ? [] : [part.version];
  return [...new Set([...columns, ...version, ...computedColumns(part, columns)])];
}

/** The keys of the rows that will be changed, and what of those that go is given back: all, where they are to be given back, else those of the session's objects. */
async function lockRows(
  active: Active,
  parts: CriteriaParts,
  table: WriteTable,
  loaded: readonly ObjectState[],
  lost: PreparedSelect | undefined,
): Promise<Values[]> {
  const { keys } = table.part;
  const portions = parts.returning === undefined ? chunk(loaded, KEYS_A_STATEMENT) : [undefined];
  const found: Values[] = [];
  for (const portion of portions) {
    const { rows } = await run(active, (text) => {
      const among = portion?.map((state) => state.committedOf(keys));
      const wanted = [text.names(keys), ...renderLost(text, parts, lost)].join(', ');
      return `SELECT ${wanted} FROM ${renderSource(text, parts, table, among)} FOR UPDATE`;
    });
    for (const row of rows) found.push(row);
  }
  return found;
}

/** What the statement has done to an object of the session. */
function follow(
  { objects }: Writer,
  state: ObjectState | undefined,
  columns: readonly ColumnMap[],
  row: Values,
  isDelete: boolean,
): void {
  if (state === undefined) return;
  if (isDelete) {
    settleDeleted(objects, state);
    return;
  }
  objects.touch(state);
  columns.forEach((column, i) => {
    // What the session would write later stays.
    if (state.original?.has(column.property) !== true) fillColumn(state, column, row[i]);
  });
}

async function readReturned(
  { target }: Writer,
  active: Active,
  { returning = [], definition }: CriteriaParts,
  { part }: WriteTable,
  keys: readonly Values[],
): Promise<unknown[]> {
  // What is changed so that criteria hide it is given back all the same.
  const all = { ...active, criteria: undefined };
  const columns = part.keys.map(({ property }) => definition.c[property] as Expr<unknown>);
  const query = selectItems(returning).orderBy(...columns);
  const found: unknown[] = [];
  for (const batch of chunk(keys, KEYS_A_STATEMENT)) {
    const meets = batch.map((key) => and(...columns.map((column, i) => column.eq(key[i] as never))));
    found.push(...(await runSelect(target, all, query.where(or(...meets)), { refresh: true })));
  }
  return found;
}
