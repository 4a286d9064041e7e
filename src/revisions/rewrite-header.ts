import { AludelError } from '../errors.js';
import { parseHeader } from './parse-header.js';
import { isSqlFile, rewriteSqlParents } from './sql-file.js';
import { tokenize, type Token } from './tokenize.js';

/**
 * A revision file with other parents: the literal of `downRevision` and the `Parent:` line of the comment change, all
 * else stays as it is.
 * @throws AludelError ALUDEL_REVISION_INVALID where the header cannot be read.
 */
export function rewriteParents(source: string, parents: readonly string[], file: string): string {
  const before = parseHeader(source, file);
  if (isSqlFile(file)) {
    const rewritten = rewriteSqlParents(source, parents);
    if (parseHeader(rewritten, file).down.join() !== parents.join()) throw rewriteError(file);
    return rewritten;
  }
  const span = findLiteral([...tokenize(source)].filter((token) => token.kind !== 'comment'));
  const quoted = parents.map((id) => `'${id}'`);
  const [only = 'null', ...others] = quoted;
  const literal = others.length === 0 ? only : `[${quoted.join(', ')}]`;
  if (span === null) throw rewriteError(file);
  const rewritten = `${rewriteComment(source.slice(0, span.start), before.down, parents)}${literal}${source.slice(span.end)}`;
  const after = parseHeader(rewritten, file);
  if (after.id !== before.id || after.down.join() !== parents.join()) throw rewriteError(file);
  return rewritten;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The value behind `export const downRevision`, past a type annotation. */
function findLiteral(tokens: readonly Token[]): Span | null {
  const name = tokens.findIndex(
    ({ text }, at) => text === 'downRevision' && tokens[at - 2]?.text === 'export' && tokens[at - 1]?.kind === 'name',
  );
  const equals = name === -1 ? -1 : tokens.findIndex(({ text }, at) => at > name && text === '=');
  const first = equals === -1 ? undefined : tokens[equals + 1];
  if (first === undefined) return null;
  if (first.text !== '[') return { start: first.start, end: first.end };
  const last = tokens.find(({ text }, at) => at > equals && text === ']');
  return last === undefined ? null : { start: first.start, end: last.end };
}

function rewriteComment(head: string, before: readonly string[], parents: readonly string[]): string {
  const named = before.length === 0 ? 'base' : before.join(', ');
  return head.replace(/^(\s*\*\s*Parents?:\s*)(.*?)([ \t]*)$/mu, (line, start: string, text: string, end: string) =>
    text === named ? `${start}${parents.join(', ') || 'base'}${end}` : line,
  );
}

function rewriteError(file: string): AludelError {
  return new AludelError('ALUDEL_REVISION_INVALID', `The downRevision of "${file}" cannot be rewritten.`, {
    hint: 'Change it by hand to a plain literal, then run "aludel history".',
    details: { file },
  });
}
