/** What the rest of the package knows of a database connection. Drivers are adapted to this in `engine/drivers/`. */

export type DialectName = 'postgres' | 'sqlite' | 'mysql' | 'mariadb';

export type Row = Readonly<Record<string, unknown>>;

export interface QueryResult {
  /** Rows as objects by column name; empty for statements that return none. */
  readonly rows: readonly Row[];
  /** Rows changed by an INSERT, UPDATE or DELETE; 0 where the driver does not say. */
  readonly affectedRows: number;
  /** MySQL and MariaDB: the first key that an INSERT counted up, and how far apart the next ones are. */
  readonly insertId?: { readonly first: bigint; readonly step: bigint };
}

/** The server's version as numbers, so that `10.11` compares greater than `10.6`. */
export interface ServerVersion {
  readonly dialect: DialectName;
  readonly major: number;
  readonly minor: number;
  /** As the server says it, for messages. */
  readonly text: string;
}

export interface BeginOptions {
  /** SQLite only: `deferred` reads first, `immediate` takes the write lock at once. Default: `immediate`. */
  readonly mode?: 'deferred' | 'immediate' | 'exclusive';
}

/**
 * One physical connection. Statements run one at a time, in the order of the calls, whatever the caller awaits.
 * Placeholders are the driver's own: `$1` on PostgreSQL, `?` elsewhere.
 */
export interface Connection {
  readonly dialect: DialectName;
  readonly server: ServerVersion;
  /** True between `begin()` and the end of that transaction. */
  readonly inTransaction: boolean;
  /**
   * Runs one statement.
   * @throws AludelError ALUDEL_STATEMENT_FAILED with a redacted cause; ALUDEL_LOCK_TIMEOUT; ALUDEL_CONNECTION_LOST.
   */
  execute(sql: string, params?: readonly unknown[]): Promise<QueryResult>;
  begin(options?: BeginOptions): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Runs `fn` inside a savepoint: released when it returns, rolled back to when it throws. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
  /** Closes the connection, or gives it back. Safe to call twice. */
  close(): Promise<void>;
}

/** Where connections come from. Nothing is opened, and no driver loaded, before the first `connect()`. */
export interface Engine {
  readonly dialect: DialectName;
  /** The URL with its password replaced by `***`. */
  readonly url: string;
  connect(): Promise<Connection>;
  /** Runs `fn` in a transaction of its own connection: committed when it returns, rolled back when it throws. */
  transaction<T>(fn: (connection: Connection) => Promise<T>, options?: BeginOptions): Promise<T>;
  /** Closes every connection that is open. The engine may be used again afterwards. */
  dispose(): Promise<void>;
}

/** One line per statement that was sent. Parameters are never shown unless `hideParameters` is false. */
export interface EchoEvent {
  readonly sql: string;
  readonly params: readonly unknown[] | undefined;
  readonly milliseconds: number;
}

export interface EngineOptions {
  /** `true` prints each statement to stderr, a function receives it. Default: false. */
  readonly echo?: boolean | ((event: EchoEvent) => void);
  /** Milliseconds to wait for a lock (SQLite: another writer). Default: 5000. */
  readonly lockTimeout?: number;
  /** Milliseconds to wait for the server to answer a connect. Default: 10000. */
  readonly connectTimeout?: number;
  /** Keeps parameter values out of echo and errors. Default: true. */
  readonly hideParameters?: boolean;
}
