/** Our `Connection` over a driver's: statements in call order, transactions, savepoints, echo, wrapped errors. */
import { ConnectionLostError } from '../database-errors.js';
import { AludelError } from '../errors.js';
import { TaskQueue } from '../util/task-queue.js';
import type {
  ArrayQuery,
  ArrayResult,
  BeginOptions,
  Connection,
  DialectName,
  PlainStatement,
  QueryResult,
  RowCursor,
  Row,
  ServerVersion,
} from './connection.js';
import { wrapStatementError } from './driver-errors.js';
import { AS_OBJECTS, type DriverConnection, type DriverResult, type DriverSettings, type RunMode } from './driver.js';
import { areQueriesTraced, type EngineEvents, traceQuery } from './engine-events.js';
import { changesSession } from './session-change.js';

export interface ConnectionSettings extends DriverSettings {
  readonly events: EngineEvents;
}

export class QueuedConnection implements Connection {
  readonly #driver: DriverConnection;
  readonly #settings: ConnectionSettings;
  readonly #giveBack: () => Promise<void>;
  readonly #queue: TaskQueue = new TaskQueue();
  #isInTransaction = false;
  /** What begins the transaction, until it goes with the first statement. */
  #begin: string | undefined;
  /** What made the server end the transaction that the caller still believes to be open. */
  #endedBy: AludelError | undefined;
  #savepoints = 0;
  #closing: Promise<void> | undefined;
  #isRunning = false;
  #isLost = false;
  #hasChangedSession = false;

  /** `giveBack` closes the driver's connection or hands it to the next holder. */
  constructor(driver: DriverConnection, settings: ConnectionSettings, giveBack: () => Promise<void>) {
    this.#driver = driver;
    this.#settings = settings;
    this.#giveBack = giveBack;
  }

  get dialect(): DialectName {
    return this.#driver.server.dialect;
  }

  get server(): ServerVersion {
    return this.#driver.server;
  }

  get processId(): number | undefined {
    return this.#driver.processId;
  }

  get inTransaction(): boolean {
    return this.#closing === undefined && this.#hasTransaction;
  }

  /** Where it leads, for messages. */
  get place(): string {
    return this.#driver.place;
  }

  get isLost(): boolean {
    return this.#isLost || this.#driver.isLost;
  }

  /** True when something may be left in the session that the next holder must not meet. */
  get hasChangedSession(): boolean {
    return this.#hasChangedSession;
  }

  /** True while a statement runs or waits, and between the statements of a transaction. */
  get isBusy(): boolean {
    return !this.#queue.isIdle || this.#hasTransaction;
  }

  /** Calls `listener` each time that nothing runs or waits any more. */
  onSettled(listener: () => void): void {
    this.#queue.onIdle = listener;
  }

  get #hasTransaction(): boolean {
    const known = this.#driver.isInTransaction;
    // SQLite ends a transaction by itself after some errors. On servers one may have been begun by a plain statement,
    // and what MySQL commits by itself before a DDL statement still waits for our commit().
    const isOpen = this.dialect === 'sqlite' ? known === true : this.#isInTransaction || known === true;
    return !this.isLost && (this.#endedBy !== undefined || isOpen);
  }

