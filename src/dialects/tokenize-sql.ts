/** The tokens of SQL in each database's own rules of quotes and comments. */
import type { DialectName } from '../engine/connection.js';

export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'comment' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True for a quote or comment that the text ends in. */
  readonly isOpen: boolean;
}

const WORD = /[\p{L}_][\p{L}\p{N}_$]*|\d[\p{L}\p{N}_.]*/uy;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** The tokens of a text, white space left out. */
export function tokenizeSql(text: string, dialect: DialectName): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length;) {
    if (/\s/u.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = readToken(text, at, dialect, tokens.at(-1));
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** The token at a position that is no white space; `before` is the one before it. */
export function readToken(text: string, at: number, dialect: DialectName, before: SqlToken | undefined): SqlToken {
  const isMysql = dialect === 'mysql' || dialect === 'mariadb';
  const first = text.charAt(at);
  const make = (kind: SqlToken['kind'], end: number): SqlToken => {
    const stop = end === -1 ? text.length : end;
    return { kind, text: text.slice(at, stop), start: at, end: stop, isOpen: end === -1 };
  };
  const isDashes = text.startsWith('--', at) && (!isMysql || /^--(?:[\s\0]|$)/u.test(text.slice(at, at + 3)));
  if (isDashes || (isMysql && first === '#')) {
    const end = text.indexOf('\n', at);
    return make('comment', end === -1 ? text.length : end);
  }
  if (text.startsWith('/*', at)) {
    const end = endOfComment(text, at, dialect);
    // MySQL runs what stands in these.
    return make(isMysql && /^\/\*M?!/u.test(text.slice(at, at + 4)) ? 'quoted' : 'comment', end);
  }
  if (first === "'") {
    const isEscaped = dialect === 'postgres' && before?.end === at && /^e$/iu.test(before.text);
    return make('quoted', endOfQuote(text, at, { hasBackslash: isMysql || isEscaped }));
  }
  if (first === '"') return make('quoted', endOfQuote(text, at, { hasBackslash: isMysql }));
  if (first === '`' && dialect !== 'postgres') return make('quoted', endOfQuote(text, at, { hasBackslash: false }));
  if (first === '[' && dialect === 'sqlite') {
    const end = text.indexOf(']', at);
    return make('quoted', end === -1 ? -1 : end + 1);
  }
  const tag = dialect === 'postgres' ? matchAt(DOLLAR, text, at) : '';
  if (tag !== '') {
    const end = text.indexOf(tag, at + tag.length);
    return make('quoted', end === -1 ? -1 : end + tag.length);
  }
  const word = matchAt(WORD, text, at);
  return word === '' ? make('symbol', at + 1) : make('word', at + word.length);
}

/** The position behind the closing quote, a doubled one being part of the text; -1 where there is none. */
function endOfQuote(text: string, start: number, { hasBackslash }: { readonly hasBackslash: boolean }): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && hasBackslash) at++;
    else if (character === quote && text.charAt(at + 1) === quote) at++;
    else if (character === quote) return at + 1;
  }
  return -1;
}

function endOfComment(text: string, start: number, dialect: DialectName): number {
  if (dialect !== 'postgres') {
    const end = text.indexOf('*/', start + 2);
    return end === -1 ? -1 : end + 2;
  }
  // PostgreSQL's comments nest.
  const marks = /\/\*|\*\//gu;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return -1;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
