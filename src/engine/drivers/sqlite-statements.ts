/** Compiled statements of one SQLite connection, and how they are run without losing a digit or a microsecond. */
import type { Database, Statement } from 'better-sqlite3';
import type { DriverResult, RunMode } from '../driver.js';
import { fromSqliteRow, toSqliteParameter } from './sqlite-values.js';

type SqliteStatement = Statement<unknown[], unknown>;

const LIMIT = 200;
/** What is worth keeping without being asked: our own transactions. */
const OWN: ReadonlySet<string> = new Set(['BEGIN IMMEDIATE', 'BEGIN DEFERRED', 'COMMIT', 'ROLLBACK']);

export class StatementCache {
  readonly #database: Database;
  /** The one unused longest comes first. */
  readonly #statements: Map<string, SqliteStatement> = new Map();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Compiles a statement, or finds it: SQLite compiles it again by itself when the schema has changed. */
  get(sql: string, keep: boolean): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    const statement = this.#database.prepare<unknown[], unknown>(sql);
    if (keep || OWN.has(sql)) {
      const [oldest] = this.#statements.size >= LIMIT ? this.#statements.keys() : [];
      if (oldest !== undefined) {
        this.#statements.delete(oldest);
      }
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

export function runSqliteStatement(
  statement: SqliteStatement,
  params: readonly unknown[],
  { asArrays, each }: Pick<RunMode, 'asArrays' | 'each'>,
): DriverResult {
  if (each !== undefined) return runForEach(statement, each);
  const values = params.map(toSqliteParameter);
  if (!statement.reader) {
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], columns: [], affectedRows: changes, insertId: lastInsertRowid };
  }
  const rows = readRows(statement.raw(asArrays), values);
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
function runForEach(statement: SqliteStatement, each: readonly (readonly unknown[])[]): DriverResult {
  const rows: unknown[] = [];
  const insertIds: (number | bigint)[] = [];
  let affectedRows = 0;
  const reads = statement.reader ? statement.raw(true).safeIntegers(true) : undefined;
  for (const params of each) {
    const values = params.map(toSqliteParameter);
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
function readRows(statement: SqliteStatement, values: readonly unknown[]): readonly unknown[] {
  if (statement.readonly) {
    const rows = statement.safeIntegers(false).all(...values);
    if (!rows.some(holdsLargeNumber)) {
      return rows;
    }
  }
  const rows = statement.safeIntegers(true).all(...values) as Record<string, unknown>[];
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
