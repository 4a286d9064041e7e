/** Finds the config file, loads it, checks it and fills in what it leaves open. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

import { AludelError } from '../errors.js';
import type { ObjectKind } from '../schema/objects.js';
import type { TransactionMode } from '../engine/connection.js';
import type { Include } from '../extensions/callbacks.js';
import type { ConfigExtensions } from '../extensions/load-extensions.js';
import { EMPTY_CONTEXT, type RunContext } from '../util/run-context.js';
import { chooseDatabase, listDatabaseNames, type LoadedConfig } from './choose-database.js';
import type { Config, ConfigFunction, DatabaseConfig, TargetSource } from './config.js';
import { loadScript } from './load-module.js';
import { getOption } from './options.js';
import { createUrlReader } from './resolve-url.js';
import { describeValue, invalidConfig, validateConfig } from './validate-config.js';

const NAMES = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map((extension) => `migrate.config.${extension}`);
const SEARCH_PLACES = [...NAMES, ...NAMES.map((name) => `.config/${name}`)];

export interface LoadConfigOptions {
  /** Path of the config file, relative to `cwd`. Default: the environment variable ALUDEL_CONFIG, else a search. */
  readonly config?: string | undefined;
  /** Which database and environment. Default: the one database, and no environment. */
  readonly context?: RunContext | undefined;
  /** Where the search begins. Default: the process's folder. */
  readonly cwd?: string | undefined;
}

/** A config with every default filled in and every path absolute. */
export interface ResolvedConfig {
  /** The config file. */
  readonly file: string;
  /** The database that was chosen; null where the config names none. */
  readonly name: string | null;
  /** The folder that relative paths and globs of the config start from. */
  readonly folder: string;
  /**
   * The database URL, a SQLite path in it absolute. Nothing is looked up before the call.
   * @throws AludelError ALUDEL_CONFIG_INVALID naming an environment variable that is not set.
   */
  readonly url: () => Promise<string>;
  /** Globs relative to `folder`, or the function that imports the models. */
  readonly models: readonly string[] | (() => Promise<unknown>) | undefined;
  /** At least one folder; the first gets the first revision. */
  readonly migrations: readonly string[];
  /** Whether folders below are read. */
  readonly recursive: boolean;
  readonly versionTable: string;
  readonly logTable: string;
  readonly versionTableNamespace: string | undefined;
  /** Aludel's own tables of the config's other databases, which may lie in this one. */
  readonly otherOwnTables: readonly string[];
  /** Milliseconds. */
  readonly lockTimeout: number;
  /** Milliseconds. */
  readonly statementTimeout: number | undefined;
  readonly transaction: TransactionMode;
  /** Empty: every table. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly namespaces: readonly string[];
  readonly objects: readonly ObjectKind[] | 'all';
  readonly sqlObjects: readonly string[];
  readonly revisionIds: NonNullable<Config['revisionIds']>;
  readonly fileTemplate: string;
  readonly revisionFormat: 'module' | 'sql';
  readonly timezone: string;
  readonly truncateSlugLength: number;
  readonly targets: TargetSource | undefined;
  readonly echo: boolean;
  /** The code that the config brings; `null` where it brings none. */
  readonly extensions: ConfigExtensions | null;
}

/**
 * Loads the config file: `options.config`, else ALUDEL_CONFIG, else `migrate.config.{ts,mts,js,mjs,cjs,json}`, here or in
 * `.config/`, in the folder or those above it as far as the first that holds a package.json. The file exports a config
 * or a function that returns one.
 * @throws AludelError ALUDEL_CONFIG_NOT_FOUND, ALUDEL_CONFIG_INVALID, ALUDEL_MODULE_FAILED, ALUDEL_USAGE.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<ResolvedConfig> {
  const { context = EMPTY_CONTEXT } = options;
  return resolveLoaded(await readConfigFile(options, context), context);
}

/** The names of the config's databases; none where it is about one. */
export async function loadDatabaseNames(options: LoadConfigOptions = {}): Promise<readonly string[]> {
  const { context = EMPTY_CONTEXT } = options;
  return listDatabaseNames(await readConfigFile(options, context), context);
}

async function readConfigFile(options: LoadConfigOptions, context: RunContext): Promise<LoadedConfig> {
  const cwd = resolve(options.cwd ?? '.');
  const given = options.config ?? (process.env['ALUDEL_CONFIG'] || undefined);
  const file = given === undefined ? await searchConfig(cwd) : resolve(cwd, given);
  if (!existsSync(file)) {
    const source = options.config === undefined ? ', named by ALUDEL_CONFIG,' : '';
    throw new AludelError('ALUDEL_CONFIG_NOT_FOUND', `Config file "${file}"${source} does not exist.`, {
      hint: 'Run "npx aludel init" to write one, or correct the path.',
      details: { file },
    });
  }
  if (extname(file) === '.json') return { file, config: validateConfig(file, readJson(file)), isFunction: false };
  return checkConfig(file, await importConfig(file), context);
}

