/** Reads the migration folders: the one file of `revisions/` that does I/O. */
import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { AludelError } from '../errors.js';
import { buildGraph, type RevisionGraph } from './graph.js';
import { parseHeader } from './parse-header.js';
import type { Revision } from './revision.js';

export interface ScriptFolder {
  readonly graph: RevisionGraph;
  /** The folders that were read, as given. */
  readonly folders: readonly string[];
  /** Those that do not exist. Not an error here: `init` may not have run yet. */
  readonly missing: readonly string[];
}

export interface ScriptFolderOptions {
  /** Also read the folders below, but for those whose names start with `.` or `_` and `node_modules`. Default false. */
  readonly recursive?: boolean;
}

/** Most headers end within this many bytes; a longer one costs a second read. */
const HEADER_BYTES = 3072;

/**
 * Reads every revision of the folders, folder by folder in file name order, by the text of its header: nothing is
 * imported. Throws what `parseHeader` and `buildGraph` throw.
 */
export function readScriptFolder(folders: string | readonly string[], options: ScriptFolderOptions = {}): ScriptFolder {
  const list = typeof folders === 'string' ? [folders] : folders;
  const missing: string[] = [];
  const seen = new Set<string>();
  const revisions: Revision[] = [];
  const buffer = Buffer.allocUnsafe(HEADER_BYTES);
  for (const folder of list) {
    const names = listNames(folder, options.recursive === true);
    if (names === null) {
      missing.push(folder);
      continue;
    }
    const root = resolve(folder) + sep;
    const prefix = join(folder, sep);
    for (const name of names) {
      // Overlapping folders show a file twice; it is one revision.
      const full = root + name;
      if (list.length > 1 && seen.size === seen.add(full).size) continue;
      const revision = readRevision(prefix + name, buffer);
      if (revision !== null) revisions.push(revision);
    }
  }
  return { graph: buildGraph(revisions), folders: list, missing };
}

/** True for a file name that a script folder takes for a revision. */
export function isRevisionFileName(name: string): boolean {
  return /^[^._].*\.(?:m?[jt]s|sql)$/u.test(name) && !/\.d\.m?ts$/u.test(name);
}

function listNames(folder: string, recursive: boolean): readonly string[] | null {
  try {
    const names = recursive ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : readdirSync(folder);
    return names.filter((name) => isRevisionFileName(basename(name)) && (!recursive || isOpenPath(name))).toSorted();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new AludelError(
      'ALUDEL_CONFIG_INVALID',
      `The revision folder "${folder}" cannot be read (${codeOf(error)}).`,
      {
        hint: 'Check that it is a folder and that you may read it.',
        details: { folder },
        cause: error,
      },
    );
  }
}

function isOpenPath(path: string): boolean {
  return path
    .split(sep)
    .slice(0, -1)
    .every((part) => !/^[._]/u.test(part) && part !== 'node_modules');
}

/** Reads one header; null for a folder that is named like a file. */
function readRevision(file: string, buffer: Buffer): Revision | null {
  let length = 0;
  try {
    const descriptor = openSync(file, constants.O_RDONLY);
    try {
      length = readSync(descriptor, buffer, 0, HEADER_BYTES, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (codeOf(error) === 'EISDIR') return null;
    throw new AludelError('ALUDEL_REVISION_INVALID', `"${file}" cannot be read (${codeOf(error)}).`, {
      hint: 'Check that the file is there and that you may read it.',
      details: { file },
      cause: error,
    });
  }
  const start = buffer.toString('utf8', 0, length);
  if (length < HEADER_BYTES) return parseHeader(start, file);
  return parseHeader(start, file, { isPartial: true }) ?? parseHeader(readFileSync(file, 'utf8'), file);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
