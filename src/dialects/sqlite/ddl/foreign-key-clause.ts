import type { Identifier, SqlText, TokenCursor, TokenRange } from './token-cursor.js';

export type ReferenceAction = 'cascade' | 'restrict' | 'set null' | 'set default' | 'no action';

/** `REFERENCES table (columns) ON ... MATCH ... DEFERRABLE ...`. Where a clause is repeated, the last one counts. */
export interface References extends TokenRange {
  readonly table: Identifier;
  /** `null` where none are named, which means the primary key of the other table. */
  readonly columns: readonly Identifier[] | null;
  /** `null` where nothing is said, which means no action. */
  readonly onDelete: ReferenceAction | null;
  readonly onUpdate: ReferenceAction | null;
  /** As written; SQLite reads it and does nothing with it. */
  readonly match: Identifier | null;
  /** `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]` as written, if it directly follows. */
  readonly deferrable: Deferrable | null;
}

export interface Deferrable extends SqlText {
  /** Whether the check waits for COMMIT, which only `DEFERRABLE INITIALLY DEFERRED` makes it do. */
  readonly isDeferred: boolean;
}

/** Reads from REFERENCES on. */
export function parseReferences(cursor: TokenCursor): References {
  const start = cursor.index;
  cursor.expectWords('REFERENCES');
  const table = cursor.expectName();
  const columns = cursor.atOperator('(') ? parseNames(cursor) : null;
  let onDelete: ReferenceAction | null = null;
  let onUpdate: ReferenceAction | null = null;
  let match: Identifier | null = null;
  for (;;) {
    if (cursor.takeWords('ON', 'DELETE')) onDelete = parseAction(cursor);
    else if (cursor.takeWords('ON', 'UPDATE')) onUpdate = parseAction(cursor);
    else if (cursor.takeWords('ON', 'INSERT')) parseAction(cursor);
    else if (cursor.takeWords('MATCH')) match = cursor.expectName();
    else break;
  }
  const deferrable = parseDeferrable(cursor);
  return { table, columns, onDelete, onUpdate, match, deferrable, start, end: cursor.index };
}

/** Reads `[NOT] DEFERRABLE ...`, or answers `null` where it does not stand. */
export function parseDeferrable(cursor: TokenCursor): Deferrable | null {
  const start = cursor.index;
  const isNot = cursor.takeWords('NOT', 'DEFERRABLE');
  if (!isNot && !cursor.takeWords('DEFERRABLE')) return null;
  const isLate = cursor.takeWords('INITIALLY', 'DEFERRED');
  if (!isLate && cursor.takeWords('INITIALLY')) cursor.expectWords('IMMEDIATE');
  return { ...cursor.textFrom(start), isDeferred: isLate && !isNot };
}

/** Reads `(a, b)`. */
export function parseNames(cursor: TokenCursor): Identifier[] {
  const names: Identifier[] = [];
  cursor.expectOperator('(');
  do {
    names.push(cursor.expectName());
    // A collation and an order are read here only in files of old SQLite versions; both are without effect.
    if (cursor.takeWords('COLLATE')) cursor.expectName();
    if (!cursor.takeWords('ASC')) cursor.takeWords('DESC');
  } while (cursor.takeOperator(','));
  cursor.expectOperator(')');
  return names;
}

function parseAction(cursor: TokenCursor): ReferenceAction {
  if (cursor.takeWords('SET', 'NULL')) return 'set null';
  if (cursor.takeWords('SET', 'DEFAULT')) return 'set default';
  if (cursor.takeWords('CASCADE')) return 'cascade';
  if (cursor.takeWords('RESTRICT')) return 'restrict';
  cursor.expectWords('NO', 'ACTION');
  return 'no action';
}
