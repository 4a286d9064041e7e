/** The connection that the handles of a revision get: in turn with its operations, and over when the revision is. */
import { AludelError } from '../errors.js';
import type {
  ArrayQuery,
  ArrayResult,
  BeginOptions,
  Connection,
  DialectName,
  QueryResult,
  RowCursor,
  ServerVersion,
} from '../engine/connection.js';
import type { OperationQueue } from './operation-queue.js';

/** Inside a transaction `begin()` sets a savepoint, and `commit()` and `rollback()` end that: the revision's own stays open. */
export class RevisionConnection implements Connection {
  readonly #connection: Connection;
  readonly #queue: OperationQueue;
  readonly #locate: () => string | null;
  /** What `begin()` did, last one last. */
  readonly #begun: ('transaction' | { readonly savepoint: string })[] = [];
  readonly #passed: (QueryResult & ArrayResult) | undefined;

  /**
   * `locate` says where a call comes from, for errors. `needsResults`: a change that an earlier run has made cannot be passed
   * over, because what it gave is needed.
   */
  constructor(connection: Connection, queue: OperationQueue, locate: () => string | null, needsResults: boolean) {
    this.#passed = needsResults ? undefined : { rows: [], columns: [], affectedRows: 0, insertId: undefined };
    this.#connection = connection;
    this.#queue = queue;
    this.#locate = locate;
  }

  get dialect(): DialectName {
    return this.#connection.dialect;
  }

  get server(): ServerVersion {
    return this.#connection.server;
  }

  get inTransaction(): boolean {
    return this.#connection.inTransaction;
  }

  execute(sql: string, params?: readonly unknown[]): Promise<QueryResult> {
    return this.#queue.send({ at: this.#locate(), sql, params, passed: this.#passed }, (connection) =>
      connection.execute(sql, params),
    );
  }

  openCursor(): Promise<RowCursor> {
    return Promise.reject(
      new AludelError(
        'ALUDEL_OPERATION_UNSUPPORTED',
        'A revision does not stream: what it does is resumed by statement.',
        {
          hint: 'Read in portions: with op.batch(), or by "where id > last" and "limit".',
        },
      ),
    );
  }

  query(query: ArrayQuery): Promise<ArrayResult> {
    // Kept statements would outlive what the revision does to their tables.
    const once = { ...query, prepare: false };
    const { sql, params } = query;
    return this.#queue.send({ at: this.#locate(), sql, params, passed: this.#passed }, (connection) =>
      connection.query(once),
    );
  }

  begin(options: BeginOptions = {}): Promise<void> {
    return this.#sendQuietly(async (connection) => {
      if (!connection.inTransaction) {
        await connection.begin(options);
        this.#begun.push('transaction');
        this.#queue.transactions?.begun();
        return;
      }
      if (options.isolationLevel !== undefined) {
        throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', 'The transaction of the revision has begun already.', {
          hint: 'Leave the isolation level out: what is begun inside a revision is a savepoint.',
        });
      }
      const name = `aludel_revision_${this.#begun.length + 1}`;
      await connection.execute(`SAVEPOINT ${name}`);
      this.#begun.push({ savepoint: name });
      this.#queue.transactions?.begun();
    });
  }

  commit(): Promise<void> {
    return this.#end(true, (connection) => connection.commit(), ['RELEASE SAVEPOINT']);
  }

  rollback(): Promise<void> {
    return this.#end(false, (connection) => connection.rollback(), ['ROLLBACK TO SAVEPOINT', 'RELEASE SAVEPOINT']);
  }

  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      const value = await fn();
      await this.commit();
      return value;
    } catch (error) {
      await this.rollback().catch(() => undefined);
      throw error;
    }
  }

  /** The connection is the runner's. */
  async close(): Promise<void> {}

  #end(isKept: boolean, end: (connection: Connection) => Promise<void>, verbs: readonly string[]): Promise<void> {
    return this.#sendQuietly(async (connection) => {
      const last = this.#begun.pop();
      if (last === undefined) return;
      let hasEnded = false;
      try {
        if (last === 'transaction') await end(connection);
        else for (const verb of verbs) await connection.execute(`${verb} ${last.savepoint}`);
        hasEnded = true;
      } finally {
        this.#queue.transactions?.ended(isKept && hasEnded);
      }
    });
  }

  #sendQuietly<T>(task: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#queue.send({ at: this.#locate(), sql: null }, task);
  }
}
