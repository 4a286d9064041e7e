import { parseConflict } from './conflict-clause.js';
import type { ConflictAction } from './conflict-clause.js';
import { parseNames, parseReferences } from './foreign-key-clause.js';
import type { References } from './foreign-key-clause.js';
import { parseIndexedColumns } from './indexed-columns.js';
import type { IndexedColumn } from './indexed-columns.js';
import type { Identifier, SqlText, TokenCursor, TokenRange } from './token-cursor.js';

interface Constraint extends TokenRange {
  /** From `CONSTRAINT name`, which is part of the range. */
  readonly name: Identifier | null;
}

export interface TablePrimaryKey extends Constraint {
  readonly kind: 'primaryKey';
  readonly columns: readonly IndexedColumn[];
  readonly autoincrement: boolean;
  readonly conflict: ConflictAction | null;
}

export interface TableUnique extends Constraint {
  readonly kind: 'unique';
  readonly columns: readonly IndexedColumn[];
  readonly conflict: ConflictAction | null;
}

export interface TableCheck extends Constraint {
  readonly kind: 'check';
  readonly expression: SqlText;
  /** SQLite reads it and does nothing with it. */
  readonly conflict: ConflictAction | null;
}

export interface TableForeignKey extends Constraint {
  readonly kind: 'foreignKey';
  readonly columns: readonly Identifier[];
  readonly references: References;
}

/** `CONSTRAINT name` with no constraint after it, which SQLite accepts. */
export interface TableNameOnly extends Constraint {
  readonly kind: 'nameOnly';
}

export type TableConstraint = TablePrimaryKey | TableUnique | TableCheck | TableForeignKey | TableNameOnly;

const FIRST_WORDS = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'];

/** Whether a table constraint, not a column, comes next: the words that begin one are reserved. */
export function atTableConstraint(cursor: TokenCursor): boolean {
  return FIRST_WORDS.some((word) => cursor.atWords(word));
}

/** Reads one constraint, without the comma after it, which SQLite does not ask for. */
export function parseTableConstraint(cursor: TokenCursor): TableConstraint {
  const start = cursor.index;
  const name = cursor.takeWords('CONSTRAINT') ? cursor.expectName() : null;
  const rest = parseUnnamed(cursor) ?? (name === null ? null : { kind: 'nameOnly' as const });
  if (rest === null) throw cursor.failure('a table constraint');
  return { ...rest, name, start, end: cursor.index };
}

type WithoutName<C> = C extends TableConstraint ? Omit<C, keyof Constraint> : never;

function parseUnnamed(cursor: TokenCursor): WithoutName<TableConstraint> | null {
  if (cursor.takeWords('PRIMARY', 'KEY')) {
    cursor.expectOperator('(');
    const columns = parseIndexedColumns(cursor);
    const autoincrement = cursor.takeWords('AUTOINCREMENT');
    cursor.expectOperator(')');
    return { kind: 'primaryKey', columns, autoincrement, conflict: parseConflict(cursor) };
  }
  if (cursor.takeWords('UNIQUE')) {
    cursor.expectOperator('(');
    const columns = parseIndexedColumns(cursor);
    cursor.expectOperator(')');
    return { kind: 'unique', columns, conflict: parseConflict(cursor) };
  }
  if (cursor.takeWords('CHECK')) {
    const expression = cursor.expectParenthesised();
    return { kind: 'check', expression, conflict: parseConflict(cursor) };
  }
  if (cursor.takeWords('FOREIGN', 'KEY')) {
    const columns = parseNames(cursor);
    return { kind: 'foreignKey', columns, references: parseReferences(cursor) };
  }
  return null;
}
