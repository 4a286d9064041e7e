/** A piece of SQL text: a word, a number, a quoted name, a string, an operator, white space or a comment. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'string' | 'symbol' | 'space' | 'comment';
  readonly text: string;
}

export interface SqlTokenOptions {
  /** A backslash inside a string escapes the next character (MySQL). */
  readonly hasBackslashEscapes?: boolean;
  /** `"` quotes a string (MySQL in its default mode), not a name. */
  readonly hasDoubleQuotedStrings?: boolean;
  /** `[` quotes a name (SQLite), not a subscript. */
  readonly hasBracketNames?: boolean;
  /** `$tag$` quotes a string (PostgreSQL). */
  readonly hasDollarStrings?: boolean;
}

/** Cuts SQL of any of the databases into tokens; their texts joined give the input back. */
export function sqlTokens(sql: string, options: SqlTokenOptions = {}): readonly SqlToken[] {
  const rules: readonly (readonly [kind: SqlToken['kind'], pattern: RegExp])[] = [
    ['space', /\s+/y],
    ['comment', /--[^\n]*|\/\*.*?\*\//sy],
    ['string', /[eE]'(?:[^'\\]|\\.|'')*'/sy],
    ['string', options.hasBackslashEscapes ? /'(?:[^'\\]|\\.|'')*'/sy : /'(?:[^']|'')*'/sy],
    ...(options.hasDollarStrings ? ([['string', /\$([A-Za-z_\u0080-\uffff]?\w*)\$.*?\$\1\$/sy]] as const) : []),
    options.hasDoubleQuotedStrings ? ['string', /"(?:[^"\\]|\\.|"")*"/sy] : ['name', /"(?:[^"]|"")*"/sy],
    ['name', /`(?:[^`]|``)*`/sy],
    ...(options.hasBracketNames ? ([['name', /\[[^\]]*\]/y]] as const) : []),
    ['word', /[\w$\u0080-\uffff]+(?:\.\d+)?/y],
    ['symbol', /[^]/y],
  ];
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length;) {
    for (const [kind, pattern] of rules) {
      pattern.lastIndex = at;
      const text = pattern.exec(sql)?.[0];
      if (text === undefined) continue;
      tokens.push({ kind, text });
      at += text.length;
      break;
    }
  }
  return tokens;
}
