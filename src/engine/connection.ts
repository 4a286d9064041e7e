/** What the rest of the package knows of a database connection. Drivers are adapted to this in `engine/drivers/`. */

import type { AludelError } from '../errors.js';

import type { Kysely } from 'kysely';

export type DialectName = 'postgres' | 'sqlite' | 'mysql' | 'mariadb';

export type Row = Readonly<Record<string, unknown>>;

export interface QueryResult {
  /** Rows as objects by column name; empty for statements that return none. */
  readonly rows: readonly Row[];
  /** Rows changed by an INSERT, UPDATE or DELETE; 0 where the driver does not say. */
  readonly affectedRows: number;
}

/** The server's version as numbers, so that `10.11` compares greater than `10.6`. */
export interface ServerVersion {
  readonly dialect: DialectName;
  readonly major: number;
  readonly minor: number;
  /** As the server says it, for messages. */
  readonly text: string;
  /** MySQL and MariaDB: the `sql_mode` that the session began with, `onConnect` included. */
  readonly sqlMode?: string;
}

export interface BeginOptions {
  /** SQLite only: `deferred` reads first, `immediate` takes the write lock at once. Default: `immediate`. */
  readonly mode?: 'deferred' | 'immediate' | 'exclusive';
  /** Of this transaction alone. Default: the engine's. */
  readonly isolationLevel?: IsolationLevel | undefined;
  /**
   * PostgreSQL: begins with the first statement, in one round trip; a transaction without one sends nothing. No effect
   * elsewhere. Default: false.
   */
  readonly withFirst?: boolean;
  /** The server refuses to write; SQLite begins deferred and refuses nothing. Default: false. */
  readonly readOnly?: boolean | undefined;
}

/** SQLite is always serializable, which satisfies every level. */
export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';

export interface PlainStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A statement for `query()`, which works close to the driver: for the ORM and for what is run often. */
export interface ArrayQuery {
  readonly sql: string;
  readonly params?: readonly unknown[] | undefined;
  /**
   * Keeps the statement parsed on this connection, at most 200 of them, the one unused longest goes first: a named
   * statement on PostgreSQL, a compiled one on SQLite; MySQL and MariaDB take it as text. Default: true.
   */
  readonly prepare?: boolean;
  /**
   * Lists of values, instead of `params`. SQLite, where nothing is gained by one long statement, runs this one once for each,
   * in one go; the rows are those of all runs in their order. On PostgreSQL they are what `COPY ... FROM STDIN` reads, on
   * MySQL and MariaDB what `LOAD DATA LOCAL` reads (bytes as hexadecimal, warnings are errors).
   */
  readonly each?: readonly (readonly unknown[])[];
}

export interface ArrayResult {
  /** Rows as arrays in the order of the columns. */
  readonly rows: readonly (readonly unknown[])[];
  /** Names of the columns, read when asked for. */
  readonly columns: readonly string[];
  /** As in `QueryResult`. */
  readonly affectedRows: number;
  /** MySQL and MariaDB: the first key that the server made for an INSERT. SQLite: the last rowid. Else undefined. */
  readonly insertId: number | string | bigint | undefined;
  /** MySQL and MariaDB: the rows of an INSERT that were there already, where the server says it. */
  readonly duplicates?: number;
  /** SQLite: the rowid of each run of `each`, where the statement gives no rows. */
  readonly insertIds?: readonly (number | bigint)[];
}

/** Rows of one statement, a part at a time. */
export interface RowCursor {
  /** The next rows, fewer than `count` at the end alone. */
  read(count: number): Promise<readonly (readonly unknown[])[]>;
  /** Rows that were not read are not sent, or thrown away. */
  close(): Promise<void>;
}

/**
 * One physical connection. Statements run one at a time, in the order of the calls, whatever the caller awaits.
 * Placeholders are the driver's own: `$1` on PostgreSQL, `?` elsewhere.
 */
