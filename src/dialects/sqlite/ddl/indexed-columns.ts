import { isClockWord, isReservedWord } from './keywords.js';
import { unquoteName } from './names.js';
import { isParenthesised } from './normalise-tokens.js';
import type { Identifier, SqlText, TokenCursor, TokenRange } from './token-cursor.js';
import type { Token } from './tokenizer.js';

/** One part of an index, a primary key or a unique constraint. Its range ends before the comma. */
export interface IndexedColumn extends TokenRange {
  /** The column, if the part is one (parentheses around it allowed, as SQLite does); `null` for an expression. */
  readonly column: Identifier | null;
  /** What is indexed, as written, without COLLATE and the order: `lower(email)`, or the column as it was quoted. */
  readonly expression: SqlText;
  /** The collation that is asked for, or `null` for the column's own. */
  readonly collate: Identifier | null;
  /** `null` where nothing is said, which means ascending. */
  readonly order: 'asc' | 'desc' | null;
}

/** Reads `a COLLATE nocase DESC, lower(b), ...` up to the closing parenthesis or the AUTOINCREMENT before it. */
export function parseIndexedColumns(cursor: TokenCursor): IndexedColumn[] {
  const columns: IndexedColumn[] = [];
  do {
    const start = cursor.index;
    cursor.skipUntil(',', ')');
    if (cursor.atOperator(')') && wordOf(cursor.peek(-1)) === 'AUTOINCREMENT') cursor.index -= 1;
    columns.push(readPart(cursor, { start, end: cursor.index }));
  } while (cursor.takeOperator(','));
  return columns;
}

function readPart(cursor: TokenCursor, range: TokenRange): IndexedColumn {
  let { start, end } = range;
  const { tokens } = cursor;
  if (end === start) throw cursor.failure('a column or an expression');
  // The first token is always the expression, so that a column called "desc" or "nulls" is one.
  const wordAt = (index: number): string => (index > start ? wordOf(tokens[index]) : '');
  if (wordAt(end - 2) === 'NULLS' && ['FIRST', 'LAST'].includes(wordAt(end - 1))) end -= 2;
  let order: IndexedColumn['order'] = null;
  if (wordAt(end - 1) === 'ASC') order = 'asc';
  else if (wordAt(end - 1) === 'DESC') order = 'desc';
  if (order !== null) end -= 1;

  let collate: Identifier | null = null;
  for (;;) {
    const part = tokens.slice(start, end);
    if (isParenthesised(part)) {
      start += 1;
      end -= 1;
    } else if (wordAt(end - 2) === 'COLLATE' && isOperand(tokens.slice(start, end - 2))) {
      // Of `a COLLATE x COLLATE y` SQLite uses the outermost.
      collate ??= { value: unquoteName(tokens[end - 1]?.text ?? ''), start: end - 1, end };
      end -= 2;
    } else {
      const expression = cursor.textOf({ start, end });
      const column = isColumn(part) ? { value: unquoteName(expression.text), start, end } : null;
      return { column, expression, collate, order, start: range.start, end: range.end };
    }
  }
}

function isColumn(part: readonly Token[]): boolean {
  const [token] = part;
  if (token === undefined || part.length > 1) return false;
  if (token.kind === 'word') return !isReservedWord(token.text) && !isClockWord(token.text);
  return token.kind === 'name' || token.kind === 'string';
}

/** Whether a COLLATE after these tokens is about all of them: it binds tighter than every binary operator. */
function isOperand(part: readonly Token[]): boolean {
  const sign = part.findIndex(({ kind, text }) => kind !== 'operator' || !['+', '-', '~'].includes(text));
  const operand = part.slice(sign === -1 ? part.length : sign);
  const first = wordOf(operand[0]);
  if (operand.length === 1 || isParenthesised(operand)) return true;
  if (first === 'CASE') return wordOf(operand.at(-1)) === 'END' && !hasOuterOperator(operand);
  if (wordOf(operand.at(-2)) === 'COLLATE') return isOperand(operand.slice(0, -2));
  const isCalled = operand[0]?.kind === 'name' || (first !== '' && first !== 'NOT');
  const hasNoArguments = operand.length === 3 && operand[1]?.text === '(' && operand[2]?.text === ')';
  return isCalled && (hasNoArguments || isParenthesised(operand.slice(1)));
}

/** For `CASE ... END`: whether the CASE ends before the last token. */
function hasOuterOperator(part: readonly Token[]): boolean {
  let depth = 0;
  for (const [index, token] of part.entries()) {
    if (wordOf(token) === 'CASE') depth += 1;
    else if (wordOf(token) === 'END') depth -= 1;
    if (depth === 0) return index < part.length - 1;
  }
  return true;
}

function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text.toUpperCase() : '';
}
