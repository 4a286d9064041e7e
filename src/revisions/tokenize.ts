/**
 * Cuts TypeScript or JavaScript into tokens without understanding it: enough to read literal constants at the top of a
 * revision file and to tell whether its code has changed.
 */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'template' | 'regex' | 'punctuation' | 'comment';
  /** The text as written, quotes included. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True when a line ended between this token and the one before. */
  readonly startsLine: boolean;
  /** True when a `/` on this line could have been read as a regular expression as well as a division. */
  readonly isAfterDoubt: boolean;
}

/** After these words an expression starts, so a `/` opens a regular expression. */
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await extends'.split(' '),
);
const PUNCTUATION =
  /(?:>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[^])/uy;
const WORD = /[\p{ID_Start}$_#\\](?:[\p{ID_Continue}$\\]|\u200c|\u200d)*/uy;
const NUMBER = /(?:0[xob][\da-f_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?n?)/iuy;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/uy;

/** The tokens of a source, comments included, white space left out. Never fails: what is unclear becomes punctuation. */
export function* tokenize(source: string, from = 0): Generator<Token> {
  let position = from;
  let previous: Token | null = null;
  let startsLine = true;
  let isAfterDoubt = false;
  while (position < source.length) {
    const code = source.charCodeAt(position);
    if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) {
      startsLine = true;
      isAfterDoubt = false;
      position++;
      continue;
    }
    if (code <= 32 || code === 0xa0 || code === 0xfeff) {
      position++;
      continue;
    }
    const kind = kindAt(source, position, previous);
    if (code === 47 && kind === 'punctuation' && (previous?.text === ')' || previous?.text === '}'))
      isAfterDoubt = true;
    const end = endOf(source, position, kind);
    const token: Token = { kind, text: source.slice(position, end), start: position, end, startsLine, isAfterDoubt };
    yield token;
    if (kind === 'comment') {
      if (token.text.includes('\n')) startsLine = true;
    } else {
      previous = token;
      startsLine = false;
    }
    position = end;
  }
}

function kindAt(source: string, position: number, previous: Token | null): Token['kind'] {
  const character = source[position] ?? '';
  if (character === '"' || character === "'") return 'string';
  if (character === '`') return 'template';
  const next = source[position + 1] ?? '';
  if (character === '/') {
    if (next === '/' || next === '*') return 'comment';
    if (opensExpression(previous) && matchAt(REGEX, source, position) !== null) return 'regex';
    return 'punctuation';
  }
  if (character === '#' && next === '!' && position === 0) return 'comment';
  if (/\d/u.test(character) || (character === '.' && /\d/u.test(next))) return 'number';
  return matchAt(WORD, source, position) === null ? 'punctuation' : 'name';
}

function opensExpression(previous: Token | null): boolean {
  if (previous === null) return true;
  if (previous.kind === 'name') return BEFORE_EXPRESSION.has(previous.text);
  return previous.kind === 'punctuation' && ![')', ']', '}', '++', '--'].includes(previous.text);
}

function endOf(source: string, position: number, kind: Token['kind']): number {
  switch (kind) {
    case 'string':
      return endOfString(source, position);
    case 'template':
      return endOfTemplate(source, position);
    case 'comment':
      return endOfComment(source, position);
    case 'regex':
      return position + (matchAt(REGEX, source, position)?.length ?? 1);
    case 'number':
      return position + (matchAt(NUMBER, source, position)?.length ?? 1);
    case 'name':
      return position + (matchAt(WORD, source, position)?.length ?? 1);
    case 'punctuation':
      return position + (matchAt(PUNCTUATION, source, position)?.length ?? 1);
  }
}

function matchAt(pattern: RegExp, source: string, position: number): string | null {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0] ?? null;
}

function endOfString(source: string, start: number): number {
  const quote = source[start];
  for (let position = start + 1; position < source.length; position++) {
    const character = source[position];
    if (character === '\\') position++;
    else if (character === quote) return position + 1;
    // An open string ends with its line, so that one stray quote does not swallow the file.
    else if (character === '\n') return position;
  }
  return source.length;
}

function endOfTemplate(source: string, start: number): number {
  for (let position = start + 1; position < source.length; position++) {
    const character = source[position];
    if (character === '\\') position++;
    else if (character === '`') return position + 1;
    else if (character === '$' && source[position + 1] === '{') position = endOfSubstitution(source, position + 2) - 1;
  }
  return source.length;
}

/** The position after the brace that closes a `${`. */
function endOfSubstitution(source: string, start: number): number {
  let depth = 1;
  for (const token of tokenize(source, start)) {
    if (token.kind !== 'punctuation') continue;
    if (token.text === '{') depth++;
    if (token.text === '}') depth--;
    if (depth === 0) return token.end;
  }
  return source.length;
}

function endOfComment(source: string, start: number): number {
  const isBlock = source[start + 1] === '*';
  const end = source.indexOf(isBlock ? '*/' : '\n', start + 2);
  if (end === -1) return source.length;
  return isBlock ? end + 2 : end;
}

/** The value of a string or of a template without substitutions; null when the token is neither or not closed. */
export function readStringValue(token: Token): string | null {
  const { kind, text } = token;
  if (kind !== 'string' && kind !== 'template') return null;
  if (text.length < 2 || !text.endsWith(text[0] ?? '') || /(?:^|[^\\])(?:\\\\)*\$\{/u.test(text)) return null;
  const body = text.slice(1, -1);
  return body.includes('\\') ? body.replace(ESCAPE, unescape) : body;
}

const ESCAPE = /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|\r\n|([^]))/giu;
const NAMED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };

function unescape(
  _whole: string,
  braced: string | undefined,
  short: string | undefined,
  byte: string | undefined,
  other: string | undefined,
): string {
  const code = braced ?? short ?? byte;
  if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
  if (other === undefined || other === '\n') return '';
  return NAMED[other] ?? other;
}
