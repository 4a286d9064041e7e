/**
 * The tokens of SQL, as far as all databases agree on them: enough to find names and the ends of statements, without being
 * misled by strings, comments and bodies in dollar quotes. Tokens are slices of the text; joined they are the text again.
 */

export interface SqlToken {
  readonly kind: 'space' | 'string' | 'dollar' | 'name' | 'word' | 'other';
  readonly text: string;
}

const PATTERNS: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['space', /(?:\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y],
  ['string', /'(?:[^']|'')*(?:'|$)/y],
  ['name', /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[A-Za-z_][\w ]*\]/y],
  ['dollar', /\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$/uy],
  ['word', /[\p{L}\p{N}_$@]+/uy],
  ['other', /[\s\S]/uy],
];

/** Backslashes escape inside strings on MySQL and MariaDB, and in `E'...'` on PostgreSQL. */
const ESCAPED_STRING = /'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y;

export function sqlTokens(text: string, options: { readonly backslashes?: boolean } = {}): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length;) {
    const last = tokens.at(-1);
    const isEscaped = options.backslashes === true || (last?.kind === 'word' && /^e$/i.test(last.text));
    const token = tokenAt(text, at, isEscaped);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, at: number, isEscaped: boolean): SqlToken {
  for (const [kind, usual] of PATTERNS) {
    const pattern = kind === 'string' && isEscaped ? ESCAPED_STRING : usual;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0] };
  }
  return { kind: 'other', text: text.charAt(at) };
}

/** The name that a token says, without its quotes; undefined for what is no name. */
export function nameIn(token: SqlToken | undefined): string | undefined {
  if (token?.kind === 'word') return token.text;
  if (token?.kind !== 'name') return undefined;
  const quote = token.text.charAt(0);
  const inner = token.text.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}

/** All names and words of a text, bodies in dollar quotes included, in small letters. */
export function sqlWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const token of sqlTokens(text)) {
    if (token.kind === 'dollar') {
      for (const word of sqlWords(token.text.replace(/^\$\w*\$/, ''))) words.add(word);
      continue;
    }
    const name = nameIn(token);
    if (name !== undefined) words.add(name.toLowerCase());
  }
  return words;
}
