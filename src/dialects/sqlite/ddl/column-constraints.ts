import { parseConflict } from './conflict-clause.js';
import type { ConflictAction } from './conflict-clause.js';
import { parseDeferrable, parseReferences } from './foreign-key-clause.js';
import type { Deferrable, References } from './foreign-key-clause.js';
import { isClockWord, isReservedWord } from './keywords.js';
import type { Identifier, SqlText, TokenCursor, TokenRange } from './token-cursor.js';

interface Constraint extends TokenRange {
  /** From `CONSTRAINT name`, which is part of the range. */
  readonly name: Identifier | null;
}

export interface ColumnPrimaryKey extends Constraint {
  readonly kind: 'primaryKey';
  /** `desc` makes an `INTEGER PRIMARY KEY` an ordinary column instead of the rowid. */
  readonly order: 'asc' | 'desc' | null;
  readonly conflict: ConflictAction | null;
  readonly autoincrement: boolean;
}

export interface ColumnNotNull extends Constraint {
  readonly kind: 'notNull';
  readonly conflict: ConflictAction | null;
}

/** The word NULL, which SQLite accepts and which does nothing. */
export interface ColumnNull extends Constraint {
  readonly kind: 'null';
  readonly conflict: ConflictAction | null;
}

export interface ColumnUnique extends Constraint {
  readonly kind: 'unique';
  readonly conflict: ConflictAction | null;
}

export interface ColumnCheck extends Constraint {
  readonly kind: 'check';
  readonly expression: SqlText;
}

export interface ColumnDefault extends Constraint {
  readonly kind: 'default';
  /** As `PRAGMA table_info` shows it: an expression without its parentheses, the sign of a number included. */
  readonly value: SqlText;
  /**
   * - `expression`: in parentheses
   * - `literal`: a number with or without a sign, a string, a blob, NULL
   * - `word`: `CURRENT_TIMESTAMP` and the like, `TRUE`, `FALSE`; any other bare or quoted name, which SQLite takes for a string
   */
  readonly form: 'expression' | 'literal' | 'word';
}

export interface ColumnCollate extends Constraint {
  readonly kind: 'collate';
  readonly collation: Identifier;
}

export interface ColumnReferences extends Constraint {
  readonly kind: 'references';
  readonly references: References;
}

/** `DEFERRABLE ...` that does not directly follow its REFERENCES; it is about the last one before it in the table. */
export interface ColumnDeferrable extends Constraint {
  readonly kind: 'deferrable';
  readonly deferrable: Deferrable;
}

export interface ColumnGenerated extends Constraint {
  readonly kind: 'generated';
  readonly expression: SqlText;
  /** `virtual` where nothing is said. */
  readonly storage: 'stored' | 'virtual';
  /** Whether STORED or VIRTUAL is spelled out. */
  readonly isStorageSaid: boolean;
  /** Whether `GENERATED ALWAYS` is spelled out before AS. */
  readonly always: boolean;
}

/** `CONSTRAINT name` with no constraint after it, which SQLite accepts. */
export interface NameOnly extends Constraint {
  readonly kind: 'nameOnly';
}

export type ColumnConstraint =
  | ColumnPrimaryKey
  | ColumnNotNull
  | ColumnNull
  | ColumnUnique
  | ColumnCheck
  | ColumnDefault
  | ColumnCollate
  | ColumnReferences
  | ColumnDeferrable
  | ColumnGenerated
  | NameOnly;

/** Reads the next constraint of a column, or answers `null` where none stands. */
export function parseColumnConstraint(cursor: TokenCursor): ColumnConstraint | null {
  const start = cursor.index;
  const name = cursor.takeWords('CONSTRAINT') ? cursor.expectName() : null;
  const rest = parseUnnamed(cursor) ?? (name === null ? null : { kind: 'nameOnly' as const });
  return rest === null ? null : { ...rest, name, start, end: cursor.index };
}

type WithoutName<C> = C extends ColumnConstraint ? Omit<C, keyof Constraint> : never;

function parseUnnamed(cursor: TokenCursor): WithoutName<ColumnConstraint> | null {
  if (cursor.takeWords('PRIMARY', 'KEY')) {
    const order = parseOrder(cursor);
    const conflict = parseConflict(cursor);
    return { kind: 'primaryKey', order, conflict, autoincrement: cursor.takeWords('AUTOINCREMENT') };
  }
  if (cursor.takeWords('NOT', 'NULL')) return { kind: 'notNull', conflict: parseConflict(cursor) };
  if (cursor.takeWords('NULL')) return { kind: 'null', conflict: parseConflict(cursor) };
  if (cursor.takeWords('UNIQUE')) return { kind: 'unique', conflict: parseConflict(cursor) };
  if (cursor.takeWords('CHECK')) return { kind: 'check', expression: cursor.expectParenthesised() };
  if (cursor.takeWords('DEFAULT')) return { kind: 'default', ...parseDefault(cursor) };
  if (cursor.takeWords('COLLATE')) return { kind: 'collate', collation: cursor.expectName() };
  if (cursor.atWords('REFERENCES')) return { kind: 'references', references: parseReferences(cursor) };
  if (cursor.takeWords('GENERATED', 'ALWAYS', 'AS'))
    return { kind: 'generated', ...parseGenerated(cursor), always: true };
  if (cursor.takeWords('AS')) return { kind: 'generated', ...parseGenerated(cursor), always: false };
  const deferrable = parseDeferrable(cursor);
  return deferrable === null ? null : { kind: 'deferrable', deferrable };
}

function parseOrder(cursor: TokenCursor): 'asc' | 'desc' | null {
  if (cursor.takeWords('ASC')) return 'asc';
  return cursor.takeWords('DESC') ? 'desc' : null;
}

function parseDefault(cursor: TokenCursor): Pick<ColumnDefault, 'value' | 'form'> {
  if (cursor.atOperator('(')) return { value: cursor.expectParenthesised(), form: 'expression' };
  const start = cursor.index;
  const isSigned = cursor.takeOperator('+', '-');
  const { kind, text } = cursor.peek();
  const isName = kind === 'name' || (kind === 'word' && !isReservedWord(text));
  const isWord = isName && (!isSigned || isClockWord(text));
  const isLiteral = kind === 'number' || kind === 'string' || kind === 'blob' || cursor.atWords('NULL');
  if (!isWord && !isLiteral) throw cursor.failure('a default value');
  cursor.index += 1;
  return { value: cursor.textFrom(start), form: isWord ? 'word' : 'literal' };
}

function parseGenerated(cursor: TokenCursor): Pick<ColumnGenerated, 'expression' | 'storage' | 'isStorageSaid'> {
  const expression = cursor.expectParenthesised();
  const storage = cursor.takeWords('STORED') ? 'stored' : 'virtual';
  const isStorageSaid = storage === 'stored' || cursor.takeWords('VIRTUAL');
  return { expression, storage, isStorageSaid };
}
