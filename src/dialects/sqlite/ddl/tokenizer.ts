/**
 * SQLite's own tokenizer (`sqlite3GetToken` in tokenize.c), with nothing thrown away: each token keeps the white space
 * and comments before it, so that the tokens printed one after the other are the text, byte for byte.
 */

/**
 * - `word`: a keyword or an unquoted name; which of the two only the grammar can say
 * - `name`: `"a"`, `` `a` `` or `[a]`
 * - `string`: `'a'`, which SQLite also accepts as a name where only a name can stand
 * - `blob`: `x'00ff'`
 * - `invalid`: what SQLite's tokenizer refuses: an unterminated quote (to the end of the text), a blob of odd length,
 *   `1abc`, a stray character
 * - `end`: the last token, empty; it holds what follows the last real one
 */
export type TokenKind = 'word' | 'name' | 'string' | 'blob' | 'number' | 'operator' | 'parameter' | 'invalid' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** White space and comments before the token. */
  readonly leading: string;
  /** The token as written, quotes included. */
  readonly text: string;
  /** Offset of `text` in the source, in UTF-16 units. */
  readonly offset: number;
}

// Anything from U+0080 up is part of a name for SQLite, U+00A0 included; U+FEFF is white space between tokens only.
const SPACE = /[ \t\n\f\r][\t-\r ]*|\uFEFF/y;
const LINE_COMMENT = /--[^\n]*/y;
const WORD = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y;
const NUMBER =
  /(?:0[xX][0-9a-fA-F][0-9a-fA-F_]*|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)([\w$\u0080-\uFFFF]*)/y;
const BLOB = /[xX]'[^']*(?:'|$)/y;
const VALID_BLOB = /^[xX]'(?:[0-9a-fA-F]{2})*'$/;
const PARAMETER = /\?\d*|[:@#$](?:(?:::)*[\w$\u0080-\uFFFF])+(?:::)*(?:\([^\s)]*\))?/y;
const OPERATOR = /->>|->|==|<=|<>|<<|>=|>>|!=|\|\||[-+*/%=<>|&~(),;.]/y;

/** Splits any text into tokens; never throws. The last token has kind `end`. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (;;) {
    const start = offset;
    offset = skipTrivia(sql, offset);
    const leading = sql.slice(start, offset);
    if (offset >= sql.length) {
      tokens.push({ kind: 'end', leading, text: '', offset });
      return tokens;
    }
    const [kind, text] = readToken(sql, offset);
    tokens.push({ kind, leading, text, offset });
    offset += text.length;
  }
}

/** The text that the tokens came from. */
export function printTokens(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) text += token.leading + token.text;
  return text;
}

function skipTrivia(sql: string, from: number): number {
  let offset = from;
  for (;;) {
    const length = (matchAt(SPACE, sql, offset) || matchAt(LINE_COMMENT, sql, offset)).length;
    if (length > 0) {
      offset += length;
    } else if (sql.startsWith('/*', offset) && offset + 2 < sql.length) {
      const close = sql.indexOf('*/', offset + 2);
      // SQLite accepts a comment that the end of the text closes.
      offset = close === -1 ? sql.length : close + 2;
    } else {
      return offset;
    }
  }
}

function readToken(sql: string, offset: number): [TokenKind, string] {
  const first = sql.charAt(offset);
  if (first === "'") return readQuoted(sql, offset, 'string', "'");
  if (first === '"' || first === '`') return readQuoted(sql, offset, 'name', first);
  if (first === '[') return readBracketed(sql, offset);
  const blob = matchAt(BLOB, sql, offset);
  if (blob !== '') return [VALID_BLOB.test(blob) ? 'blob' : 'invalid', blob];
  const word = matchAt(WORD, sql, offset);
  if (word !== '') return ['word', word];
  NUMBER.lastIndex = offset;
  const number = NUMBER.exec(sql);
  if (number !== null) return [number[1] === '' ? 'number' : 'invalid', number[0]];
  const parameter = matchAt(PARAMETER, sql, offset);
  if (parameter !== '') return ['parameter', parameter];
  const operator = matchAt(OPERATOR, sql, offset);
  return operator === '' ? ['invalid', first] : ['operator', operator];
}

function readQuoted(sql: string, offset: number, kind: TokenKind, quote: string): [TokenKind, string] {
  let end = sql.indexOf(quote, offset + 1);
  while (end !== -1 && sql.charAt(end + 1) === quote) end = sql.indexOf(quote, end + 2);
  return end === -1 ? ['invalid', sql.slice(offset)] : [kind, sql.slice(offset, end + 1)];
}

function readBracketed(sql: string, offset: number): [TokenKind, string] {
  const end = sql.indexOf(']', offset);
  return end === -1 ? ['invalid', sql.slice(offset)] : ['name', sql.slice(offset, end + 1)];
}

function matchAt(pattern: RegExp, sql: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(sql)?.[0] ?? '';
}
