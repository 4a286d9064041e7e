/**
 * The tokens of what MySQL and MariaDB print: enough to find where a clause ends and to bring string literals to one
 * spelling. Tokens are slices of the text; joined they are the text again.
 */

export interface Token {
  readonly kind: 'space' | 'string' | 'name' | 'word' | 'open' | 'close' | 'comma' | 'other';
  readonly text: string;
}

const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /\s+/y],
  ['string', /'(?:[^'\\]|''|\\[\s\S])*'/y],
  ['name', /`(?:[^`]|``)*`/y],
  // Numbers with a fraction and an exponent are one word too, and so are the letters of b'1' and x'ff'.
  ['word', /[\p{L}\p{N}_$@]+(?:\.\d+)?(?:(?<=\d[eE])[+-]\d+)?/uy],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
  ['other', /\/\*[\s\S]*?\*\/|[\s\S]/uy],
];

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0] };
  }
  return { kind: 'other', text: text.charAt(at) };
}

export function joinTokens(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join('');
}

/** The index behind the parenthesis that closes the one at `open`. */
export function endOfGroup(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const kind = tokens[i]?.kind;
    if (kind === 'open') depth++;
    if (kind === 'close' && --depth === 0) return i + 1;
  }
  return tokens.length;
}

/** The tokens between commas that stand in no parenthesis. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const groups: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth--;
    if (token.kind === 'comma' && depth === 0) groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return groups;
}

/** https://dev.mysql.com/doc/refman/8.4/en/string-literals.html */
const ESCAPES: Readonly<Record<string, string>> = {
  0: '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
};

/** The value of a string literal. */
export function unquoteString(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/''|\\([\s\S])/g, (_whole, escaped: string | undefined) =>
      escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped),
    );
}

export function unquoteName(name: string): string {
  return name.slice(1, -1).replaceAll('``', '`');
}
