/** What is behind an `op` that has a connection: `op.db`, `op.session()` and `op.batch()` find it here. */
import { AludelError } from '../errors.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
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

const hosts: WeakMap<object, RevisionHost | (() => AludelError)> = new WeakMap();

/** Puts a connection behind an `op`, or the error of one that has none. */
export function bindHost(op: Operations, host: RevisionHost | (() => AludelError)): void {
  hosts.set(op, host);
}

/** @throws AludelError ALUDEL_NEEDS_CONNECTION where operations are recorded and not run. */
export function hostOf(op: Operations, what: string): RevisionHost {
  const host = hosts.get(op);
  if (host instanceof RevisionHost) return host;
  throw (
    host?.() ??
    new AludelError('ALUDEL_NEEDS_CONNECTION', `"${what}" was used where operations are recorded and not run.`, {
      hint: 'Guard that part with "if (!op.offline)", or run the upgrade on a database.',
    })
  );
}