  execute(sql: string, params: readonly unknown[] = []): Promise<QueryResult> {
    return this.#enqueue(async () => {
      const { rows, affectedRows } = await this.#send(sql, params);
      return { rows: rows as readonly Row[], affectedRows };
    });
  }

  executeAll(statements: readonly PlainStatement[]): readonly Promise<QueryResult>[] {
    // Who listens hears how long each takes.
    const isWatched = this.#settings.events.hasQueryListeners || areQueriesTraced();
    if (isWatched || this.#driver.runsTogether !== true)
      return statements.map(({ sql, params }) => this.execute(sql, params));
    const sent = new Promise<readonly Promise<DriverResult>[]>((resolve, reject) => {
      const run = async (): Promise<void> => {
        this.#isRunning = true;
        try {
          const results = this.#runTogether(statements);
          resolve(results);
          await Promise.allSettled(results);
        } finally {
          this.#isRunning = false;
        }
      };
      this.#enqueue(run).catch(reject);
    });
    return statements.map(async (_statement, i) => {
      const result = await (await sent)[i];
      return { rows: (result?.rows ?? []) as readonly Row[], affectedRows: result?.affectedRows ?? 0 };
    });
  }

  #runTogether(statements: readonly PlainStatement[]): readonly Promise<DriverResult>[] {
    // A transaction begins with a single statement, and one that has been ended takes none.
    if (this.#begin !== undefined || this.#endedBy !== undefined) return this.#runInTurn(statements);
    const wasLost = this.isLost;
    // Those behind the one that fails have not been run: theirs is the same error.
    let failure: AludelError | undefined;
    const results = this.#driver.runTogether?.(statements) ?? [];
    return results.map(async (result, i) => {
      const { sql = '', params = [] } = statements[i] ?? {};
      try {
        return await result;
      } catch (error) {
        throw (failure ??= this.#explain(error, sql, params, wasLost));
      }
    });
  }

  #runInTurn(statements: readonly PlainStatement[]): readonly Promise<DriverResult>[] {
    let last: Promise<unknown> = Promise.resolve();
    return statements.map(({ sql, params }) => {
      const result = last.then(() => this.#send(sql, params));
      last = result.catch(() => undefined);
      return result;
    });
  }

  query({ sql, params = [], prepare = true, each }: ArrayQuery): Promise<ArrayResult> {
    const mode = {
      asArrays: true,
      prepare: prepare && this.#settings.prepare,
      ...(each === undefined ? {} : { each }),
    };
    return this.#enqueue(() => this.#send(sql, params, mode)) as Promise<ArrayResult>;
  }

  async openCursor({ sql, params = [] }: Pick<ArrayQuery, 'sql' | 'params'>): Promise<RowCursor> {
    const mode = { asArrays: true, prepare: false, isCursor: true };
    const { cursor } = await this.#enqueue(() => this.#send(sql, params, mode));
    if (cursor === undefined) throw new Error('unreachable: the driver gives a cursor');
    const read = async (count: number): Promise<readonly unknown[]> => {
      const wasLost = this.isLost;
      try {
        return await cursor.read(count);
      } catch (error) {
        throw this.#explain(error, sql, params, wasLost);
      }
    };
    return {
      read: (count) => this.#enqueue(() => read(count)) as ReturnType<RowCursor['read']>,
      close: () => this.#enqueue(() => cursor.close()),
    };
  }

  begin(options: BeginOptions = {}): Promise<void> {
    return this.#enqueue(async () => {
      const statements = this.#driver.beginSql(options);
      if (this.inTransaction) {
        const message = 'A transaction is already open on this connection.';
        throw refuse(statements[0] ?? 'BEGIN', message, 'Use savepoint() to nest.');
      }
      if (options.withFirst === true && this.#driver.beginsTogether === true) {
        this.#begin = statements[0];
      } else {
        for (const sql of statements) await this.#send(sql);
      }
      this.#isInTransaction = true;
    });
  }

  commit(): Promise<void> {
    return this.#enqueue(async () => {
      if (!this.inTransaction && !this.isLost) {
        throw refuse('COMMIT', 'No transaction is open on this connection.', 'Call begin() first.');
      }
      if (this.#begin !== undefined) return this.#rollback();
      const { command } = await this.#send('COMMIT').finally(() => {
        // SQLite keeps the transaction open when COMMIT fails and says so itself; servers roll back.
        this.#isInTransaction = false;
      });
      // PostgreSQL answers a COMMIT of a failed transaction with a plain "ROLLBACK" and no error.
      if (command === 'ROLLBACK') {
        const message = 'The transaction was rolled back instead of committed, because a statement in it had failed.';
        throw refuse('COMMIT', message, 'Put statements that may fail inside savepoint().');
      }
    });
  }

  /** Does nothing when no transaction is open: SQLite ends one by itself after some errors. */
  rollback(): Promise<void> {
    return this.#enqueue(() => this.#rollback());
  }

  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    this.#savepoints += 1;
    const name = `aludel_${this.#savepoints}`;
    await this.#enqueue(async () => {
      if (!this.inTransaction) {
        throw refuse(`SAVEPOINT ${name}`, 'A savepoint needs an open transaction.', 'Call begin() first.');
      }
      await this.#send(`SAVEPOINT ${name}`);
    });
    try {
      const value = await fn();
      await this.#enqueue(() => this.#send(`RELEASE SAVEPOINT ${name}`));
      return value;
    } catch (error) {
      // The first error says more than a savepoint that went with its transaction or connection.
      await this.#enqueue(async () => {
        await this.#send(`ROLLBACK TO SAVEPOINT ${name}`);
        await this.#send(`RELEASE SAVEPOINT ${name}`);
      }).catch(() => undefined);
      throw error;
    }
  }

  close(): Promise<void> {
    // Statements that were called before still run: they stand in the queue.
    this.#closing ??= this.#queue.run(this.#giveBack);
    return this.#closing;
  }

  /** Cuts the connection off without waiting for the holder or the statement that runs. */
  abandon(): Promise<void> {
    const isClosing = this.#closing !== undefined;
    this.#closing ??= Promise.resolve();
    if (isClosing || this.#isRunning) {
      this.#driver.destroy();
      return Promise.resolve();
    }
    return this.#driver.close();
  }

  /** Ends what the holder left open; called by `giveBack`, when nothing else can be sent any more. */
  reset(): Promise<void> {
    return this.#rollback();
  }

  async #rollback(): Promise<void> {
    const isNeeded = this.#begin === undefined && this.#hasTransaction;
    this.#begin = undefined;
    this.#isInTransaction = false;
    this.#endedBy = undefined;
    if (isNeeded && !(this.dialect === 'sqlite' && this.#driver.isInTransaction === false)) {
      await this.#send('ROLLBACK');
    }
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) {
      return Promise.reject(
        new ConnectionLostError(`The connection to "${this.#driver.place}" is closed.`, {
          hint: 'Await every statement before the connection is closed, or open another with connect().',
        }),
      );
    }
    return this.#queue.run(task);
  }

  #send(sql: string, params: readonly unknown[] = [], mode: RunMode = AS_OBJECTS): Promise<DriverResult> {
    // Outside its transaction a statement would be committed by itself.
    if (this.#endedBy !== undefined) return Promise.reject(this.#endedBy);
    const begin = this.#begin;
    this.#begin = undefined;
    const whole = begin === undefined ? mode : { ...mode, begin };
    const { events } = this.#settings;
    const run = (): Promise<DriverResult> => this.#run(sql, params, whole);
    const traced = (): Promise<DriverResult> =>
      traceQuery(
        () => ({ sql, params: this.#shown(params, mode), dialect: this.dialect, place: this.#driver.place }),
        run,
      );
    return events.hasQueryListeners ? this.#tell(sql, params, whole, traced) : traced();
  }

  /** Runs a statement, and tells the listeners. */
  async #tell(
    sql: string,
    params: readonly unknown[],
    mode: RunMode,
    run: () => Promise<DriverResult>,
  ): Promise<DriverResult> {
    const { events } = this.#settings;
    const shown = this.#shown(params, mode);
    if (mode.begin !== undefined) {
      events.tellQuery({ sql: mode.begin, params: this.#shown([]), milliseconds: 0, rows: 0, error: undefined });
    }
    const start = performance.now();
    const tell = (rows: number, error?: AludelError): void =>
      events.tellQuery({ sql, params: shown, milliseconds: performance.now() - start, rows, error });
    let result: DriverResult;
    try {
      result = await run();
    } catch (error) {
      tell(0, error as AludelError);
      throw error;
    }
    tell(result.rows.length > 0 ? result.rows.length : result.affectedRows);
    return result;
  }

  /** Parameters as others may see them. */
  #shown(params: readonly unknown[], mode: RunMode = AS_OBJECTS): readonly unknown[] | undefined {
    return this.#settings.hideParameters ? undefined : (mode.each?.flat() ?? params);
  }

  async #run(sql: string, params: readonly unknown[], mode: RunMode): Promise<DriverResult> {
    this.#isRunning = true;
    const wasLost = this.isLost;
    try {
      if (wasLost) {
        throw Object.assign(new Error('the server has ended it'), { fatal: true });
      }
      this.#hasChangedSession ||= !mode.prepare && changesSession(sql);
      return await this.#driver.run(sql, params, mode);
    } catch (error) {
      throw this.#explain(error, sql, mode.each?.flat() ?? params, wasLost);
    } finally {
      this.#isRunning = false;
    }
  }

  #explain(error: unknown, sql: string, params: readonly unknown[], wasLost: boolean): AludelError {
    const { hideParameters, lockTimeout } = this.#settings;
    const isInTransaction = this.#isInTransaction;
    const { dialect } = this;
    const { place } = this.#driver;
    const wrapped = wrapStatementError(error, {
      dialect,
      place,
      sql,
      params,
      hideParameters,
      lockTimeout,
      // A COMMIT that was sent and not answered may have been carried out.
      ifLost: !isInTransaction ? undefined : sql === 'COMMIT' && !wasLost ? 'unknown' : 'rolledBack',
    });
    if (wrapped.code === 'ALUDEL_CONNECTION_LOST') {
      this.#isLost = true;
    } else if (isInTransaction && !/^(?:COMMIT|ROLLBACK)$/.test(sql) && this.#isEndedBy(wrapped)) {
      this.#endedBy = wrapped;
    }
    return wrapped;
  }

  /** MySQL and MariaDB roll back the whole transaction of a deadlock, SQLite that of a full disk; PostgreSQL never. */
  #isEndedBy(error: AludelError): boolean {
    const isMysql = this.dialect === 'mysql' || this.dialect === 'mariadb';
    return isMysql
      ? error.code === 'ALUDEL_DEADLOCK' || error.code === 'ALUDEL_SERIALIZATION_FAILURE'
      : this.#driver.isInTransaction === false;
  }
}

function refuse(sql: string, message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_STATEMENT_FAILED', message, { hint, details: { sql } });
}
