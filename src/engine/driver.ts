/** What a driver adapter gives the engine: raw statements and raw errors. Order, transactions and wrapping are ours. */
import type { BeginOptions, IsolationLevel, PlainStatement, ServerVersion, TlsOptions } from './connection.js';

/** The options of an engine with every default filled in. */
export interface DriverSettings {
  /** Milliseconds. */
  readonly lockTimeout: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly hideParameters: boolean;
  /** Milliseconds. */
  readonly statementTimeout: number | undefined;
  readonly isolationLevel: IsolationLevel | undefined;
  readonly prepare: boolean;
  readonly ssl: boolean | TlsOptions;
  readonly connectArgs: Readonly<Record<string, unknown>>;
}

/** How rows are wanted; `execute()` asks for objects of decoded values by an unprepared statement. */
export interface RunMode {
  readonly asArrays: boolean;
  readonly prepare: boolean;
  /** A statement that begins a transaction, to be sent with this one: where the driver `beginsTogether`. */
  readonly begin?: string | undefined;
  /** As in `ArrayQuery`. */
  readonly each?: readonly (readonly unknown[])[];
  /** Gives the rows by a cursor; of arrays alone. */
  readonly isCursor?: boolean;
}

/** Rows of one statement, a part at a time. While it is open, `run` may be called between two reads. */
export interface DriverCursor {
  /** The next rows, fewer than `count` at the end alone. */
  read(count: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export const AS_OBJECTS: RunMode = { asArrays: false, prepare: false };

export interface DriverResult {
  /** Objects or arrays, as the mode says. */
  readonly rows: readonly unknown[];
  readonly columns: readonly string[];
  readonly affectedRows: number;
  readonly insertId: number | string | bigint | undefined;
  /** SQLite: the rowid of each run of `each`, where the statement gives no rows. */
  readonly insertIds?: readonly (number | bigint)[];
  /** Where the mode asks for one. */
  readonly cursor?: DriverCursor;
  /** MySQL and MariaDB: the rows of an INSERT that were there already, where the server says it. */
  readonly duplicates?: number;
  /** The command tag, where the server sends one. */
  readonly command?: string;
}

export interface DriverConnection {
  readonly server: ServerVersion;
  /** As in `Connection`. */
  readonly processId?: number | undefined;
  /** Where the connection leads, for messages: `host:port` or a file. */
  readonly place: string;
  /** True when the server or the network has ended it. */
  readonly isLost: boolean;
  /** What the driver knows of an open transaction; undefined where it does not say. */
  readonly isInTransaction: boolean | undefined;
  /** True where a transaction can begin in the round trip of its first statement. */
  readonly beginsTogether?: boolean;
  /** Reads again what `server` says of the session, which `onConnect` may have changed; undefined where it says nothing. */
  readSession?(): Promise<void>;
  /** The statements that begin a transaction. */
  beginSql(options: BeginOptions): readonly string[];
  /** Runs one statement. Throws the driver's own error. Never called while another call is running. */
  run(sql: string, params: readonly unknown[], mode?: RunMode): Promise<DriverResult>;
  /** True where statements can go to the server together. */
  readonly runsTogether?: boolean;
  /** Sends statements in one go, of which none is run behind one that fails; gives what each answers when it does. */
  runTogether?(statements: readonly PlainStatement[]): readonly Promise<DriverResult>[];
  /** An idle connection does not keep the process alive. */
  setIdle(isIdle: boolean): void;
  close(): Promise<void>;
  /** Cuts it off, also while a statement runs. */
  destroy(): void;
}