async function searchConfig(cwd: string): Promise<string> {
  // What cosmiconfig would find first, without the time that it takes to load.
  const here = SEARCH_PLACES.map((place) => join(cwd, place)).find((path) => existsSync(path));
  if (here !== undefined) return here;

  const { cosmiconfig } = await import('cosmiconfig');
  // It only searches: one loader reads every config file, found or given.
  const toPath = (path: string): string => path;
  const found = await cosmiconfig('migrate', {
    searchPlaces: SEARCH_PLACES,
    searchStrategy: 'project',
    ignoreEmptySearchPlaces: false,
    loaders: Object.fromEntries(SEARCH_PLACES.map((place) => [extname(place), toPath])),
  }).search(cwd);
  if (found !== null) return found.filepath;
  throw new AludelError(
    'ALUDEL_CONFIG_NOT_FOUND',
    `No config file found: looked for migrate.config.{ts,mts,js,mjs,cjs,json}, also in a folder ".config", in "${cwd}" ` +
      'and the folders above it, as far as the first with a package.json.',
    { hint: 'Run "npx aludel init" to write one, or name it with "-c FILE".', details: { cwd } },
  );
}

async function importConfig(file: string): Promise<unknown> {
  const { default: exported } = await loadScript(file);
  if (exported === undefined) {
    throw invalidConfig(file, ['there is no default export'], 'Write "export default defineConfig({ ... });".');
  }
  return exported;
}

/** Calls the config if it is a function, and checks what there is. */
export async function checkConfig(file: string, given: unknown, context: RunContext): Promise<LoadedConfig> {
  if (typeof given !== 'function') return { file, config: validateConfig(file, given), isFunction: false };
  // One that takes no argument cannot have looked at it.
  const isFunction = given.length > 0;
  return { file, config: validateConfig(file, await callConfig(file, given as ConfigFunction, context)), isFunction };
}

async function callConfig(file: string, config: ConfigFunction, context: RunContext): Promise<unknown> {
  try {
    return await config(context);
  } catch (error) {
    const { describeModuleFailure } = await import('./module-failure.js');
    throw describeModuleFailure(file, error);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : describeValue(error);
    throw invalidConfig(file, [`it is no valid JSON (${reason})`], 'Correct the file.');
  }
}

/** The config of the database that the context chooses. */
export function resolveLoaded(loaded: LoadedConfig, context: RunContext): ResolvedConfig {
  const { name, config, otherOwnTables } = chooseDatabase(loaded, context);
  return { ...fillIn(loaded.file, config), name, otherOwnTables };
}

/** Fills in defaults; `file` is what relative paths start from. */
function fillIn(file: string, config: DatabaseConfig): Omit<ResolvedConfig, 'name' | 'otherOwnTables'> {
  const folder = dirname(file);
  const migrations = [getOption(config, 'migrations')].flat();
  return {
    file,
    folder,
    url: createUrlReader(file, config),
    models: typeof config.models === 'string' ? [config.models] : config.models,
    migrations: migrations.map((path) => resolve(folder, path)),
    recursive: getOption(config, 'recursive'),
    versionTable: getOption(config, 'versionTable'),
    logTable: getOption(config, 'logTable'),
    versionTableNamespace: config.versionTableNamespace,
    lockTimeout: getOption(config, 'lockTimeout'),
    statementTimeout: config.statementTimeout,
    transaction: getOption(config, 'transaction'),
    include: listOf(getOption(config, 'include')),
    exclude: getOption(config, 'exclude'),
    namespaces: getOption(config, 'namespaces'),
    objects: getOption(config, 'objects'),
    sqlObjects: [getOption(config, 'sqlObjects')].flat(),
    revisionIds: getOption(config, 'revisionIds'),
    fileTemplate: getOption(config, 'fileTemplate'),
    revisionFormat: getOption(config, 'revisionFormat'),
    timezone: getOption(config, 'timezone'),
    truncateSlugLength: getOption(config, 'truncateSlugLength'),
    targets: config.targets,
    echo: getOption(config, 'echo'),
    extensions: extensionsOf(file, config),
  };
}

function extensionsOf(file: string, config: Config): ConfigExtensions | null {
  const include = getOption(config, 'include');
  const extensions: ConfigExtensions = {
    file,
    folder: dirname(file),
    plugins: getOption(config, 'plugins'),
    include: typeof include === 'function' ? include : null,
    compareType: getOption(config, 'compareType'),
    compareServerDefault: getOption(config, 'compareServerDefault'),
    renderItem: config.renderItem ?? null,
    processRevisionDirectives: config.processRevisionDirectives ?? null,
    onVersionApply: config.onVersionApply ?? null,
    postWrite: getOption(config, 'postWrite'),
  };
  const { plugins, postWrite, compareType, compareServerDefault } = extensions;
  const callbacks = [extensions.include, extensions.renderItem, extensions.processRevisionDirectives];
  const isEmpty =
    plugins.length === 0 &&
    postWrite.length === 0 &&
    compareType === true &&
    compareServerDefault === true &&
    [...callbacks, extensions.onVersionApply].every((callback) => callback === null);
  return isEmpty ? null : extensions;
}

/** A function decides beside the globs, which then are none. */
function listOf(include: readonly string[] | Include): readonly string[] {
  return typeof include === 'function' ? [] : include;
}
