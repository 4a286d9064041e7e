/**
 * Keeps what TypeScript becomes, in `node_modules/.cache/aludel` of the project: 1,000 revisions are read sooner than
 * they are transformed. An entry holds the source that it was made of and is used only where that is the same to the
 * last character, so the name of its file need not be a secure hash. Nothing that fails here is an error.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns what `transform` makes of `source`, the text of `file`; `mode` says which transformation it is. */
export function cachedTransform(file: string, source: string, mode: string, transform: () => string): string {
  const entry = entryOf(file, source, mode);
  if (entry === undefined) return transform();
  const kept = readEntry(entry, source);
  if (kept !== undefined) return kept;
  const code = transform();
  writeEntry(entry, source, code);
  return code;
}

/** True where there is a cache, and this is not in it. */
export function isMissing(file: string, source: string, mode: string): boolean {
  const entry = entryOf(file, source, mode);
  return entry !== undefined && !existsSync(entry);
}

function entryOf(file: string, source: string, mode: string): string | undefined {
  const folder = cacheFolder(dirname(file));
  return folder === undefined ? undefined : join(folder, `${mode}-${hash(source)}`);
}

const folders = new Map<string, string | undefined>();

/** The folder for this version in the nearest `node_modules`; without one there is no cache. */
export function cacheFolder(folder: string): string | undefined {
  if (folders.has(folder)) return folders.get(folder);
  const modules = join(folder, 'node_modules');
  const parent = dirname(folder);
  let found: string | undefined;
  if (existsSync(modules)) found = join(modules, '.cache/aludel', version());
  else if (parent !== folder) found = cacheFolder(parent);
  folders.set(folder, found);
  return found;
}

/** Of Aludel, as seen from the bundle. */
function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version?: unknown;
  };
  return String(manifest.version);
}

function readEntry(entry: string, source: string): string | undefined {
  try {
    const text = readFileSync(entry, 'utf8');
    return text.startsWith(source) && text[source.length] === SEPARATOR ? text.slice(source.length + 1) : undefined;
  } catch {
    return undefined;
  }
}

const SEPARATOR = '\0';

/** Written beside and renamed, so that nobody reads half an entry. */
function writeEntry(entry: string, source: string, code: string): void {
  if (!source.includes(SEPARATOR)) writeKept(entry, source + SEPARATOR + code);
}

/** Also for what else is kept in the folder. */
export function writeKept(entry: string, content: string | Uint8Array): void {
  const folder = dirname(entry);
  const draft = `${entry}.${process.pid}`;
  try {
    if (!existsSync(folder)) makeFolder(folder);
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
    renameSync(draft, entry);
  } catch {
    remove(draft);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Then it stays.
  }
}

/** What other versions kept is of no use any more. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(parent)) remove(join(parent, name));
  mkdirSync(folder, { mode: 0o700, recursive: true });
}

/**
 * Two runs of FNV-1a over the UTF-16 units, http://www.isthe.com/chongo/tech/comp/fnv/: node:crypto takes longer to load.
 * Of a long text some 65,000 units are enough to find it again.
 */
function hash(text: string): string {
  let [one, other] = [0x811c9dc5 ^ text.length, 0x01000193];
  const step = 1 + (text.length >> 16);
  for (let at = 0; at < text.length; at += step) {
    one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(at), 0x85ebca6b);
  }
  return [one, other].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}
