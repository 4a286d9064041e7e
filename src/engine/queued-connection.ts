/** Our `Connection` over a driver's: statements in call order, transactions, savepoints, echo, wrapped errors. */
import { AludelError } from '../errors.js';
import type { BeginOptions, Connection, DialectName, EchoEvent, QueryResult, ServerVersion } from './connection.js';
import { wrapStatementError } from './driver-errors.js';
import type { DriverConnection, DriverResult, DriverSettings } from './driver.js';
import { StatementQueue } from './statement-queue.js';

export interface ConnectionSettings extends DriverSettings {
  readonly echo: ((event: EchoEvent) => void) | undefined;
}

export class QueuedConnection implements Connection {
  readonly #driver: DriverConnection;
  readonly #settings: ConnectionSettings;
  readonly #giveBack: () => Promise<void>;
  readonly #queue: StatementQueue = new StatementQueue();
  #isInTransaction = false;
  #savepoints = 0;
  #closing: Promise<void> | undefined;

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

  get inTransaction(): boolean {
    return this.#closing === undefined && (this.#driver.isInTransaction ?? this.#isInTransaction);
  }

  execute(sql: string, params: readonly unknown[] = []): Promise<QueryResult> {
    return this.#enqueue(async () => {
      const { rows, affectedRows, insertId } = await this.#send(sql, params);
      return insertId === undefined ? { rows, affectedRows } : { rows, affectedRows, insertId };
    });
  }

  begin(options: BeginOptions = {}): Promise<void> {
    return this.#enqueue(async () => {
      const sql = this.#driver.beginSql(options.mode ?? 'immediate');
      if (this.inTransaction) {
        throw refuse(sql, 'A transaction is already open on this connection.', 'Use savepoint() to nest.');
      }
      await this.#send(sql);
      this.#isInTransaction = true;
    });
  }

  commit(): Promise<void> {
    return this.#enqueue(async () => {
      if (!this.inTransaction) {
        throw refuse('COMMIT', 'No transaction is open on this connection.', 'Call begin() first.');
      }
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
    return this.#enqueue(async () => {
      if (this.inTransaction) {
        this.#isInTransaction = false;
        await this.#send('ROLLBACK');
      }
    });
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

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) {
      return Promise.reject(
        new AludelError('ALUDEL_CONNECTION_LOST', `The connection to "${this.#driver.place}" is closed.`, {
          hint: 'Await every statement before the connection is closed, or open another with connect().',
        }),
      );
    }
    return this.#queue.run(task);
  }

  async #send(sql: string, params: readonly unknown[] = []): Promise<DriverResult> {
    const { hideParameters, lockTimeout, echo } = this.#settings;
    const { dialect } = this;
    const start = performance.now();
    try {
      if (this.#driver.isLost) {
        throw Object.assign(new Error('the server has ended it'), { fatal: true });
      }
      return await this.#driver.run(sql, params);
    } catch (error) {
      throw wrapStatementError(error, {
        dialect,
        place: this.#driver.place,
        sql,
        params,
        hideParameters,
        lockTimeout,
      });
    } finally {
      echo?.({
        sql,
        params: hideParameters ? undefined : params,
        milliseconds: performance.now() - start,
      });
    }
  }
}

function refuse(sql: string, message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_STATEMENT_FAILED', message, { hint, details: { sql } });
}
