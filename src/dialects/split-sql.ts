/**
 * Cuts a script into statements as each database's own client would: by its quotes and comments, by the bodies of functions and
 * triggers, whose semicolons end nothing, also without a DELIMITER, and by the client's own words that dumps hold.
 */
import type { DialectName } from '../engine/connection.js';
import { cutAtDelimiters, withoutRestrict } from './client-commands.js';
import { type SqlToken, tokenizeSql } from './tokenize-sql.js';

export interface SqlStatement {
  /** Without the semicolon, and without comments before it. */
  readonly sql: string;
  /** Where it begins in the text. */
  readonly start: number;
  /** True where the text ends in the middle of it. */
  readonly isOpen: boolean;
}

/** The statements of a text in their order; comments alone are none. */
export function splitSql(text: string, dialect: DialectName): SqlStatement[] {
  if (dialect === 'postgres') return splitAtSemicolons(withoutRestrict(text), dialect);
  if (dialect === 'sqlite') return splitAtSemicolons(text, dialect);
  return cutAtDelimiters(text, dialect).flatMap(({ sql, start, isDelimited }) => {
    const statements = isDelimited ? wholeStatement(sql, dialect) : splitAtSemicolons(sql, dialect);
    return statements.map((statement) => ({ ...statement, start: start + statement.start }));
  });
}

function wholeStatement(text: string, dialect: DialectName): SqlStatement[] {
  const tokens = tokenizeSql(text, dialect);
  const code = tokens.filter(({ kind }) => kind !== 'comment');
  const [first, last] = [code[0], code.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [{ sql: text.slice(first.start, last.end), start: first.start, isOpen: tokens.some(({ isOpen }) => isOpen) }];
}

function splitAtSemicolons(text: string, dialect: DialectName): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let body = new Body(dialect);
  let start = -1;
  let end = 0;
  let isOpen = false;
  const finish = (): void => {
    if (start !== -1) statements.push({ sql: text.slice(start, end), start, isOpen: isOpen || body.isOpen });
    [body, start] = [new Body(dialect), -1];
  };
  const tokens = tokenizeSql(text, dialect);
  const code = tokens.filter(({ kind }) => kind !== 'comment');
  for (const [index, token] of code.entries()) {
    if (token.text === ';' && body.endsHere()) {
      finish();
      continue;
    }
    if (start === -1) start = token.start;
    [end, isOpen] = [token.end, token.isOpen];
    body.read(token, code, index);
  }
  const isCommentOpen = tokens.at(-1)?.kind === 'comment' && tokens.at(-1)?.isOpen === true;
  isOpen ||= isCommentOpen;
  body.close();
  finish();
  return statements;
}

/** After these a statement of a stored program begins, so that IF, WHILE and the like open a block. */
const BEFORE_STATEMENT: ReadonlySet<string> = new Set([
  ';',
  ':',
  'BEGIN',
  'ATOMIC',
  'THEN',
  'ELSE',
  'DO',
  'LOOP',
  'REPEAT',
  'ROW',
  ')',
]);

/** Where one statement stands between its begin and its end. */
class Body {
  readonly #dialect: DialectName;
  /** Its first words, as many as tell what it makes. */
  readonly #head: string[] = [];
  #depth = 0;
  #parentheses = 0;
  #last = '';
  #hasSemicolon = false;
  #isClosed = false;

  constructor(dialect: DialectName) {
    this.#dialect = dialect;
  }

  get isOpen(): boolean {
    if (this.#isClosed && this.#isSqliteTrigger()) return !(this.#hasSemicolon && this.#last === 'END');
    return this.#depth > 0 || this.#parentheses > 0;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Whether a semicolon ends it; one that does not is part of it. */
  endsHere(): boolean {
    if (this.#isSqliteTrigger()) return this.#hasSemicolon && this.#last === 'END';
    if (this.#dialect === 'postgres') return this.#depth === 0 && this.#parentheses === 0;
    return this.#depth === 0;
  }

  read(token: SqlToken, code: readonly SqlToken[], index: number): void {
    const text = token.kind === 'quoted' ? '' : token.text.toUpperCase();
    const isWord = token.kind === 'word' && code[index - 1]?.text !== '.';
    if (isWord && this.#head.length < 12) this.#head.push(text);
    if (this.#dialect === 'postgres') {
      if (text === '(') this.#parentheses += 1;
      if (text === ')') this.#parentheses = Math.max(0, this.#parentheses - 1);
      if (isWord && this.#isProgram()) this.#readAtomic(text, code[index + 1]?.text.toUpperCase() ?? '');
    } else if (this.#dialect !== 'sqlite' && isWord && this.#isProgram()) {
      this.#readBlock(text, code, index);
    }
    if (this.#isSqliteTrigger() && text === 'END') this.#hasSemicolon = code[index - 1]?.text === ';';
    this.#last = text;
  }

  #isSqliteTrigger(): boolean {
    if (this.#dialect !== 'sqlite') return false;
    return /^(?:EXPLAIN )?CREATE (?:TEMP |TEMPORARY )?TRIGGER/u.test(this.#head.join(' '));
  }

  #isProgram(): boolean {
    const head = this.#head.join(' ');
    if (this.#dialect === 'postgres') return /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/u.test(head);
    if (head.startsWith('BEGIN NOT ATOMIC')) return true;
    return /^(?:CREATE|ALTER)\b.*?\b(?:PROCEDURE|FUNCTION|TRIGGER|EVENT)\b/u.test(head);
  }

  #readAtomic(text: string, next: string): void {
    if (text === 'BEGIN' && next === 'ATOMIC') this.#depth = 1;
    else if (this.#depth > 0 && text === 'CASE') this.#depth += 1;
    else if (this.#depth > 0 && text === 'END') this.#depth -= 1;
  }

  #readBlock(text: string, code: readonly SqlToken[], index: number): void {
    if (this.#last === 'END' && ['IF', 'CASE', 'LOOP', 'REPEAT', 'WHILE', 'FOR'].includes(text)) return;
    if (text === 'END') this.#depth = Math.max(0, this.#depth - 1);
    else if (text === 'BEGIN' || text === 'CASE') this.#depth += 1;
    else if (text === 'ATOMIC' && this.#head.length === 3 && this.#last === 'NOT') this.#depth = 1;
    else if (!BEFORE_STATEMENT.has(this.#last) || !this.#isBlock(text, code, index)) return;
    else this.#depth += 1;
  }

  #isBlock(text: string, code: readonly SqlToken[], index: number): boolean {
    if (text === 'IF') return leadsToThen(code, index);
    // FOR EACH ROW is part of a trigger's head.
    if (text === 'FOR') return code[index + 1]?.text.toUpperCase() !== 'EACH';
    if (text === 'REPEAT') return code[index + 1]?.text !== '(';
    return text === 'LOOP' || text === 'WHILE';
  }
}

/** IF is a function as well: a statement has its THEN before anything else could end it. */
function leadsToThen(code: readonly SqlToken[], from: number): boolean {
  let depth = 0;
  for (let index = from + 1; index < code.length; index++) {
    const text = code[index]?.text.toUpperCase() ?? '';
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth < 0) return false;
    if (depth > 0) continue;
    if (text === 'THEN') return true;
    if ([';', 'WHEN', 'ELSE', 'END'].includes(text)) return false;
  }
  return false;
}
