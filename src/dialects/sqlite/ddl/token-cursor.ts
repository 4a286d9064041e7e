import { isReservedWord } from './keywords.js';
import { unquoteName } from './names.js';
import { tokenize } from './tokenizer.js';
import type { Token } from './tokenizer.js';

/** A run of tokens by index, `end` not included. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/** A name where it stands; `value` is without quotes, in the letter case in which it was written. */
export interface Identifier extends TokenRange {
  readonly value: string;
}

/** A piece of SQL as written, comments inside it included, white space around it not. */
export interface SqlText extends TokenRange {
  readonly text: string;
}

/** Thrown inside the parsers only; they answer with its message instead of throwing. */
export class ParseFailure extends Error {}

const END: Token = { kind: 'end', leading: '', text: '', offset: 0 };

/** A place in a token list, and the steps that every parser of this folder is made of. */
export class TokenCursor {
  readonly tokens: readonly Token[];
  index = 0;
  readonly #sql: string;

  constructor(sql: string) {
    this.#sql = sql;
    this.tokens = tokenize(sql);
  }

  peek(ahead = 0): Token {
    return this.tokens[this.index + ahead] ?? END;
  }

  /** Whether these keywords come next, in this order. Upper case is expected of the caller. */
  atWords(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const { kind, text } = this.peek(ahead);
      return kind === 'word' && text.length === word.length && text.toUpperCase() === word;
    });
  }

  takeWords(...words: readonly string[]): boolean {
    const found = this.atWords(...words);
    if (found) this.index += words.length;
    return found;
  }

  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) throw this.failure(words.join(' '));
  }

  atOperator(...texts: readonly string[]): boolean {
    const { kind, text } = this.peek();
    return kind === 'operator' && texts.includes(text);
  }

  takeOperator(...texts: readonly string[]): boolean {
    const found = this.atOperator(...texts);
    if (found) this.index += 1;
    return found;
  }

  expectOperator(text: string): void {
    if (!this.takeOperator(text)) throw this.failure(`"${text}"`);
  }

  /** Whether a name can stand here: a word that is not reserved, a quoted name, or a string. */
  atName(): boolean {
    const { kind, text } = this.peek();
    return kind === 'name' || kind === 'string' || (kind === 'word' && !isReservedWord(text));
  }

  expectName(): Identifier {
    if (!this.atName()) throw this.failure('a name');
    const start = this.index;
    this.index += 1;
    return { value: unquoteName(this.tokens[start]?.text ?? ''), start, end: this.index };
  }

  /** Takes `( ... )` and answers with what is between the parentheses. */
  expectParenthesised(): SqlText {
    this.expectOperator('(');
    const start = this.index;
    this.skipUntil(')');
    if (this.index === start) throw this.failure('an expression');
    const end = this.index;
    this.expectOperator(')');
    return { text: this.#between(start - 1, end), start, end };
  }

  /** Goes forward to the first of these operators that is not inside parentheses opened on the way. */
  skipUntil(...texts: readonly string[]): void {
    for (let depth = 0; depth > 0 || !this.atOperator(...texts); this.index += 1) {
      const { kind } = this.peek();
      if (kind === 'end' || kind === 'invalid') throw this.failure(`"${texts.join('" or "')}"`);
      if (this.atOperator('(')) depth += 1;
      else if (this.atOperator(')')) depth -= 1;
      if (depth < 0) throw this.failure(`"${texts.join('" or "')}"`);
    }
  }

  /** The text from `start` to where the cursor is. */
  textFrom(start: number): SqlText {
    return this.textOf({ start, end: this.index });
  }

  textOf({ start, end }: TokenRange): SqlText {
    const first = this.tokens[start] ?? END;
    const last = this.tokens[end - 1] ?? END;
    return { text: end > start ? this.#sql.slice(first.offset, last.offset + last.text.length) : '', start, end };
  }

  /** Goes past the end of the statement: at most semicolons may follow. */
  expectEnd(): void {
    while (this.takeOperator(';'));
    if (this.peek().kind !== 'end') throw this.failure('the end of the statement');
  }

  failure(expected: string): ParseFailure {
    const { kind, text, offset } = this.peek();
    const found = kind === 'end' ? 'the text ends' : `there is ${JSON.stringify(text.slice(0, 40))}`;
    return new ParseFailure(`Expected ${expected} at offset ${offset}, but ${found}.`);
  }

  // SQLite reports a default or a check as all that is between the parentheses, comments at either end included.
  #between(open: number, close: number): string {
    const from = this.tokens[open] ?? END;
    const to = this.tokens[close] ?? END;
    return this.#sql.slice(from.offset + from.text.length, to.offset).replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
  }
}
