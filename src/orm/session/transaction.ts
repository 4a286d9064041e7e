/** The transaction of a session: on a connection of its own, or as a savepoint of one that is open already. */
import { AludelError } from '../../errors.js';
import type { Dialect } from '../../dialects/dialect.js';
import type {
  ArrayQuery,
  ArrayResult,
  BeginOptions,
  ConnectOptions,
  Connection,
  DialectName,
  Engine,
} from '../../engine/connection.js';
import type { RowCriteria } from '../loading/row-criteria.js';

/** A connection with an open transaction, and the SQL that it speaks. */
export interface Active {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** Sends a statement of the ORM in the place of `connection.query`: through the listeners of the session. */
  readonly send?: ((query: ArrayQuery) => Promise<ArrayResult>) | undefined;
  /** What reads of the session keep to; unset where a flush reads, which must see all rows. */
  readonly criteria?: RowCriteria | undefined;
}

/** Finds the dialect of a connection; given from above, since `engine/` knows none. */
export type DialectOf = (connection: Connection) => Promise<Dialect>;

export interface Transaction {
  /** Known before there is a connection. */
  readonly dialect: DialectName;
  /** The connection, with its transaction begun. */
  start(): Promise<Active>;
  /** Ends the transaction, if one is open, and gives the connection back. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

type OwnOptions = BeginOptions & Pick<ConnectOptions, 'label' | 'readOnly'>;

export class OwnTransaction implements Transaction {
  readonly dialect: DialectName;
  readonly #engine: Engine;
  readonly #dialectOf: DialectOf;
  readonly #options: OwnOptions;
  /** Set where nobody is left to end another one: what runs on behind its session must not open a connection. */
  isLast = false;
  #active: Active | undefined;

  constructor(engine: Engine, dialectOf: DialectOf, options: OwnOptions) {
    this.#engine = engine;
    this.#dialectOf = dialectOf;
    this.dialect = engine.dialect;
    this.#options = options;
  }

  async start(): Promise<Active> {
    if (this.#active !== undefined) return this.#active;
    if (this.isLast) {
      throw new AludelError(
        'ALUDEL_OBJECT_STATE',
        'The session is over: the function of its db.begin() or db.run() has ended.',
        {
          hint: 'Await there whatever uses the session, or begin another one. In a web server the request may be over.',
        },
      );
    }
    const connection = await this.#engine.connect(this.#options);
    try {
      const dialect = await this.#dialectOf(connection);
      await connection.begin(this.#options);
      this.#active = { connection, dialect };
      return this.#active;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  commit(): Promise<void> {
    return this.#end((connection) => connection.commit());
  }

  rollback(): Promise<void> {
    return this.#end((connection) =>
      connection.rollback().catch((error: unknown) => {
        // The server rolls back by itself what it has lost.
        if (!(error instanceof AludelError) || error.code !== 'ALUDEL_CONNECTION_LOST') throw error;
      }),
    );
  }

  async #end(finish: (connection: Connection) => Promise<void>): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    if (active === undefined) return;
    try {
      await finish(active.connection);
    } finally {
      await active.connection.close();
    }
  }
}

/** Every transaction is a savepoint of the one that is open: its end leaves the connection alone. */
export class JoinedTransaction implements Transaction {
  readonly dialect: DialectName;
  readonly #active: Active;
  #end: ((isRolledBack: boolean) => void) | undefined;
  #done: Promise<void> | undefined;

  constructor(active: Active) {
    this.#active = active;
    this.dialect = active.dialect.name;
  }

  async start(): Promise<Active> {
    if (this.#end !== undefined) return this.#active;
    await new Promise<void>((started, failed) => {
      const savepoint = this.#active.connection.savepoint(
        () =>
          new Promise<void>((release, rollBack) => {
            this.#end = (isRolledBack) => (isRolledBack ? rollBack(ROLLED_BACK) : release());
            started();
          }),
      );
      this.#done = savepoint.catch((error: unknown) => {
        failed(error);
        if (error !== ROLLED_BACK) throw error;
      });
      // Whoever ends the transaction sees the error.
      this.#done.catch(() => undefined);
    });
    return this.#active;
  }

  commit(): Promise<void> {
    return this.#finish(false);
  }

  rollback(): Promise<void> {
    return this.#finish(true);
  }

  async #finish(isRolledBack: boolean): Promise<void> {
    const end = this.#end;
    this.#end = undefined;
    end?.(isRolledBack);
    await this.#done;
    this.#done = undefined;
  }
}

const ROLLED_BACK: Error = new Error('The session was rolled back.');
