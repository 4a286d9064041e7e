import { isReservedWord, isValueWord } from './keywords.js';
import { foldName, quoteName, unquoteName } from './names.js';
import { tokenize } from './tokenizer.js';
import type { Token } from './tokenizer.js';

const BARE_NAME = /^[a-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*$/;

/**
 * The text by which two expressions are compared on SQLite, which keeps them as they were written: letter case folded
 * outside strings, one way of quoting names, comments dropped, one space between tokens, parentheses around the whole
 * dropped. What is in a string stays as it is. A double-quoted token counts as a name, since whether SQLite took it for a
 * string cannot be seen from the text. The result is itself SQL, and normalising it again changes nothing.
 */
export function normaliseTokens(sql: string): string {
  let tokens = tokenize(sql).slice(0, -1);
  while (isParenthesised(tokens)) tokens = tokens.slice(1, -1);
  return tokens.map(canonicalText).join(' ');
}

/** Whether the tokens are one pair of parentheses with something in it. */
export function isParenthesised(tokens: readonly Token[]): boolean {
  if (tokens.length < 3 || tokens[0]?.text !== '(') return false;
  let depth = 0;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'operator') continue;
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    if (depth === 0) return index === tokens.length - 1;
  }
  return false;
}

function canonicalText({ kind, text }: Token): string {
  if (kind === 'word' || kind === 'number' || kind === 'blob') return foldName(text);
  if (kind !== 'name') return text;
  const name = foldName(unquoteName(text));
  return BARE_NAME.test(name) && !isReservedWord(name) && !isValueWord(name) ? name : quoteName(name);
}
