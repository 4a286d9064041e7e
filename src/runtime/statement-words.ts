/** The words of one statement, read from left to right. */
import { type SqlToken, tokenizeSql } from '../dialects/tokenize-sql.js';
import type { DialectName } from '../engine/connection.js';
import { nameIn } from '../util/sql-words.js';

export class StatementWords {
  readonly tokens: readonly SqlToken[];
  readonly #dialect: DialectName;
  #at = 0;

  constructor(sql: string, dialect: DialectName) {
    this.#dialect = dialect;
    this.tokens = tokenizeSql(sql, dialect).filter(({ kind }) => kind !== 'comment');
  }

  /** What has not been read. */
  get rest(): readonly SqlToken[] {
    return this.tokens.slice(this.#at);
  }

  /** Begins from the start. */
  restart(): void {
    this.#at = 0;
  }

  /** The name that comes next, as the database knows it; null where none does. */
  readName(): string | null {
    const token = this.tokens[this.#at];
    if (token === undefined || token.kind === 'symbol') return null;
    this.#at += 1;
    const name = nameIn({ kind: token.kind === 'quoted' ? 'name' : 'word', text: token.text }) ?? null;
    const isFolded = token.kind === 'word' && this.#dialect === 'postgres';
    return isFolded ? (name?.toLowerCase() ?? null) : name;
  }

  /** A name with those before its points, as they are written. */
  readWritten(): string[] {
    const start = this.#at;
    do this.readName();
    while (this.take('.'));
    return this.tokens.slice(start, this.#at).map(({ text }) => text);
  }

  takeIfExists(): void {
    if (!this.take('IF', 'NOT', 'EXISTS')) this.take('IF', 'EXISTS');
  }

  /** Whether these come next; if so, it goes behind them. */
  take(...texts: readonly string[]): boolean {
    const isNext = texts.every((text, ahead) => this.tokens[this.#at + ahead]?.text.toUpperCase() === text);
    if (isNext) this.#at += texts.length;
    return isNext;
  }

  /** Goes behind the next comma that stands in no parentheses; false where there is none. */
  skipToComma(): boolean {
    let depth = 0;
    for (; this.#at < this.tokens.length; this.#at += 1) {
      const text = this.tokens[this.#at]?.text;
      if (text === '(') depth += 1;
      if (text === ')') depth -= 1;
      if (depth === 0 && this.take(',')) return true;
    }
    return false;
  }
}
