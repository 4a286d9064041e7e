/** The session of a revision: in its transaction, which only the runner ends. */
import type { Dialect } from './dialects/dialect.js';
import type { Connection, DialectName } from './engine/connection.js';
import { AludelError } from './errors.js';
import { Session } from './orm/session/session.js';
import type { Active, Transaction } from './orm/session/transaction.js';
import type { RevisionHost } from './runtime/revision-host.js';

/**
 * A session on the connection of a revision. `commit()` writes what changed; the transaction ends with the revision. In a
 * revision without a transaction the session has its own, from its first statement to `commit()` or `rollback()`.
 */
export class RevisionSession extends Session {
  readonly #isTransactional: boolean;

  constructor(host: RevisionHost) {
    const place = host.locate();
    const { dialect, queue } = host.options;
    super(new RevisionTransaction(host.connectionAt(null, place, true), dialect, queue.isTransactional));
    this.#isTransactional = queue.isTransactional;
    queue.addHandle(this);
  }

  override rollback(): Promise<void> {
    if (!this.#isTransactional) return super.rollback();
    return Promise.reject(
      new AludelError(
        'ALUDEL_OBJECT_STATE',
        'op.session() cannot roll back: the transaction is the one of the revision.',
        {
          hint: 'Throw an error to undo the whole revision, or put what may be undone inside session.nested().',
        },
      ),
    );
  }

  /** Writes what changed first: what a revision leaves behind is not lost. */
  override async close(): Promise<void> {
    await this.commit();
    await super.close();
  }
}

class RevisionTransaction implements Transaction {
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #isTransactional: boolean;
  #isOwn = false;

  constructor(connection: Connection, dialect: Dialect, isTransactional: boolean) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.#isTransactional = isTransactional;
  }

  get dialect(): DialectName {
    return this.#dialect.name;
  }

  async start(): Promise<Active> {
    // Inside op.batch() or a transaction of op.db the session is a part of that.
    if (!this.#isTransactional && !this.#isOwn && !this.#connection.inTransaction) {
      await this.#connection.begin();
      this.#isOwn = true;
    }
    return { connection: this.#connection, dialect: this.#dialect };
  }

  commit(): Promise<void> {
    return this.#end(() => this.#connection.commit());
  }

  rollback(): Promise<void> {
    return this.#end(() => this.#connection.rollback());
  }

  async #end(end: () => Promise<void>): Promise<void> {
    if (!this.#isOwn) return;
    this.#isOwn = false;
    await end();
  }
}
