import type { TokenRange } from './token-cursor.js';
import { printTokens } from './tokenizer.js';
import type { Token } from './tokenizer.js';

/** Puts `text` in the place of the tokens; with `start` equal to `end` it goes in before that token. */
export interface TokenEdit extends TokenRange {
  readonly text: string;
}

/**
 * The text with the edits made, which may be given in any order but must not overlap. The white space and comments before
 * the first replaced token stay (white space goes where nothing is put in its place); those between replaced tokens go. What is inserted comes directly after the token
 * before it, so ahead of any comment. A space is added where two tokens would otherwise grow together.
 */
export function spliceTokens(tokens: readonly Token[], edits: readonly TokenEdit[]): string {
  let sql = '';
  let next = 0;
  const append = (text: string): void => {
    sql += growTogether(sql, text) ? ` ${text}` : text;
  };
  const copyUntil = (end: number): void => {
    const kept = printTokens(tokens.slice(next, end));
    if (next > 0) append(kept);
    else sql += kept;
    next = end;
  };
  for (const { start, end, text } of edits.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    if (start < next) throw new Error(`unreachable: edits overlap at token ${start}`);
    copyUntil(start);
    const leading = end > start ? (tokens[start]?.leading ?? '') : '';
    // White space goes with what is removed; a comment before it stays.
    if (text !== '' || leading.trim() !== '') append(leading);
    append(text);
    next = end;
  }
  copyUntil(tokens.length);
  return sql;
}

const WORD_LIKE = /^[\w$\u0080-\uFFFF'"`[\].?:@#]$/;
const OPERATOR_LIKE = /^[-+*/<>=!|&]$/;

function growTogether(left: string, right: string): boolean {
  const last = left.slice(-1);
  const first = right.slice(0, 1);
  return (WORD_LIKE.test(last) && WORD_LIKE.test(first)) || (OPERATOR_LIKE.test(last) && OPERATOR_LIKE.test(first));
}
