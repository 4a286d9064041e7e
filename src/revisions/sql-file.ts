/** Revisions as SQL files: a header of comments, a line "-- upgrade" and what it does, a line "-- downgrade" and the way back. */
import { createHash } from 'node:crypto';
import { AludelError } from '../errors.js';
import type { Revision } from './revision.js';

/** What only the run needs to know of the header. */
export interface SqlHeader extends Revision {
  /** False where it says `-- transaction: false`. */
  readonly isTransactional: boolean;
}

const KEYS = ['revision', 'downRevision', 'branchLabels', 'dependsOn', 'replaces', 'transaction', 'created'] as const;
type Key = (typeof KEYS)[number];

const KEY_LINE = /^([A-Za-z_-]+):\s*(.*)$/u;
const EXAMPLE = '"-- revision: 3f2a9c1b7d04" and "-- downRevision: base"';

export function isSqlFile(file: string | null): boolean {
  return file?.endsWith('.sql') === true;
}

/** A line that begins a section. */
export const SECTION: RegExp = /^--[ \t]*(upgrade|downgrade)[ \t]*\r?$/imu;

/**
 * Reads the comments before the first section. With `isPartial` the text is only the start of the file, and null says
 * that the header may go on behind it.
 * @throws AludelError ALUDEL_REVISION_INVALID.
 */
export function parseSqlHeader(
  source: string,
  file: string | null,
  options: { readonly isPartial: true },
): SqlHeader | null;
export function parseSqlHeader(source: string, file: string | null): SqlHeader;
export function parseSqlHeader(
  source: string,
  file: string | null,
  options: { readonly isPartial: boolean } = { isPartial: false },
): SqlHeader | null {
  const end = SECTION.exec(source)?.index;
  if (end === undefined) {
    if (options.isPartial) return null;
    throw invalid(file, 'has no line "-- upgrade"', 'Write what the revision does behind a line "-- upgrade".');
  }
  const found = new Map<Key, string>();
  let message: string | null = null;
  for (const [index, raw] of source
    .slice(0, end)
    .replace(/^\uFEFF/u, '')
    .split('\n')
    .entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (!line.startsWith('--')) {
      throw invalid(file, `has SQL before "-- upgrade" (line ${index + 1})`, 'Move it behind that line.');
    }
    const text = line.slice(2).trim();
    const [, name = '', value = ''] = KEY_LINE.exec(text) ?? [];
    const key = KEYS.find((known) => known.toLowerCase() === name.replaceAll(/[_-]/gu, '').toLowerCase());
    if (key === undefined) message ??= text === '' ? null : text;
    else if (found.has(key)) throw invalid(file, `says "${name}" twice`, 'Remove one of them.');
    else found.set(key, value.trim());
  }
  return toRevision(found, message, file);
}

function toRevision(found: ReadonlyMap<Key, string>, message: string | null, file: string | null): SqlHeader {
  const id = found.get('revision');
  const down = found.get('downRevision');
  if (id === undefined || down === undefined || down === '') {
    const missing = id === undefined ? '-- revision:' : '-- downRevision:';
    throw invalid(file, `has no line "${missing}"`, `Begin it with ${EXAMPLE}.`);
  }
  const transaction = found.get('transaction') ?? 'true';
  if (transaction !== 'true' && transaction !== 'false') {
    throw invalid(file, `says "transaction: ${transaction}"`, 'Write "-- transaction: false", or leave it out.');
  }
  const replaces = listOf(found.get('replaces'));
  return {
    id,
    down: listOf(['base', 'null'].includes(down) ? '' : down),
    branchLabels: listOf(found.get('branchLabels')),
    dependsOn: listOf(found.get('dependsOn')),
    ...(replaces.length === 0 ? {} : { replaces }),
    message,
    createdAt: found.get('created') ?? null,
    file,
    isTransactional: transaction === 'true',
  };
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The file with other parents; all else stays as it is. */
export function rewriteSqlParents(source: string, parents: readonly string[]): string {
  const end = SECTION.exec(source)?.index ?? source.length;
  const line = /^(--[ \t]*down[_-]?revision:[ \t]*)(.*?)([ \t]*\r?)$/imu;
  const head = source
    .slice(0, end)
    .replace(line, (_, start: string, _old: string, rest: string) => `${start}${parents.join(', ') || 'base'}${rest}`);
  return head + source.slice(end);
}

/**
 * The SHA-256 of what the file says: comments and white space between words may change. Where backslashes, "#" or dollar
 * quotes make it depend on the database what a comment is, every character counts.
 */
export function sqlChecksum(source: string): string {
  const { id, down, branchLabels, dependsOn, isTransactional } = parseSqlHeader(source, null);
  const body = source.slice(SECTION.exec(source)?.index ?? 0).replaceAll('\r\n', '\n');
  const isAmbiguous = /[\\#$]/u.test(body);
  const text = isAmbiguous ? body.trim() : stripComments(body);
  const header = JSON.stringify([id, down, branchLabels, dependsOn, isTransactional]);
  return createHash('sha256').update(`${header}\n${text}`).digest('hex');
}

const PIECES =
  /(--[ \t]*(?:upgrade|downgrade)[ \t]*$)|--[^\n]*|\/\*[\s\S]*?\*\/|('(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`)|\s+/gimu;

function stripComments(body: string): string {
  const parts: string[] = [];
  const push = (part: string): void => {
    if (part !== '' && !(part === ' ' && parts.at(-1) === ' ')) parts.push(part);
  };
  let at = 0;
  for (const match of body.matchAll(PIECES)) {
    const [piece, section, quoted] = match;
    push(body.slice(at, match.index));
    push(section === undefined ? (quoted ?? ' ') : section.replaceAll(/[ \t]/gu, '').toLowerCase());
    at = match.index + piece.length;
  }
  push(body.slice(at));
  return parts.join('').trim();
}

export function invalid(file: string | null, problem: string, hint: string): AludelError {
  return new AludelError('ALUDEL_REVISION_INVALID', `${file === null ? 'The SQL file' : `"${file}"`} ${problem}.`, {
    hint,
    details: { file },
  });
}
