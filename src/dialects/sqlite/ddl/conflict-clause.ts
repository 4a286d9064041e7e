import type { TokenCursor } from './token-cursor.js';

const ACTIONS = ['rollback', 'abort', 'fail', 'ignore', 'replace'] as const;

/** What SQLite does with a row that breaks the constraint; `abort` where nothing is said. */
export type ConflictAction = (typeof ACTIONS)[number];

/** Reads `ON CONFLICT action`, or answers `null` where it does not stand. */
export function parseConflict(cursor: TokenCursor): ConflictAction | null {
  if (!cursor.takeWords('ON', 'CONFLICT')) return null;
  const action = ACTIONS.find((name) => cursor.takeWords(name.toUpperCase()));
  if (action === undefined) throw cursor.failure('ROLLBACK, ABORT, FAIL, IGNORE or REPLACE');
  return action;
}
