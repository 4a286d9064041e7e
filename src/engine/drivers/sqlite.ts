/**
 * SQLite through `better-sqlite3`, which is loaded at the first connection. The driver is synchronous: its own busy
 * timeout would freeze the event loop, and with it the transaction that is waited for. So it is 0, and we wait here: in
 * one line per database file within the process, and by trying again against other processes.
 */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { AludelError } from '../../errors.js';
import type { BeginOptions, ServerVersion } from '../connection.js';
import { isSqliteBusy, wrapConnectError } from '../driver-errors.js';
import { AS_OBJECTS, type DriverConnection, type DriverResult, type DriverSettings, type RunMode } from '../driver.js';
import { loadDriver } from '../load-driver.js';
import { LockQueue, type Release } from '../lock-queue.js';
import type { SqliteUrl } from '../url.js';
import { IteratorCursor } from '../row-cursor.js';
import { iterateSqliteRows, runSqliteStatement, StatementCache } from './sqlite-statements.js';

type DatabaseConstructor = typeof import('better-sqlite3');

const FIRST_WAIT = 5;
const LONGEST_WAIT = 50;

/** The writers of each database file of this process, by real path. */
const writers: Map<string, LockQueue> = new Map();

export async function openSqlite(target: SqliteUrl, settings: DriverSettings): Promise<DriverConnection> {
  const Database = await loadDriver<DatabaseConstructor>('better-sqlite3');
  const place = target.file === ':memory:' ? target.file : resolve(target.file);
  let database: Database;
  try {
    database = new Database(place, { ...settings.connectArgs, timeout: 0 });
  } catch (error) {
    throw explainOpenError(error, place, settings);
  }
  database.pragma('foreign_keys = ON');
  return new SqliteConnection(database, place, readVersion(Database), settings);
}

/** Asked of an empty database: the first statement on a file reads the file, which another process may have locked. */
function readVersion(Database: DatabaseConstructor): ServerVersion {
  const database = new Database(':memory:');
  const text = String(database.prepare('SELECT sqlite_version()').pluck().get());
  database.close();
  const [major, minor] = text.split('.').map(Number);
  return { dialect: 'sqlite', major: major ?? 0, minor: minor ?? 0, text };
}

class SqliteConnection implements DriverConnection {
  readonly place: string;
  readonly server: ServerVersion;
  readonly #database: Database;
  readonly #lockTimeout: number;
  readonly #key: string;
  readonly #statements: StatementCache;
  readonly #cursors: Set<IteratorCursor> = new Set();
  #release: Release | undefined;
  /** Of the transaction that is about to begin, and of the one that is open. */
  #isReadOnly = false;
  #isQueryOnly = false;

  constructor(database: Database, place: string, server: ServerVersion, { lockTimeout }: DriverSettings) {
    this.#database = database;
    this.#lockTimeout = lockTimeout;
    this.#statements = new StatementCache(database);
    this.place = place;
    this.server = server;
    this.#key = place === ':memory:' ? '' : realPath(place);
  }

  get isLost(): boolean {
    return !this.#database.open;
  }

  get isInTransaction(): boolean {
    return this.#database.open && this.#database.inTransaction;
  }

  beginSql({ readOnly, mode = readOnly === true ? 'deferred' : 'immediate' }: BeginOptions): readonly string[] {
    this.#isReadOnly = readOnly === true;
    return [`BEGIN ${mode.toUpperCase()}`];
  }