export interface Connection {
  readonly dialect: DialectName;
  readonly server: ServerVersion;
  /** PostgreSQL: the process that serves the connection, as it was told at login; a pooler makes one up. */
  readonly processId?: number | undefined;
  /** True between `begin()` and the end of that transaction. */
  readonly inTransaction: boolean;
  /**
   * Runs one statement.
   * @throws AludelError ALUDEL_STATEMENT_FAILED with a redacted cause, or a class that says more: UniqueViolationError,
   *   ForeignKeyViolationError, NotNullViolationError, CheckViolationError, DeadlockError, SerializationError;
   *   LockTimeoutError; ConnectionLostError.
   */
  execute(sql: string, params?: readonly unknown[]): Promise<QueryResult>;
  /**
   * Runs statements that read, each behind the other. PostgreSQL gets them in one go and works on the next while the rows of
   * the last are read; outside of a transaction they are one there, and behind one that fails none is run. Throws what
   * `execute` throws. Absent on the connection of a revision.
   */
  executeAll?(statements: readonly PlainStatement[]): readonly Promise<QueryResult>[];
  /** Runs one statement close to the driver: rows as arrays, the statement kept parsed. Throws what `execute` throws. */
  query(query: ArrayQuery): Promise<ArrayResult>;
  /**
   * Runs a SELECT whose rows are read a part at a time, within the open transaction. Other statements may run between two
   * reads: on PostgreSQL the server keeps the rest; on MySQL and MariaDB, and on SQLite for statements that write, the rest
   * is taken into memory first, because their drivers can do but one thing at a time.
   */
  openCursor(query: Pick<ArrayQuery, 'sql' | 'params'>): Promise<RowCursor>;
  begin(options?: BeginOptions): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Runs `fn` inside a savepoint: released when it returns, rolled back to when it throws. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
  /** Closes the connection, or gives it back. Safe to call twice. */
  close(): Promise<void>;
}

/** How far one transaction of an upgrade or downgrade reaches: a revision, all of the run, or nowhere. */
export type TransactionMode = 'revision' | 'run' | 'none';

export interface ConnectOptions {
  /**
   * Opens a session of its own outside the pool's count, which `close()` ends: for session locks and settings.
   * `sqlite::memory:` has one connection only, and gives that. Default: false.
   */
  readonly dedicated?: boolean;
  /** Who holds the connection, for PoolTimeoutError; a function is called when that is asked. Default: the place of the call. */
  readonly label?: string | (() => string) | undefined;
  /** Leads to a replica, where the engine has any that answers. Default: false. */
  readonly readOnly?: boolean | undefined;
}

export interface TransactionOptions extends BeginOptions, Pick<ConnectOptions, 'label' | 'readOnly'> {
  /** How often `fn` is run again after a deadlock or a serialization failure, each time from its start. Default: 0. */
  readonly retries?: number;
}

export interface DisposeOptions {
  /** Milliseconds that statements and transactions under way are given to end, before they are cut off. Default: 5000. */
  readonly timeout?: number;
}

