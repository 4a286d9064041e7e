/**
 * CREATE TABLE as SQLite keeps it in sqlite_master, parsed by SQLite's own grammar (parse.y) with nothing thrown away:
 * every node says which tokens it is made of, so that an edit replaces those (`spliceTokens`) and leaves the rest alone.
 */
import { parseColumnConstraint } from './column-constraints.js';
import type { ColumnConstraint } from './column-constraints.js';
import { isTypeWord } from './keywords.js';
import { atTableConstraint, parseTableConstraint } from './table-constraints.js';
import type { TableConstraint } from './table-constraints.js';
import { ParseFailure, TokenCursor } from './token-cursor.js';
import type { Identifier, SqlText, TokenRange } from './token-cursor.js';
import { printTokens } from './tokenizer.js';
import type { Token } from './tokenizer.js';

/** A column definition, constraints included; the comma after it is not part of the range. */
export interface ColumnDefinition extends TokenRange {
  readonly name: Identifier;
  /** The declared type as written, such as `VARCHAR (10, 2)`, or `null` where there is none. */
  readonly type: SqlText | null;
  /** In the order in which they are written; a kind can occur more than once. */
  readonly constraints: readonly ColumnConstraint[];
}

export interface TableOptions extends TokenRange {
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

export interface CreateTable {
  readonly kind: 'table';
  readonly tokens: readonly Token[];
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly schema: Identifier | null;
  readonly name: Identifier;
  /** What is between the outer parentheses: insert at `start` or `end` to stay inside them. */
  readonly body: TokenRange;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  /** Those of the constraints that stand behind another one without a comma, which SQLite does not ask for. */
  readonly joined: ReadonlySet<TableConstraint>;
  /** The range is empty, directly after the closing parenthesis, where there are none. */
  readonly options: TableOptions;
}

/** A statement that is not a list of columns, so that nothing in it can be edited. */
export interface OtherTable {
  readonly kind: 'other';
  readonly tokens: readonly Token[];
  /**
   * - `asSelect`: `CREATE TABLE ... AS SELECT`; SQLite itself records such a table with its columns
   * - `virtual`: `CREATE VIRTUAL TABLE`
   * - `unrecognised`: not a CREATE TABLE, or one that SQLite's grammar does not allow
   */
  readonly form: 'asSelect' | 'virtual' | 'unrecognised';
  readonly name: Identifier | null;
  /** A sentence for messages: what was expected, what is there, at which offset. */
  readonly reason: string;
}

/** Parses one CREATE TABLE. Never throws: what it cannot take is answered as `other`, with the reason. */
export function parseCreateTable(sql: string): CreateTable | OtherTable {
  const cursor = new TokenCursor(sql);
  try {
    return parseStatement(cursor);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { kind: 'other', tokens: cursor.tokens, form: 'unrecognised', name: null, reason: error.message };
  }
}

/** The text that was parsed, byte for byte. */
export function printStatement(statement: { readonly tokens: readonly Token[] }): string {
  return printTokens(statement.tokens);
}

function parseStatement(cursor: TokenCursor): CreateTable | OtherTable {
  const { tokens } = cursor;
  cursor.expectWords('CREATE');
  const virtual = cursor.takeWords('VIRTUAL');
  const temporary = !virtual && (cursor.takeWords('TEMP') || cursor.takeWords('TEMPORARY'));
  cursor.expectWords('TABLE');
  const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
  const first = cursor.expectName();
  const second = cursor.takeOperator('.') ? cursor.expectName() : null;
  const schema = second === null ? null : first;
  const name = second ?? first;
  if (virtual) {
    cursor.expectWords('USING');
    const reason = `A virtual table has no columns of its own; its module is "${cursor.expectName().value}".`;
    return { kind: 'other', tokens, form: 'virtual', name, reason };
  }
  if (cursor.takeWords('AS')) {
    return { kind: 'other', tokens, form: 'asSelect', name, reason: 'The columns come from a SELECT.' };
  }
  cursor.expectOperator('(');
  const bodyStart = cursor.index;
  const columns = [parseColumn(cursor)];
  while (cursor.takeOperator(',') && !atTableConstraint(cursor)) columns.push(parseColumn(cursor));
  const constraints: TableConstraint[] = [];
  const joined = new Set<TableConstraint>();
  for (let hasComma = true; atTableConstraint(cursor);) {
    const constraint = parseTableConstraint(cursor);
    constraints.push(constraint);
    if (!hasComma) joined.add(constraint);
    hasComma = cursor.takeOperator(',');
    if (hasComma && !atTableConstraint(cursor)) throw cursor.failure('a table constraint');
  }
  const body = { start: bodyStart, end: cursor.index };
  cursor.expectOperator(')');
  const options = parseOptions(cursor);
  cursor.expectEnd();
  return { kind: 'table', tokens, temporary, ifNotExists, schema, name, body, columns, constraints, joined, options };
}

function parseColumn(cursor: TokenCursor): ColumnDefinition {
  const start = cursor.index;
  const name = cursor.expectName();
  const type = parseType(cursor);
  const constraints: ColumnConstraint[] = [];
  for (;;) {
    const constraint = parseColumnConstraint(cursor);
    if (constraint === null) break;
    constraints.push(constraint);
  }
  if (!cursor.atOperator(',', ')')) throw cursor.failure('a column constraint, "," or ")"');
  return { name, type, constraints, start, end: cursor.index };
}

function parseType(cursor: TokenCursor): SqlText | null {
  const start = cursor.index;
  while (atTypeWord(cursor)) cursor.index += 1;
  if (cursor.index === start) return null;
  if (cursor.takeOperator('(')) {
    parseSignedNumber(cursor);
    if (cursor.takeOperator(',')) parseSignedNumber(cursor);
    cursor.expectOperator(')');
  }
  return cursor.textFrom(start);
}

function atTypeWord(cursor: TokenCursor): boolean {
  const { kind, text } = cursor.peek();
  // GENERATED and ALWAYS alone are words like others, so `a GENERATED` is a column of type "GENERATED".
  if (kind === 'word') return isTypeWord(text) && !cursor.atWords('GENERATED', 'ALWAYS', 'AS');
  return kind === 'name' || kind === 'string';
}

function parseSignedNumber(cursor: TokenCursor): void {
  cursor.takeOperator('+', '-');
  if (cursor.peek().kind !== 'number') throw cursor.failure('a number');
  cursor.index += 1;
}

function parseOptions(cursor: TokenCursor): TableOptions {
  const start = cursor.index;
  let strict = false;
  let withoutRowid = false;
  if (cursor.peek().kind === 'end' || cursor.atOperator(';')) return { strict, withoutRowid, start, end: start };
  // The grammar lets the list begin with a comma: `CREATE TABLE t (a) , STRICT`.
  cursor.takeOperator(',');
  do {
    if (cursor.takeWords('STRICT')) strict = true;
    else {
      cursor.expectWords('WITHOUT', 'ROWID');
      withoutRowid = true;
    }
  } while (cursor.takeOperator(','));
  return { strict, withoutRowid, start, end: cursor.index };
}
