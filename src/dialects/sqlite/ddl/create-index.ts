import { parseIndexedColumns } from './indexed-columns.js';
import type { IndexedColumn } from './indexed-columns.js';
import { ParseFailure, TokenCursor } from './token-cursor.js';
import type { Identifier, SqlText } from './token-cursor.js';
import type { Token } from './tokenizer.js';

export interface CreateIndex {
  readonly kind: 'index';
  readonly tokens: readonly Token[];
  readonly unique: boolean;
  readonly ifNotExists: boolean;
  readonly schema: Identifier | null;
  readonly name: Identifier;
  readonly table: Identifier;
  readonly parts: readonly IndexedColumn[];
  /** The condition of a partial index, without the word WHERE. */
  readonly where: SqlText | null;
}

/** A statement that is not a CREATE INDEX that SQLite's grammar allows. */
export interface OtherIndex {
  readonly kind: 'other';
  readonly tokens: readonly Token[];
  /** A sentence for messages: what was expected, what is there, at which offset. */
  readonly reason: string;
}

/** Parses one CREATE INDEX as SQLite keeps it in sqlite_master. Never throws: see `OtherIndex`. */
export function parseCreateIndex(sql: string): CreateIndex | OtherIndex {
  const cursor = new TokenCursor(sql);
  try {
    return parseStatement(cursor);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { kind: 'other', tokens: cursor.tokens, reason: error.message };
  }
}

function parseStatement(cursor: TokenCursor): CreateIndex {
  cursor.expectWords('CREATE');
  const unique = cursor.takeWords('UNIQUE');
  cursor.expectWords('INDEX');
  const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
  const first = cursor.expectName();
  const second = cursor.takeOperator('.') ? cursor.expectName() : null;
  cursor.expectWords('ON');
  const table = cursor.expectName();
  cursor.expectOperator('(');
  const parts = parseIndexedColumns(cursor);
  cursor.expectOperator(')');
  const where = cursor.takeWords('WHERE') ? parseCondition(cursor) : null;
  cursor.expectEnd();
  const names = { schema: second === null ? null : first, name: second ?? first };
  return { kind: 'index', tokens: cursor.tokens, unique, ifNotExists, ...names, table, parts, where };
}

function parseCondition(cursor: TokenCursor): SqlText {
  const start = cursor.index;
  while (!cursor.atOperator(';') && cursor.peek().kind !== 'end') {
    if (cursor.peek().kind === 'invalid') throw cursor.failure('an expression');
    cursor.index += 1;
  }
  if (cursor.index === start) throw cursor.failure('an expression');
  return cursor.textFrom(start);
}