/** Where connections come from. Nothing is opened, and no driver loaded, before the first `connect()`. */
export interface Engine extends EngineEventSource {
  readonly dialect: DialectName;
  /** The URL with its password replaced by `***`. */
  readonly url: string;
  /**
   * Takes a connection from the pool; `close()` gives it back, with an open transaction rolled back. A session whose
   * settings were changed (SET, PRAGMA, LISTEN, temporary tables, session locks) is closed then and not used again.
   * @throws AludelError PoolTimeoutError, which names who holds the connections; ConnectionLostError after `dispose()`.
   */
  connect(options?: ConnectOptions): Promise<Connection>;
  /**
   * A Kysely on the connections of the pool, for what `select()` cannot say. Tables and columns have their names in the
   * database, values are those of the driver; `TablesOf` makes the type of models. Each call makes a new one.
   * @see https://kysely.dev
   */
  kysely<Tables>(): Kysely<Tables>;
  /** Runs `fn` in a transaction of its own connection: committed when it returns, rolled back when it throws. */
  transaction<T>(fn: (connection: Connection) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Waits for the statements and transactions under way, then closes every connection, those that are just being opened
   * and those that are held idle too; who still waits for one gets ConnectionLostError. The engine may be used again.
   */
  dispose(options?: DisposeOptions): Promise<void>;
}

/** One line per statement that was sent. Parameters are never shown unless `hideParameters` is false. */
export interface EchoEvent {
  readonly sql: string;
  readonly params: readonly unknown[] | undefined;
  readonly milliseconds: number;
}

/** A statement that has ended. */
export interface QueryEvent extends EchoEvent {
  /** Rows that came back, or that were changed. */
  readonly rows: number;
  /** Why it failed; undefined where it has not. */
  readonly error: AludelError | undefined;
}

/** A connection of the pool. */
export interface PoolEvent {
  /** Where it leads: `host:port` or a file. */
  readonly place: string;
  /** With `connect` and `checkout`: ready for statements, before anyone else gets it. */
  readonly connection: Connection | undefined;
}

export type PoolEventName = 'connect' | 'checkout' | 'checkin' | 'close';

export interface SlowQueryOptions {
  /** A statement that took at least so long is slow. */
  readonly milliseconds: number;
}

export interface EngineEventSource {
  /** Calls `listener` after every statement, those that begin and end transactions too; it is not awaited. */
  on(event: 'query', listener: (event: QueryEvent) => void): () => void;
  /**
   * Calls `listener` after every statement that took long.
   * @example engine.on('slowQuery', { milliseconds: 200 }, ({ sql, milliseconds }) => log.warn({ sql, milliseconds }));
   */
  on(event: 'slowQuery', options: SlowQueryOptions, listener: (event: QueryEvent) => void): () => void;
  /**
   * Calls `listener` and awaits it: `connect` for each connection that is opened, `checkout` when one is handed out,
   * `checkin` when it is given back, `close` when it is closed. When `connect` or `checkout` throws, `engine.connect()`
   * does. Gives the function that takes the listener away.
   */
  on(event: PoolEventName, listener: (event: PoolEvent) => void | Promise<void>): () => void;
}

/** Connections that are kept open for the next holder. */
export interface PoolOptions {
  /** Connections kept open when nobody holds them. Default: 5. */
  readonly size?: number;
  /** Connections beyond `size` while they are needed; closed when given back. `Infinity` for no limit. Default: 10. */
  readonly overflow?: number;
  /** Milliseconds to wait for a free connection. Default: 30000; on `sqlite::memory:` the lock timeout. */
  readonly timeout?: number;
  /** Milliseconds of age after which a connection is replaced instead of handed out. Default: never. */
  readonly recycle?: number;
  /** Milliseconds of idleness after which a connection is tried before it is handed out, or false. Default: 5000. */
  readonly prePing?: number | false;
  /** Which free connection is next: the one used last, or the one used longest ago. Default: `lifo`. */
  readonly order?: 'lifo' | 'fifo';
}

/** What Node's TLS needs to know; certificates and keys as PEM text. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Accepts any certificate when false. Default: true. */
  readonly rejectUnauthorized?: boolean;
  /** The name that the certificate must have, where it is not the host. */
  readonly servername?: string;
}

export interface EngineOptions {
  /** `false` opens a connection for every holder. Default: see `PoolOptions`. `sqlite::memory:` has always one. */
  readonly pool?: PoolOptions | false;
  /**
   * URLs of copies of the database, for those who only read: sessions with `readOnly`. They take turns, with a pool each; one
   * that cannot be reached is left out for 30 seconds, and without any the database itself is read. Default: none.
   */
  readonly replicas?: readonly string[];
  /** Prepares each new connection before anyone gets it: settings, PRAGMAs. When it throws, `connect()` does. */
  readonly onConnect?: (connection: Connection) => Promise<void>;
  /** Of every transaction that names none. Default: the server's. */
  readonly isolationLevel?: IsolationLevel | undefined;
  /**
   * Milliseconds after which the server ends a statement; on MySQL SELECTs alone. Refused on SQLite, whose driver cannot
   * interrupt. Default: the server's.
   */
  readonly statementTimeout?: number;
  /** Named statements on PostgreSQL. `false` for poolers that cannot keep them. Default: true. */
  readonly prepare?: boolean;
  /** TLS on PostgreSQL, MySQL and MariaDB. What the URL says about it (`sslmode`, `ssl-mode`) wins. Default: false. */
  readonly ssl?: boolean | TlsOptions;
  /** Options for the driver, as its own documentation names them. Those that decide the form of values stay ours. */
  readonly connectArgs?: Readonly<Record<string, unknown>>;
  /** `true` prints each statement to stderr, a function receives it. Default: false. */
  readonly echo?: boolean | ((event: EchoEvent) => void);
  /** Milliseconds to wait for a lock (SQLite: another writer). Default: 5000. */
  readonly lockTimeout?: number;
  /** Milliseconds to wait for the server to answer a connect. Default: 10000. */
  readonly connectTimeout?: number;
  /** Keeps parameter values out of echo and errors. Default: true. */
  readonly hideParameters?: boolean;
}
