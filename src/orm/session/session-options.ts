import { AludelError } from '../../errors.js';
import type { IsolationLevel } from '../../engine/connection.js';
import type { LoadOption } from '../loading/loaders.js';
import type { Criteria } from '../query/criteria.js';

export interface SessionOptions {
  /** Writes what changed before every statement that reads. Default: true. */
  readonly autoflush?: boolean;
  /** Forgets what is loaded at every commit. Default: false. */
  readonly expireOnCommit?: boolean;
  /**
   * SQLite: how the transaction begins. `deferred` suits sessions that only read: one that reads first and writes later
   * fails where another has written in between. Default: `immediate`.
   */
  readonly mode?: 'deferred' | 'immediate';
  /** Of the session's transactions. Default: the engine's. */
  readonly isolationLevel?: IsolationLevel | undefined;
  /** Reads alone, from a replica where the engine has one; a flush with something to write is refused. Default: false. */
  readonly readOnly?: boolean;
  /** What every row must meet to be read; added to what the session maker says. Default: nothing. */
  readonly criteria?: readonly Criteria[];
  /** What listeners and whoever else has the session shall know: who acts, for which request. Default: nothing. */
  readonly info?: Readonly<Record<string, unknown>>;
}

export interface StreamOptions {
  /** Rows in memory at a time. Default: 1000; of `insertMany()` 5000. */
  readonly batch?: number;
}

export interface RefreshOptions {
  /** What is loaded with the object, anew too: `[selectin(Ticket.c.comments)]`. */
  readonly load?: readonly LoadOption[];
  /** Throws unsaved changes away. Default: false, they are an UnsavedChangesError. */
  readonly discard?: boolean;
}

/** @throws AludelError ALUDEL_USAGE where it is no number of rows. */
export function checkBatch(batch: number): void {
  if (Number.isSafeInteger(batch) && batch >= 1) return;
  throw new AludelError('ALUDEL_USAGE', 'The batch of a stream must be a whole number from 1.', {
    hint: 'Leave it out for the default.',
  });
}