  /** SQLite has no read-only transactions: while one is open, the connection refuses to write. Who wants that for ever keeps it. */
  #setQueryOnly(isQueryOnly: boolean): void {
    if (isQueryOnly === this.#isQueryOnly || this.isLost) return;
    if (isQueryOnly && this.#database.pragma('query_only', { simple: true }) === 1) return;
    this.#database.pragma(`query_only = ${isQueryOnly ? 'ON' : 'OFF'}`);
    this.#isQueryOnly = isQueryOnly;
  }

  async run(sql: string, params: readonly unknown[], mode: RunMode = AS_OBJECTS): Promise<DriverResult> {
    const deadline = performance.now() + this.#lockTimeout;
    const wasInTransaction = this.#database.inTransaction;
    try {
      for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 2)) {
        try {
          const compiled = this.#statements.get(sql, mode.prepare);
          if (mode.isCursor === true) return this.#openCursor(sql, params);
          // The driver writes nothing while rows are left to be read.
          const { readonly, reader } = compiled.statement;
          if (!(readonly && reader)) for (const cursor of this.#cursors) await cursor.buffer();
          // BEGIN IMMEDIATE and BEGIN EXCLUSIVE count as writing too; COMMIT finds the place in the line taken.
          if (!compiled.statement.readonly && !this.#isQueryOnly) {
            await this.#takeTurn(deadline);
          }
          const result = runSqliteStatement(compiled, params, mode);
          if (this.#isReadOnly && this.isInTransaction) this.#setQueryOnly(true);
          return result;
        } catch (error) {
          const isOver = performance.now() >= deadline || wasInTransaction !== this.#database.inTransaction;
          if (!isCurable(error) || isOver) {
            throw error;
          }
          // Jitter keeps processes that began to wait together from trying together.
          await sleep(Math.min(wait * (0.5 + Math.random() / 2), Math.max(1, deadline - performance.now())));
        }
      }
    } finally {
      if (!this.isInTransaction) {
        this.#isReadOnly = false;
        this.#setQueryOnly(false);
        this.#endTurn();
      }
    }
  }

  #openCursor(sql: string, params: readonly unknown[]): DriverResult {
    const cursor = new IteratorCursor(iterateSqliteRows(this.#database, sql, params), () =>
      this.#cursors.delete(cursor),
    );
    this.#cursors.add(cursor);
    return { rows: [], columns: [], affectedRows: 0, insertId: undefined, cursor };
  }

  /** There is nothing that would keep the process alive. */
  setIdle(): void {}

  destroy(): void {
    void this.close();
  }

  async close(): Promise<void> {
    for (const cursor of this.#cursors) await cursor.close();
    this.#database.close();
    this.#endTurn();
  }

  async #takeTurn(deadline: number): Promise<void> {
    if (this.#release !== undefined || this.#key === '') {
      return;
    }
    let line = writers.get(this.#key);
    if (line === undefined) {
      line = new LockQueue();
      writers.set(this.#key, line);
    }
    this.#release = await line.acquire(deadline - performance.now());
    if (this.#release === undefined) {
      throw Object.assign(new Error('database is locked by another connection of this process'), {
        code: 'SQLITE_BUSY',
      });
    }
  }

  #endTurn(): void {
    this.#release?.();
    this.#release = undefined;
    if (writers.get(this.#key)?.isIdle === true) {
      writers.delete(this.#key);
    }
  }
}

/** A stale snapshot stays stale however long one waits. */
function isCurable(error: unknown): boolean {
  return isSqliteBusy(error) && !(error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY_SNAPSHOT');
}

/** One key for a file however it is reached; the file itself may not exist yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}

function explainOpenError(error: unknown, place: string, settings: DriverSettings): AludelError {
  const text = error instanceof Error ? error.message : String(error);
  if (/bindings file|NODE_MODULE_VERSION|ERR_DLOPEN_FAILED|\.node\b/.test(text)) {
    // npm can be told to run no install scripts, and the package keeps the binary of the Node version it was built for.
    return new AludelError('ALUDEL_DRIVER_MISSING', 'The package "better-sqlite3" has no binary for this Node.', {
      hint: 'npm rebuild better-sqlite3',
      details: { package: 'better-sqlite3' },
      cause: error,
    });
  }
  const folder = dirname(place);
  const fail = (message: string, hint: string): AludelError =>
    new AludelError('ALUDEL_CONNECTION_FAILED', message, {
      hint,
      details: { place },
      cause: error,
    });
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return fail(`The folder "${folder}" of the SQLite database "${place}" does not exist.`, `mkdir -p "${folder}"`);
  }
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() === true) {
    return fail(`The SQLite database "${place}" is a folder.`, 'Name a file: check the "url" in migrate.config.ts.');
  }
  return wrapConnectError(
    error,
    { dialect: 'sqlite', place, user: undefined, database: undefined },
    settings.hideParameters,
  );
}
