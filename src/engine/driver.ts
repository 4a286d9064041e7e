/** What a driver adapter gives the engine: raw statements and raw errors. Order, transactions and wrapping are ours. */
import type { BeginOptions, QueryResult, ServerVersion } from './connection.js';

/** The options of an engine with every default filled in. */
export interface DriverSettings {
  /** Milliseconds. */
  readonly lockTimeout: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly hideParameters: boolean;
}

export interface DriverResult extends QueryResult {
  /** The command tag, where the server sends one. */
  readonly command?: string;
}

export interface DriverConnection {
  readonly server: ServerVersion;
  /** Where the connection leads, for messages: `host:port` or a file. */
  readonly place: string;
  /** True when the server or the network has ended it. */
  readonly isLost: boolean;
  /** What the driver knows of an open transaction; undefined where it does not say. */
  readonly isInTransaction: boolean | undefined;
  beginSql(mode: NonNullable<BeginOptions['mode']>): string;
  /** Runs one statement. Throws the driver's own error. Never called while another call is running. */
  run(sql: string, params: readonly unknown[]): Promise<DriverResult>;
  close(): Promise<void>;
}
