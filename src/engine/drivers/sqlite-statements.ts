/** Compiled statements of one SQLite connection, and how they are run without losing a digit or a microsecond. */
import type { Database, Statement } from 'better-sqlite3';
import { RecentMap } from '../../util/recent-map.js';
import type { DriverResult, RunMode } from '../driver.js';
import { fromSqliteRow, toSqliteParameter } from './sqlite-values.js';

type SqliteStatement = Statement<unknown[], unknown>;

const LIMIT = 200;
/** What is worth keeping without being asked: our own transactions. */
const OWN: ReadonlySet<string> = new Set(['BEGIN IMMEDIATE', 'BEGIN DEFERRED', 'COMMIT', 'ROLLBACK']);

/** A compiled statement, and in which form it gives rows: to say so again costs a call into the driver. */
class CompiledStatement {
  readonly statement: SqliteStatement;
  #isRaw = false;
  #isSafe = false;

  constructor(statement: SqliteStatement) {
    this.statement = statement;
  }

  /** `isRaw` gives arrays; `isSafe` makes a bigint of every integer. */
  as(isRaw: boolean, isSafe: boolean): SqliteStatement {
    if (isRaw !== this.#isRaw) this.statement.raw((this.#isRaw = isRaw));
    if (isSafe !== this.#isSafe) this.statement.safeIntegers((this.#isSafe = isSafe));
    return this.statement;
  }
}

export class StatementCache {
  readonly #database: Database;
  readonly #statements: RecentMap<CompiledStatement> = new RecentMap(LIMIT);

  constructor(database: Database) {
    this.#database = database;
  }

  /** Compiles a statement, or finds it: SQLite compiles it again by itself when the schema has changed. */
  get(sql: string, keep: boolean): CompiledStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const compiled = new CompiledStatement(this.#database.prepare<unknown[], unknown>(sql));
    if (keep || OWN.has(sql)) this.#statements.set(sql, compiled);
    return compiled;
  }
}

export function runSqliteStatement(
  compiled: CompiledStatement,
  params: readonly unknown[],
  { asArrays, each }: Pick<RunMode, 'asArrays' | 'each'>,
): DriverResult {
  if (each !== undefined) return runForEach(compiled, each);
  const { statement } = compiled;
  const values = params.map(toSqliteParameter);
  if (!statement.reader) {
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], columns: [], affectedRows: changes, insertId: lastInsertRowid };
  }
  const rows = readRows(compiled, asArrays, values);
  return {
    rows,
    get columns() {
      return statement.columns().map(({ name }) => name);
    },
    affectedRows: statement.readonly ? 0 : rows.length,
    insertId: undefined,
  };
}

/** One statement with many lists of parameters; at most one row comes back of each. */
function runForEach(compiled: CompiledStatement, each: readonly (readonly unknown[])[]): DriverResult {
  const { statement } = compiled;
  const rows: unknown[] = [];
  const insertIds: (number | bigint)[] = [];
  let affectedRows = 0;
  const reads = statement.reader ? compiled.as(true, true) : undefined;
  // One list for all: the driver has read it when the call returns.
  const values: unknown[] = [];
  for (const params of each) {
    values.length = params.length;
    for (let i = 0; i < params.length; i++) values[i] = toSqliteParameter(params[i]);
    if (reads === undefined) {
      const { changes, lastInsertRowid } = statement.run(...values);
      affectedRows += changes;
      insertIds.push(lastInsertRowid);
    } else {
      const row = reads.get(...values) as unknown[] | undefined;
      if (row !== undefined) rows.push(fromSqliteRow(row));
    }
  }
  return {
    rows,
    columns: [],
    affectedRows: reads === undefined ? affectedRows : rows.length,
    insertId: undefined,
    insertIds,
  };
}

/**
 * The driver rounds integers beyond 2^53 unless it makes a bigint of every integer, which takes several times as long.
 * So a statement that only reads is run the short way, and once more the long way when a number is that large. The
 * driver is synchronous: nothing of this connection comes in between.
 */
function readRows(compiled: CompiledStatement, asArrays: boolean, values: readonly unknown[]): readonly unknown[] {
  if (compiled.statement.readonly) {
    const rows = compiled.as(asArrays, false).all(...values);
    if (!rows.some(holdsLargeNumber)) {
      return rows;
    }
  }
  const rows = compiled.as(asArrays, true).all(...values) as Record<string, unknown>[];
  return rows.map(fromSqliteRow);
}

/** The same for rows one after the other: from the first large number on, they are read the long way. */
export function* iterateSqliteRows(database: Database, sql: string, params: readonly unknown[]): Generator<unknown> {
  const values = params.map(toSqliteParameter);
  const open = (): SqliteStatement => database.prepare<unknown[], unknown>(sql).raw(true);
  let given = 0;
  let isLarge = false;
  for (const row of open().iterate(...values)) {
    isLarge = holdsLargeNumber(row);
    if (isLarge) break;
    given += 1;
    yield row;
  }
  if (!isLarge) return;
  for (const row of open()
    .safeIntegers(true)
    .iterate(...values)) {
    given -= 1;
    if (given < 0) yield fromSqliteRow(row as Record<string, unknown>);
  }
}

function holdsLargeNumber(row: unknown): boolean {
  if (Array.isArray(row)) {
    return row.some(isLargeNumber);
  }
  const values = row as Record<string, unknown>;
  for (const name in values) {
    if (isLargeNumber(values[name])) {
      return true;
    }
  }
  return false;
}

function isLargeNumber(value: unknown): boolean {
  return typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER);
}
