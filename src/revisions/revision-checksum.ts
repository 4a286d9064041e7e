import { hash } from 'node:crypto';
import { isSqlFile, sqlChecksum } from './sql-file.js';
import { readStringValue, tokenize, type Token } from './tokenize.js';

/** After these words a semicolon, or the end of a line, changes what follows. */
const SENSITIVE: ReadonlySet<string> = new Set(
  (
    'return yield throw break continue async await type let static get set declare abstract of new typeof void delete ' +
    'in case else do default export import from as interface namespace module enum accessor readonly using satisfies'
  ).split(' '),
);
/** A statement that starts with one of these would join the one before if the semicolon were left out. */
const JOINS = /^(?:[([`/+\-*.,?:<>=&|^%!;]|instanceof$|in$|as$|satisfies$)/u;

/**
 * The SHA-256 of a revision file's tokens in hex: the same after a change of comments, white space, the kind of quotes,
 * trailing commas and optional semicolons, another one after any other change. Where the text could be read in two
 * ways, it errs on the side of "changed".
 */
export function revisionChecksum(source: string, file: string | null = null): string {
  if (isSqlFile(file)) return sqlChecksum(source);
  const tokens = [...tokenize(source)].filter((token) => token.kind !== 'comment' || token.isAfterDoubt);
  const parts: string[] = [];
  /** One entry an open bracket: true for the head of `if`, `for`, `while`, `with`. */
  const open: boolean[] = [];
  let closedHead = false;
  let previous: Token | null = null;
  for (const [index, token] of tokens.entries()) {
    const next: Token | null = tokens[index + 1] ?? null;
    const before: Token | null = previous;
    previous = token;
    if (token.kind === 'punctuation') {
      if (token.text === ';' && !closedHead && open.at(-1) !== true && isOptional(before, next)) {
        previous = before;
        continue;
      }
      if (token.text === ',' && isTrailingComma(before, next)) continue;
      closedHead = token.text === ')' && open.at(-1) === true;
      if ('([{'.includes(token.text)) open.push(token.text === '(' && isHead(tokens, index));
      if (')]}'.includes(token.text)) open.pop();
    } else {
      closedHead = false;
    }
    if (token.startsLine && isLineSensitive(before, token)) parts.push('\n\0');
    parts.push(`${normalize(token)}\0`);
  }
  return hash('sha256', parts.join(''), 'hex');
}

function normalize(token: Token): string {
  if (token.kind !== 'string') return `${token.kind[0]}${token.text}`;
  const value = readStringValue(token);
  // A broken string is hashed as it stands.
  return value === null ? `?${token.text}` : `s${JSON.stringify(value)}`;
}

function isOptional(before: Token | null, next: Token | null): boolean {
  if (before === null || (before.kind === 'name' && SENSITIVE.has(before.text))) return false;
  if (before.kind === 'punctuation' && !')]}'.includes(before.text) && !['++', '--', '!'].includes(before.text))
    return false;
  return next === null || next.text === '}' || !JOINS.test(next.text);
}

function isTrailingComma(before: Token | null, next: Token | null): boolean {
  if (next === null || next.kind !== 'punctuation' || !')]}'.includes(next.text)) return false;
  return before !== null && !(before.kind === 'punctuation' && [',', '['].includes(before.text));
}

function isHead(tokens: readonly Token[], index: number): boolean {
  const word = tokens[index - 1]?.text ?? '';
  return ['if', 'for', 'while', 'with'].includes(word) || (word === 'await' && tokens[index - 2]?.text === 'for');
}

/** Where the end of a line can end a statement although both lines would make sense as one. */
function isLineSensitive(before: Token | null, token: Token): boolean {
  if (token.text === '++' || token.text === '--') return true;
  return before?.kind === 'name' && SENSITIVE.has(before.text);
}
