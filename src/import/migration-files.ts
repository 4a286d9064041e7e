/** Reading the folders of other tools. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AludelError } from '../errors.js';
import type { ToolName } from './history-tables.js';

/** The endings of modules that migrations are written in. */
const MODULE = /(?<!\.d)\.[cm]?[jt]s$/u;

/** The names of the files of a folder, sorted; hidden ones and folders are left out. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .toSorted();
}

/** The names of the folders in a folder, sorted. */
export async function listFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** True for `x.ts`, `x.mjs` and the like, not for `x.d.ts` and `x.js.map`. */
export function isModule(name: string): boolean {
  return MODULE.test(name);
}

/** A file's name without its last ending. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/u, '');
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The first of the folders below, or the folder itself, that holds what the tool keeps there. */
export async function findFolder(folder: string, below: readonly string[]): Promise<string> {
  for (const name of below) {
    const path = join(folder, name);
    if (await exists(path)) return path;
  }
  return folder;
}

export function readText(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

/** SHA-256 in hex of the text as it is and with either kind of line end: git may have changed them since. */
export function textChecksums(text: string): readonly string[] {
  const unix = text.replaceAll('\r\n', '\n');
  const texts = new Set([text, unix, unix.replaceAll('\n', '\r\n')]);
  return [...texts].map((each) => createHash('sha256').update(each).digest('hex'));
}

/** What is thrown for a folder that is none of the tool's. */
export function folderError(tool: ToolName, folder: string, missing: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `"${folder}" is no migration folder of ${tool}: it holds no ${missing}.`, {
    hint: `Name the folder that ${tool} writes its migrations to.`,
    details: { tool, folder },
  });
}
