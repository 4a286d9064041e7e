/** Runs INSERT statements: in few statements, whatever the number of rows. */
import type { ArrayResult } from '../../engine/connection.js';
import { writeBulkRows } from '../../dialects/bulk-rows.js';
import { AludelError } from '../../errors.js';
import { or } from '../../schema/expressions/conditions.js';
import { Expr, isExpr } from '../../schema/expressions/expr.js';
import { when } from '../../schema/expressions/case.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import type { LoadTarget } from '../loading/hydrate.js';
import { chunk, run, runEach, type SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { type EntityRow, type ObjectState, stateOf } from '../mapping/entity.js';
import { initialValue } from '../mapping/initial-values.js';
import type { Mapper } from '../mapping/mapper.js';
import { withCriteria } from '../query/criteria.js';
import { renderSelect } from '../query/render-select.js';
import { runSelect } from '../query/run-select.js';
import { type Select, type Selectable, selectItems } from '../query/select.js';
import { assign, columnsOf, proposedRow, scopeOf, type WriteTable, writeTable } from '../query/write-table.js';
import type { InsertParts } from '../query/write.js';
import { hasArrays, insertRows, readComputed, renderRows } from '../unit-of-work/insert-rows.js';
import { renderExtra } from '../unit-of-work/update-rows.js';
import type { SessionObjects } from './session-objects.js';
import type { Active } from './transaction.js';
import { groupBy } from '../../util/group-by.js';

/** The session that a statement is run for. */
export interface Writer {
  readonly target: LoadTarget;
  readonly objects: SessionObjects;
}

export interface WriteResult {
  /** Rows that were inserted, changed or deleted. */
  readonly rowCount: number;
  readonly rows: readonly unknown[];
}

const ROWS_A_STATEMENT = 1000;
const ROWS_OF_ARRAYS = 5000;

export interface NewRow {
  readonly row: EntityRow;
}

export async function runInsert(writer: Writer, active: Active, parts: InsertParts): Promise<WriteResult> {
  const table = writeTable(parts);
  const { mapper } = table;
  if (parts.source !== undefined) return { rowCount: await insertFrom(active, parts, table, parts.source), rows: [] };
  const rows = parts.rows.map((given) => ({ row: completeRow(table, given) }));
  if (parts.returning === undefined) return { rowCount: await insertAll(active, parts, table, rows), rows: [] };
  if (parts.conflict !== undefined) {
    refuseMoves(parts, table);
    const rowCount = await insertAll(active, parts, table, rows);
    return { rowCount, rows: await findRows(writer, active, parts, table, rows) };
  }
  if (mapper === undefined) throw cannotReturn(parts);
  const states = await insertObjects(writer, active, table, mapper, rows);
  return { rowCount: rows.length, rows: states.map((state) => pick(state, parts, parts.returning ?? [])) };
}

async function insertFrom(
  active: Active,
  parts: InsertParts,
  { part, initial }: WriteTable,
  query: Select<unknown>,
): Promise<number> {
  const { label } = part;
  const refuse = (problem: string, hint: string): AludelError =>
    new AludelError('ALUDEL_USAGE', problem, { hint, details: { table: label } });
  if (parts.rows.length > 0 || parts.conflict !== undefined || parts.returning !== undefined) {
    throw refuse(
      `An insert from a query into "${label}" takes no values(), onConflict() or returning().`,
      'Read the rows and insert them: insert(Model).values(await session.all(query)).',
    );
  }
  const columns = columnsOf(part, query.parts.labels);
  const isMade = ({ property, spec }: ColumnMap): boolean =>
    spec.clientDefault !== undefined || initial[property] !== undefined;
  const lacking = part.columns.find((column) => !columns.includes(column) && isMade(column));
  if (lacking !== undefined) {
    throw refuse(
      `Column "${lacking.property}" of "${label}" has a default() that a query does not know.`,
      `Name it in the query: select({ ${lacking.property}: ... }).`,
    );
  }
  const { affectedRows } = await run(withCriteria(active, query.parts.options), (text) => {
    const target = `${text.dialect.quoteTable(part.tableName)} (${text.names(columns)})`;
    return `INSERT INTO ${target} ${renderSelect(text, query)}`;
  });
  return affectedRows;
}

/** The row with what is left out: defaults, null, or nothing for what the database makes. */
function completeRow({ part, initial }: WriteTable, given: Readonly<Record<string, unknown>>): EntityRow {
  columnsOf(part, Object.keys(given));
  return Object.fromEntries(
    part.columns.map(({ property, spec }) => [
      property,
      given[property] === undefined ? (initial[property] ?? initialValue(spec)) : given[property],
    ]),
  );
}

async function insertAll(
  active: Active,
  parts: InsertParts,
  { part }: WriteTable,
  rows: readonly NewRow[],
): Promise<number> {
  const { dialect } = active;
  const isGiven = ({ row }: NewRow, { property, spec }: ColumnMap): boolean =>
    spec.generated === null && row[property] !== undefined;
  const shapeOf = (each: NewRow): string =>
    part.columns
      .map((column) => (isGiven(each, column) ? (isExpr(each.row[column.property]) ? 's' : '1') : '0'))
      .join('');
  const isDuplicateKey = parts.conflict !== undefined && dialect.rules.syntax.conflictClause === 'ON DUPLICATE KEY';
  let rowCount = 0;
  for (const [shape, group] of groupBy(rows, shapeOf)) {
    const columns = part.columns.filter((_, i) => shape[i] !== '0');
    const isPlain = !shape.includes('s') && columns.length > 0;
    const isEach = isPlain && parts.conflict === undefined && (parts.isBulk || dialect.capabilities.runsEachRow);
    const isArrays =
      isPlain && columns.every(({ spec }) => dialect.arrayType(spec.type) !== undefined) && !hasArrays(columns, group);
    const cap = Math.max(1, Math.floor((dialect.capabilities.maxParameters - 100) / Math.max(1, columns.length)));
    const most = isEach && parts.isBulk ? group.length : isArrays ? ROWS_OF_ARRAYS : Math.min(ROWS_A_STATEMENT, cap);
    const size = columns.length === 0 ? 1 : most;
    for (const batch of chunk(group, size)) {
      const result = isEach
        ? await runEach(active, (text) => {
            const values = batch.map(({ row }) => columns.map((column) => text.encode(column, row[column.property])));
            const names = columns.map(({ name }) => name);
            return writeBulkRows(dialect, part.tableName, names, values);
          })
        : await run(active, (text) => {
            const source = renderRows(text, batch, columns, isArrays);
            return `INSERT INTO ${dialect.quoteTable(part.tableName)} ${source}${renderConflict(text, parts, part)}`;
          });
      rowCount += isDuplicateKey ? batch.length - skippedRows(parts, result) : result.affectedRows;
    }
  }
  return rowCount;
}

/** What MySQL and MariaDB give for the key of a lone row that was there already. */
const WAS_THERE = '9007199254740991';

/** Rows count once or twice there. What the server says beside it tells how many were there, of several rows at least. */
function skippedRows({ conflict }: InsertParts, { duplicates, insertId }: ArrayResult): number {
  if (conflict?.action !== 'nothing') return 0;
  return duplicates ?? (String(insertId) === WAS_THERE ? 1 : 0);
}

function renderConflict(text: SqlText, parts: InsertParts, part: WriteTable['part']): string {
  const { conflict } = parts;
  if (conflict === undefined) return '';
  const isDuplicateKey = text.dialect.rules.syntax.conflictClause === 'ON DUPLICATE KEY';
  const target = columnsOf(part, conflict.columns);
  const start = isDuplicateKey ? ' ON DUPLICATE KEY UPDATE ' : ` ON CONFLICT (${text.names(target)}) DO `;
  if (conflict.action === 'nothing') {
    const [key] = target;
    if (!isDuplicateKey || key === undefined) return `${start}NOTHING`;
    const own = `${text.dialect.quoteTable(part.tableName)}.${text.name(key)}`;
    // The column keeps it from being worked out beforehand.
    const mark = `LAST_INSERT_ID(COALESCE(LENGTH(${own}), 0) * 0 + ${WAS_THERE})`;
    return `${start}${own} = IF(${mark} = ${WAS_THERE}, ${own}, ${own})`;
  }
  const scope = scopeOf(text, parts, true);
  const proposed = proposedRow(part.columns);
  const { set } = conflict.action;
  const values =
    typeof set === 'function' ? set(proposed as never) : Object.fromEntries(set.map((each) => [each, proposed[each]]));
  const columns = columnsOf(part, Object.keys(values));
  const version = columns.some((column) => column === part.version) ? undefined : part.version;
  const sets = [
    ...columns.map((column) => assign(scope, column, (values as Record<string, unknown>)[column.property])),
    ...renderExtra(text, part, columns, version, `${text.dialect.quoteTable(part.tableName)}.`),
  ];
  return `${start}${isDuplicateKey ? '' : 'UPDATE SET '}${sets.join(', ')}`;
}

/** The rows are found again by the columns of the conflict. */
function refuseMoves({ conflict }: InsertParts, { part }: WriteTable): void {
  const { columns = [], action = 'nothing' } = conflict ?? {};
  if (action === 'nothing' || typeof action.set !== 'function') return;
  const row = proposedRow(part.columns);
  const given = action.set(row as never);
  const moved = columns.find((property) => given[property] !== undefined && given[property] !== row[property]);
  if (moved === undefined) return;
  throw new AludelError(
    'ALUDEL_USAGE',
    `The rows of "${part.label}" that come back are known by "${moved}", which is set anew.`,
    {
      hint: `Leave "${moved}" out of set, or do without returning().`,
      details: { table: part.label, property: moved },
    },
  );
}

/** Inserts rows as new objects, and takes these into the session. */
async function insertObjects(
  { objects }: Writer,
  active: Active,
  { part }: WriteTable,
  mapper: Mapper,
  rows: readonly NewRow[],
): Promise<ObjectState[]> {
  const states = rows.map(({ row }) => stateOf(mapper.create(row)));
  const host = {
    write: (state: ObjectState, property: string, value: unknown): void => {
      objects.log.overwrite(state, property);
      state.row[property] = value;
    },
  };
  const to = { host, active, part };
  await insertRows(to, states);
  await readComputed(to, states);
  for (const state of states) {
    objects.touch(state);
    state.status = 'persistent';
    state.session = objects;
    state.key = mapper.keyOf((property) => state.row[property]);
    if (state.key !== undefined) objects.identity.set(mapper, state.key, state);
    state.peers = states;
  }
  return states;
}

/** What RETURNING names of a new object. */
function pick(state: ObjectState, parts: InsertParts, items: readonly Selectable[]): unknown {
  const values = items.map((item) => {
    if (!(item instanceof Expr)) {
      if (typeof item === 'function' && state.entity instanceof item) return state.entity;
      throw cannotReturn(parts);
    }
    const property = originOf(item.node)?.property;
    if (property === undefined || originOf(item.node)?.table !== parts.definition) throw cannotReturn(parts);
    return state.row[property];
  });
  return values.length === 1 ? values[0] : values;
}

/** The rows that have the values of a conflict's columns, in the order of the rows that were given. */
async function findRows(
  { target }: Writer,
  active: Active,
  { conflict, returning = [], definition }: InsertParts,
  { part }: WriteTable,
  rows: readonly NewRow[],
): Promise<unknown[]> {
  const columns = columnsOf(part, conflict?.columns ?? []);
  const found: unknown[] = [];
  for (const batch of chunk(rows, 500)) {
    // The database says which row is which: texts may be the same to it and not to us.
    const meets = batch.map(({ row }): Expr<boolean> => {
      const same = columns.map(({ property }) => (definition.c[property] as Expr<unknown>).eq(row[property] as never));
      return same.length === 1 ? (same[0] as Expr<boolean>) : (same[0] as Expr<boolean>).and(...same.slice(1));
    });
    const [first, ...others] = meets;
    if (first === undefined) continue;
    const place = others.reduce((cases, condition, i) => cases.when(condition, i + 1), when(first, 0)).end();
    const query = selectItems([place, ...returning]).where(or(...meets)) as Select<unknown[]>;
    const placed = await runSelect(target, active, query, { refresh: true });
    const inOrder = placed.sort((one, other) => Number(one[0]) - Number(other[0]));
    found.push(...inOrder.map(([, ...values]) => (values.length === 1 ? values[0] : values)));
  }
  return found;
}

function cannotReturn({ definition }: InsertParts): AludelError {
  const table = definition.tableName.name;
  return new AludelError('ALUDEL_USAGE', `An insert into "${table}" gives objects of its model, or columns of it.`, {
    hint: 'Name the model or its columns: .returning(Ticket), .returning(Ticket.c.id).',
    details: { table },
  });
}
