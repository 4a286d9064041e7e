/**
 * How far a revision has come, as the log keeps it where ROLLBACK cannot undo everything. The unit is the group: one
 * operation, or those that SQLite carries out together. Groups before `done` have taken effect, the one at `done` may be
 * in flight, nothing after it was sent.
 */
import { hash } from 'node:crypto';
import type { Statement } from '../dialects/dialect.js';
import type { Operation } from '../operations/operation.js';
import type { Counter } from './counter-memory.js';

export interface Progress {
  /** Groups that have taken effect. */
  readonly done: number;
  /** Statements of theirs that were sent. */
  readonly statements: number;
  /** Of those groups, so that a file that has changed in this part is noticed. */
  readonly digest: string;
  readonly flight: Flight | null;
  /** MySQL and MariaDB: columns that count again once they have a key. */
  readonly counters?: readonly Counter[];
}

/** The group that had been begun. */
export interface Flight {
  readonly digest: string;
  /** The statement of the group that was sent last, from 0; those before it have taken effect. */
  readonly at: number;
  /** The statements as they were compiled, since the schema that they were made for is gone; null for raw SQL. */
  readonly statements: readonly Statement[] | null;
  /** True when the database refused the statement: it has not taken effect. */
  readonly hasFailed: boolean;
  /** What the tables that the statement is about looked like before it; null where that is not asked. */
  readonly before: string | null;
}

export const NO_PROGRESS: Progress = { done: 0, statements: 0, digest: '', flight: null };

/** True when something of the revision has taken effect, or may have. */
export function isHalfDone({ done, flight }: Progress): boolean {
  return done > 0 || (flight !== null && (flight.at > 0 || !flight.hasFailed));
}

/** Bytes of a MySQL TEXT, with some to spare. */
const LONGEST = 60_000;

export function writeProgress(progress: Progress): string {
  const text = JSON.stringify(progress);
  if (Buffer.byteLength(text) <= LONGEST || progress.flight === null) return text;
  return JSON.stringify({ ...progress, flight: { ...progress.flight, statements: null } });
}

/** What `writeProgress` wrote; nothing where a version of Aludel that kept no progress did. */
export function readProgress(text: unknown): Progress | null {
  return typeof text === 'string' && text !== '' ? (JSON.parse(text) as Progress) : null;
}

/**
 * The digest of one more group. Where nothing was read before, parameters are left out: a date or a random id may be
 * another one each time. Behind a read they may say which rows are meant, and those may be others by now.
 */
export function addToDigest(digest: string, operations: readonly Operation[], isBehindRead: boolean): string {
  const plain = operations.map((operation) =>
    operation.kind === 'execute' && !isBehindRead ? { ...operation, params: operation.params.length } : operation,
  );
  return hash('sha256', `${digest}${toText(plain)}`, 'hex').slice(0, 32);
}

/** A function that looks at every value takes several times as long, and hardly anything holds a bigint. */
function toText(operations: readonly object[]): string {
  try {
    return JSON.stringify(operations);
  } catch {
    return JSON.stringify(operations, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  }
}
