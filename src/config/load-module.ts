/**
 * The one way in which Aludel loads a file of the project: config, models and revisions, TypeScript and JavaScript,
 * through Node's own module loader with our hooks in it, so that the project's files share one instance of everything.
 */

import { existsSync, realpathSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

import { AludelError } from '../errors.js';
import { evaluatedNames, runSimpleFile, runSimpleModels } from './run-simple-file.js';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

const require = nodeModule.createRequire(import.meta.url);

let registration: Promise<void> | undefined;

/** True where the hooks run in a thread of their own. */
let areHooksApart = false;

/**
 * Loads a .ts, .mts, .cts, .js, .mjs or .cjs file, given by its absolute path, and returns what it exports. A CommonJS
 * file gives the properties of `module.exports` and the whole of it as `default`. A file is evaluated once a process.
 * @throws AludelError ALUDEL_MODULE_FAILED naming the file, the place and the import where it fails. An AludelError
 *   that the file itself throws comes through as it is.
 */
export function loadModule(file: string): Promise<Record<string, unknown>> {
  return loadWith(file, () => importModule(file));
}

/**
 * Loads a config or a revision as `loadModule` does, and in less time where it imports nothing but `aludel`. Not for
 * models, which other files may import as well. A file that was written since it was evaluated is evaluated anew: what
 * runs is what the log says of it.
 */
export function loadScript(file: string): Promise<Record<string, unknown>> {
  return loadWith(file, async () => {
    const version = versionOf(file);
    return (await runSimpleFile(file, version)) ?? (await importModule(file, version));
  });
}

let isOwnProcess = false;

/** Says that this process runs the command and nothing else: whatever files of the project are loaded, we load them. */
export function claimProcess(): void {
  isOwnProcess = true;
}

/**
 * Loads a file of models as `loadModule` does, and in less time where it imports nothing but `aludel`. Who imports it
 * later, gets the same models. In a program that uses Aludel they may have been imported before.
 */
export function loadModelFile(file: string): Promise<Record<string, unknown>> {
  const isFirst = isOwnProcess && registration === undefined;
  return loadWith(file, async () => (isFirst ? await runSimpleModels(file) : null) ?? (await importModule(file)));
}

/** When the scripts had been written that were evaluated first. */
const firstWritten = new Map<string, number>();

/** Empty for the first version of a file. */
function versionOf(file: string): string {
  const { mtimeMs } = statSync(file);
  const first = firstWritten.get(file) ?? mtimeMs;
  firstWritten.set(file, first);
  // Other loaders read the kind of a file off the end of its address.
  return mtimeMs === first ? '' : `?${mtimeMs}${extname(file)}`;
}

async function loadWith(
  file: string,
  evaluate: () => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (!EXTENSIONS.includes(extname(file))) {
    throw new AludelError('ALUDEL_MODULE_FAILED', `File "${file}" is neither TypeScript nor JavaScript.`, {
      hint: `Give it one of the endings ${EXTENSIONS.join(', ')}.`,
      details: { file },
    });
  }
  try {
    return await evaluate();
  } catch (error) {
    if (error instanceof Error && error.name === 'AludelError') throw error;
    if (!existsSync(file)) throw noSuchFile(file);
    const { describeModuleFailure } = await import('./module-failure.js');
    throw describeModuleFailure(file, error);
  }
}

function noSuchFile(file: string): AludelError {
  return new AludelError('ALUDEL_MODULE_FAILED', `File "${file}" does not exist.`, {
    hint: 'Bring the file back, or correct the path that names it.',
    details: { file },
  });
}

async function importModule(file: string, version = ''): Promise<Record<string, unknown>> {
  await (registration ??= registerHooks());
  if (areHooksApart && /\.m?ts$/.test(file)) await (await import('./strip-ahead.js')).stripAhead(file);
  const namespace = (await import(/* @vite-ignore */ pathToFileURL(file).href + version)) as Record<string, unknown>;
  return unwrapCommonJs(file, namespace);
}

/** Beside this chunk of the bundle. */
const HOOKS = new URL('./typescript-hooks.js', import.meta.url).href;

/** Once a process. Where `registerHooks` exists it costs under a millisecond, the thread of Node 20 about 25. */
async function registerHooks(): Promise<void> {
  // From source there is another TypeScript loader at work (vitest's), and two would load a file twice.
  if (import.meta.url.endsWith('.ts')) return;
  if ('registerHooks' in nodeModule && typeof nodeModule.registerHooks === 'function') {
    const { initialize, resolve, load } = (await import(
      /* @vite-ignore */ HOOKS
    )) as typeof import('./typescript-hooks.js');
    initialize(evaluatedNames());
    nodeModule.registerHooks({ resolve, load });
  } else {
    nodeModule.register(HOOKS, { data: evaluatedNames() });
    areHooksApart = true;
  }
}

/** A CommonJS file's exports, which Node names only as far as it can tell them from the text. */
function unwrapCommonJs(file: string, namespace: Record<string, unknown>): Record<string, unknown> {
  const exported = namespace['default'];
  if (typeof exported !== 'object' || exported === null) return namespace;
  const isCommonJs =
    /\.c[jt]s$/.test(file) || 'module.exports' in namespace || require.cache[realpathSync(file)]?.exports === exported;
  if (!isCommonJs) return namespace;
  // Compiled from ESM syntax: `exports.default` is what the author calls the default export.
  return '__esModule' in exported ? { ...exported } : { ...exported, default: exported };
}
