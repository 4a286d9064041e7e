/**
 * Runs a file that imports nothing but `aludel` at once, without Node's module loader: on Node 20 our hooks would have to
 * run in a thread, which takes longer to start than all the rest of an upgrade with nothing to do. A file that asks for
 * more of the module system is left to the loader, and so is a config or revision that could hold models: those exist
 * once, and the loader is told of models that were run here (`evaluated`).
 */

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { compileKept } from './compile-kept.js';
import { defineConfig } from './config.js';
import { evaluatedModels } from './evaluated-models.js';
import { loadStripTypes } from './load-strip-types.js';
import { cachedTransform } from './transform-cache.js';
import { findByTsconfig } from './tsconfig-paths.js';

type Exports = Record<string, unknown>;

const results = new Map<string, Promise<Exports | null>>();

/** The model files that were run here, by the URL that the loader knows them by. */
const evaluated = evaluatedModels();

/** The names that each of them exports. */
export function evaluatedNames(): Record<string, readonly string[]> {
  return Object.fromEntries([...evaluated].map(([url, exports]) => [url, Object.keys(exports)]));
}

/** A file of models, as its namespace would be; `null` for one that is not simple. */
export async function runSimpleModels(path: string): Promise<Exports | null> {
  const file = realpathSync.native(path);
  const { href } = pathToFileURL(file);
  const known = evaluated.get(href);
  if (known !== undefined) return known;
  const exports = await evaluate(file, true);
  if (exports === null) return null;
  const names = Object.keys(exports).toSorted((one, other) => (one < other ? -1 : 1));
  const sorted = Object.fromEntries(names.map((name) => [name, exports[name]]));
  evaluated.set(href, sorted);
  return sorted;
}

/** What the file exports; `null` for one that is not simple. Each version of a file is evaluated once a process. */
export function runSimpleFile(path: string, version: string): Promise<Exports | null> {
  // From source another loader is at work (vitest's).
  if (import.meta.url.endsWith('.ts')) return Promise.resolve(null);
  const known = results.get(path + version);
  if (known !== undefined) return known;
  // As the loader does, which knows a file by the path behind any symbolic link.
  const file = realpathSync.native(path);
  const result = results.get(file + version) ?? evaluate(file);
  results.set(path + version, result);
  results.set(file + version, result);
  return result;
}

/** What `aludel` means in the project's files: the entry of the bundle, beside this chunk. */
const OWN = new URL('./index.js', import.meta.url);

let own: Promise<Exports> | undefined;

/** All that most config files ask for, which is here already. */
const OF_CONFIG: Exports = { defineConfig };

async function evaluate(file: string, holdsModels = false): Promise<Exports | null> {
  const simple = compileSimple(file, holdsModels);
  if (simple === null) return null;
  const has = (exports: Exports): boolean => simple.names.every((name) => Object.hasOwn(exports, name));
  const aludel = has(OF_CONFIG) ? OF_CONFIG : await (own ??= import(/* @vite-ignore */ OWN.href) as Promise<Exports>);
  // The loader says what is not there.
  if (!has(aludel)) return null;
  const exports: Exports = {};
  simple.run.call(undefined, () => aludel, exports);
  return exports;
}

/** What only the module loader can give, or would give in another way. */
const NOT_SIMPLE = /\b(?:import\s*[(.]|(?:require|module|exports|__dirname|__filename)\b)/;
const MODELS = /\b(?:declarativeBase|MetaData)\b/;

interface SimpleFile {
  readonly run: (this: undefined, require: () => Exports, exports: Exports) => void;
  /** What it asks `aludel` for. */
  readonly names: readonly string[];
}

function compileSimple(file: string, holdsModels: boolean): SimpleFile | null {
  const source = readFileSync(file, 'utf8');
  const isTypeScript = /\.m?ts$/.test(file);
  if (!(isTypeScript || /\.m?js$/.test(file)) || NOT_SIMPLE.test(source)) return null;
  if (!holdsModels && MODELS.test(source)) return null;
  try {
    const code = cachedTransform(file, source, `simple${extname(file)}`, () =>
      loadStripTypes().toCommonJs(source, isTypeScript),
    );
    if (!isSimple(code) || !meansOurs(file)) return null;
    const run = compileKept(file, code, ['require', 'exports']) as SimpleFile['run'];
    return { run, names: namesOf(code) };
  } catch {
    // A syntax error, or an `await` at the top: the loader says which.
    return null;
  }
}

/** What the code asks `aludel` for, each name once. */
function namesOf(code: string): string[] {
  const names = new Set<string>();
  const pattern = /\b_aludel\d*\.([\w$]+)/g;
  for (let match = pattern.exec(code); match !== null; match = pattern.exec(code)) names.add(match[1] ?? '');
  return [...names];
}

/** Whether the code is a module's and asks for nothing but `aludel`. */
function isSimple(code: string): boolean {
  if (!code.includes('__esModule') || /_interopRequire|_createStarExport/.test(code)) return false;
  for (const [, specifier] of code.matchAll(/\brequire\((.*?)\)/g)) if (specifier !== "'aludel'") return false;
  return true;
}

const folders = new Map<string, boolean>();

/** Whether an import of `aludel` in the file means the Aludel that runs. */
function meansOurs(file: string): boolean {
  const folder = dirname(file);
  let isOurs = folders.get(folder);
  if (isOurs === undefined) {
    isOurs = findByTsconfig('aludel', file) === undefined && isOursOrNone(file);
    folders.set(folder, isOurs);
  }
  return isOurs;
}

function isOursOrNone(file: string): boolean {
  try {
    return createRequire(file).resolve('aludel') === fileURLToPath(OWN);
  } catch {
    // The loader's hooks would give ours as well.
    return true;
  }
}
