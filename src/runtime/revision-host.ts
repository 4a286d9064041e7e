/** What is behind an `op` that has a connection: `op.db`, `op.session()` and `op.batch()` find it here. */
import { AludelError } from '../errors.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, DialectName } from '../engine/connection.js';
import type { Operations } from '../operations/recorder.js';
import type { Table } from '../schema/table.js';
import type { TableName } from '../schema/table.js';
import type { BatchLog } from './batch-log.js';
import { callSite, distantCallSite } from './call-site.js';
import type { OperationQueue } from './operation-queue.js';
import { RevisionConnection } from './revision-connection.js';

export interface RevisionHostOptions {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly queue: OperationQueue;
  /** The revision's file. */
  readonly file: string;
  readonly batches: BatchLog;
  /** Reads a table of the live schema. */
  findTable(name: TableName): Promise<Table | undefined>;
  /** Told after each batch. */
  onBatch(progress: BatchProgress): void;
}

/** How far an `op.batch()` has come. */
export interface BatchProgress {
  readonly table: string;
  /** Rows that were handed over, those of earlier runs included. */
  readonly done: number;
  /** Rows that there are to hand over, counted when the batch began. */
  readonly total: number;
}

export class RevisionHost {
  readonly options: RevisionHostOptions;
  /** What the handles keep for the time of the revision: one Kysely, say. */
  readonly kept: Map<string, unknown> = new Map();

  constructor(options: RevisionHostOptions) {
    this.options = options;
  }

  /** `file:line` of the caller, when it is in the revision's file. */
  locate(): string | null {
    return callSite(this.options.file);
  }

  /** A connection for calls that come from one place: from `place`, else from wherever the stack says, else `otherwise`. */
  connectionAt(place: string | null, otherwise: string | null = null, needsResults = false): Connection {
    const { connection, queue, file } = this.options;
    return new RevisionConnection(connection, queue, () => place ?? distantCallSite(file) ?? otherwise, needsResults);
  }
}

/** What is behind an `op` that has none. */
export interface OfflineHost {
  /** The error of what needs a connection; `at` is `file:line`. */
  refuse(at: string | null): AludelError;
  /** The dialect in which `op.db` writes changes of rows down; null where it needs a connection for them too. */
  readonly dialect: DialectName | null;
  /** Takes a statement of `op.db`, or throws what `refuse` gives. */
  write(sql: string, params: readonly unknown[], at: string | null): void;
  locate(): string | null;
  readonly kept: Map<string, unknown>;
}

const hosts: WeakMap<object, RevisionHost | OfflineHost> = new WeakMap();

/** Puts a connection behind an `op`, or what stands in for one. */
export function bindHost(op: Operations, host: RevisionHost | OfflineHost): void {
  hosts.set(op, host);
}

/** What is behind an `op` where it writes changes of rows down; undefined where there is a connection, or neither. */
export function scriptOf(op: Operations): (OfflineHost & { readonly dialect: DialectName }) | undefined {
  const host = hosts.get(op);
  if (host === undefined || host instanceof RevisionHost || host.dialect === null) return undefined;
  return { ...host, dialect: host.dialect };
}

/** @throws AludelError ALUDEL_NEEDS_CONNECTION where operations are recorded and not run. */
export function hostOf(op: Operations, what: string): RevisionHost {
  const host = hosts.get(op);
  if (host instanceof RevisionHost) return host;
  throw (
    host?.refuse(host.locate()) ??
    new AludelError('ALUDEL_NEEDS_CONNECTION', `"${what}" was used where operations are recorded and not run.`, {
      hint: 'Guard that part with "if (!op.offline)", or run the upgrade on a database.',
    })
  );
}
