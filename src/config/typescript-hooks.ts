/**
 * Module hooks that let plain Node run a project's TypeScript, whatever the Node version and the project's settings.
 * They are written to the one signature that serves both `module.registerHooks` (synchronous, in this thread) and
 * `module.register` (Node 20: asynchronous, in a thread of their own): what the next hook returns, a value or a promise,
 * is passed on. The build keeps this file as an entry of its own, `dist/typescript-hooks.js`.
 *
 * Node's own resolution always goes first, and only what it cannot find is looked for as TypeScript. Whichever way a
 * file is asked for, its URL is the same, so no file is evaluated twice.
 */

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { moduleOfEvaluated } from './evaluated-models.js';
import { findFile } from './find-file.js';
import { loadStripTypes } from './load-strip-types.js';
import type { ModuleFormat } from './strip-types.js';
import { cachedTransform } from './transform-cache.js';
import { findByTsconfig } from './tsconfig-paths.js';

interface ResolveContext {
  readonly conditions: readonly string[];
  readonly importAttributes?: Readonly<Record<string, string>>;
  readonly parentURL?: string | undefined;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean;
}

interface Loaded {
  readonly format: string | null | undefined;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

type Eventually<T> = T | Promise<T>;
type NextResolve = (specifier: string, context: ResolveContext) => Eventually<Resolved>;
type NextLoad = (url: string, context: Readonly<Record<string, unknown>>) => Eventually<Loaded>;

/** What `resolve` and `load` put on the errors they let pass, for the message that `loadModule` makes of them. */
export interface ModuleErrorFacts {
  /** The import that could not be found, as it is written. */
  readonly specifier?: string;
  /** The file that holds the import. */
  readonly importer?: string;
  /** The file that cannot be parsed, with the place in it. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

const FORMATS: Readonly<Record<string, ModuleFormat>> = {
  '.ts': 'module',
  '.mts': 'module',
  '.cts': 'commonjs',
};

const require = createRequire(import.meta.url);

let evaluated: Readonly<Record<string, readonly string[]>> = {};

/** Is told which files of models have been run without the loader, and what they export. */
export function initialize(names: Readonly<Record<string, readonly string[]>>): void {
  evaluated = names;
}

/**
 * Finds `./user.js` in `./user.ts`, `./user` in `./user.ts` or `./user/index.ts`, what `paths` and `baseUrl` of the
 * nearest tsconfig.json say, and `aludel` in the running Aludel where the project has none of its own.
 */
export function resolve(specifier: string, context: ResolveContext, next: NextResolve): Eventually<Resolved> {
  const importer = toFile(context.parentURL);
  const mapped = importer === undefined || !isBare(specifier) ? undefined : findByTsconfig(specifier, importer);
  if (mapped !== undefined) return found(mapped);

  return attempt(
    () => next(specifier, context),
    (error) => {
      const file = isNotFound(error) ? findTypeScript(specifier, importer, error) : undefined;
      if (file !== undefined) return found(file);
      // A package finds itself by its own name: seen from this file, `aludel` is the package that runs.
      const isFallback = isNotFound(error) && isOurs(specifier) && context.parentURL !== import.meta.url;
      if (isFallback) return found(require.resolve(specifier));
      throw withFacts(error, { specifier, ...(importer === undefined ? {} : { importer }) });
    },
  );
}

/** Takes the types out of .ts, .mts and .cts files; leaves every other file to Node. */
export function load(url: string, context: Readonly<Record<string, unknown>>, next: NextLoad): Eventually<Loaded> {
  const names = evaluated[url];
  if (names !== undefined) return { format: 'module', source: moduleOfEvaluated(url, names), shortCircuit: true };
  const file = toFile(url);
  const format = file === undefined ? undefined : FORMATS[/\.[cm]?ts$/.exec(file)?.[0] ?? ''];
  if (file === undefined || format === undefined) return next(url, context);
  const source = readFileSync(file, 'utf8');
  try {
    const stripped = cachedTransform(file, source, format, () => loadStripTypes().stripTypes(source, format));
    return {
      format,
      source: format === 'commonjs' ? redirectRequires(stripped, file) : stripped,
      shortCircuit: true,
    };
  } catch (error) {
    throw withFacts(error, { file });
  }
}

/** The URL that Node itself would give: of the file behind any symbolic link. */
function found(file: string): Resolved {
  return { url: pathToFileURL(realpathSync(file)).href, shortCircuit: true };
}

/**
 * In a CommonJS file whose source comes from a hook, `require` looks for the file before it asks any hook (up to Node
 * 24), and cannot load ES modules (Node 20); `module.require` can, but asks no hook.
 */
function redirectRequires(source: string, file: string): string {
  return source.replace(/\brequire\((['"])([^'"]+)\1\)/g, (_call, _quote, specifier: string) => {
    const target = findRequired(specifier, file);
    const isPackage = isBare(specifier) && !/\.[cm]?ts$/.test(target);
    return `${isPackage ? 'module.require' : 'require'}(${JSON.stringify(target)})`;
  });
}

/** What to require instead of `specifier`: itself where Node finds it, or where nobody does. */
function findRequired(specifier: string, importer: string): string {
  const mapped = isBare(specifier) ? findByTsconfig(specifier, importer) : undefined;
  if (mapped !== undefined) return mapped;
  try {
    createRequire(importer).resolve(specifier);
    return specifier;
  } catch (error) {
    if (!isNotFound(error)) return specifier;
    return isOurs(specifier) ? require.resolve(specifier) : (findTypeScript(specifier, importer, error) ?? specifier);
  }
}

/** Runs `first`; if it throws or its promise rejects, the outcome is that of `rescue`. */
function attempt<T>(first: () => Eventually<T>, rescue: (error: unknown) => Eventually<T>): Eventually<T> {
  let outcome: Eventually<T>;
  try {
    outcome = first();
  } catch (error) {
    return rescue(error);
  }
  return outcome instanceof Promise ? outcome.catch(rescue) : outcome;
}

/** The TypeScript file, or the extensionless one, behind a specifier that Node did not find. */
function findTypeScript(specifier: string, importer: string | undefined, error: Error): string | undefined {
  if (importer !== undefined && /^\.{1,2}(?:\/|$)/.test(specifier)) {
    return findFile(fileURLToPath(new URL(specifier, pathToFileURL(importer))));
  }
  // Node says where an absolute specifier, or one of a package's "imports" and "exports", leads to.
  const target = toFile('url' in error && typeof error.url === 'string' ? error.url : specifier);
  return target === undefined ? undefined : findFile(target);
}

function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}\/|\.{1,2}$|#|[a-z][a-z0-9+.-]+:)/i.test(specifier) && !isBuiltin(specifier);
}

function isOurs(specifier: string): boolean {
  return specifier === 'aludel' || specifier.startsWith('aludel/');
}

function isNotFound(error: unknown): error is Error {
  const codes = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function toFile(url: string | undefined): string | undefined {
  return url?.startsWith('file:') === true ? fileURLToPath(url) : undefined;
}

function withFacts(error: unknown, facts: ModuleErrorFacts): unknown {
  // The first place knows best: a rethrow passes through the hooks of every importer.
  return error instanceof Error && !('specifier' in error) ? Object.assign(error, facts) : error;
}
