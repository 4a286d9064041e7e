/** From a config with several databases and environments to the keys of the one that a run is about. */
import { AludelError } from '../errors.js';
import { findNearest } from '../util/edit-distance.js';
import type { RunContext } from '../util/run-context.js';
import type { Config, DatabaseConfig } from './config.js';
import { getOption } from './options.js';
import { invalidConfig, refuseContradictions } from './validate-config.js';

/** A config as it was read. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: Config;
  /** True for a function of the run's context: it answers to names itself where it gives no sections. */
  readonly isFunction: boolean;
}

export interface ChosenDatabase {
  /** Null where the config names no databases. */
  readonly name: string | null;
  readonly config: DatabaseConfig;
  /** Aludel's own tables of the other databases: they may lie in this one. */
  readonly otherOwnTables: readonly string[];
}

/** The names of the config's databases in its order; none where it is about one. */
export function listDatabaseNames(loaded: LoadedConfig, context: RunContext): readonly string[] {
  return Object.keys(layOver(loaded, context).databases);
}

/**
 * The keys of the database that the context names, the stronger ones over the weaker: those of the config, of the
 * environment, of the database, of the database in the environment.
 * @throws AludelError ALUDEL_USAGE for a name that is missing or unknown; ALUDEL_CONFIG_INVALID.
 */
export function chooseDatabase(loaded: LoadedConfig, context: RunContext): ChosenDatabase {
  const { file } = loaded;
  const { shared, databases } = layOver(loaded, context);
  const names = Object.keys(databases);
  if (names.length === 0) {
    if (context.name !== null && !loaded.isFunction) throw noDatabasesError(file, context.name);
    refuseContradictions(file, shared);
    return { name: context.name, config: shared, otherOwnTables: [] };
  }
  const name = context.name ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) throw unnamedError(file, names);
  const own = Object.hasOwn(databases, name) ? databases[name] : undefined;
  if (own === undefined) throw unknownNameError('database', '-n', name, names);
  const others = Object.entries(databases).filter(([other]) => other !== name);
  refuseContradictions(file, own);
  for (const [other, config] of others) refuseSharedRows(file, [name, own], [other, config]);
  const ownTables = others.flatMap(([, config]) => [getOption(config, 'versionTable'), getOption(config, 'logTable')]);
  return { name, config: own, otherOwnTables: [...new Set(ownTables)].toSorted() };
}

interface Layers {
  readonly shared: DatabaseConfig;
  readonly databases: Readonly<Record<string, DatabaseConfig>>;
}

function layOver({ file, config, isFunction }: LoadedConfig, { env }: RunContext): Layers {
  const { databases = {}, environments = {}, ...top } = config;
  const environment = env !== null && Object.hasOwn(environments, env) ? environments[env] : undefined;
  if (env !== null && environment === undefined && !(isFunction && config.environments === undefined)) {
    throw unknownNameError('environment', '-e or ALUDEL_ENV', env, Object.keys(environments));
  }
  const { databases: changes = {}, ...changed } = environment ?? {};
  const shared = { ...top, ...changed };
  const known = config.databases === undefined ? changes : databases;
  const stray = Object.keys(changes).find((name) => !Object.hasOwn(known, name));
  if (stray !== undefined) {
    throw invalidConfig(file, [`"environments.${env}.databases.${stray}" is none of "databases"`]);
  }
  const entries = Object.keys(known).map(
    (name) => [name, { ...shared, ...databases[name], ...changes[name] }] as const,
  );
  return { shared, databases: Object.fromEntries(entries) };
}

/** Two histories in one version table: each would take the other's revisions for files that were lost. */
function refuseSharedRows(
  file: string,
  [name, own]: readonly [string, DatabaseConfig],
  [other, config]: readonly [string, DatabaseConfig],
): void {
  const placeOf = (database: DatabaseConfig): unknown[] => [
    // One that an environment variable has not set is like no other.
    'url' in database && database.url === undefined ? database : getOption(database, 'url'),
    getOption(database, 'versionTable'),
    database.versionTableNamespace,
  ];
  const [here, there] = [placeOf(own), placeOf(config)];
  const folders = [own, config].map((database) => [getOption(database, 'migrations')].flat().join('\n'));
  if (folders[0] === folders[1] || here.some((part, at) => part !== there[at])) return;
  throw invalidConfig(
    file,
    [`the databases "${name}" and "${other}" have the same "url" and "versionTable", but other "migrations"`],
    'Give each its "url", or its "versionTable" and "logTable" where both live in one database.',
  );
}

function unnamedError(file: string, names: readonly string[]): AludelError {
  return new AludelError('ALUDEL_USAGE', `"${file}" has several databases: "${names.join('", "')}".`, {
    hint: `Choose one with "-n ${names[0] ?? ''}"; "--all" takes all of them where a command has it.`,
    details: { file, databases: names },
  });
}

function noDatabasesError(file: string, name: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `"${file}" has no "databases", so none is called "${name}".`, {
    hint: 'Leave out "-n", or put the databases into the config file: databases: { NAME: { url: ... } }.',
    details: { file, name },
  });
}

function unknownNameError(what: string, option: string, name: string, known: readonly string[]): AludelError {
  const nearest = findNearest(name, known);
  const list = known.length === 0 ? `The config has no "${what}s".` : `Choose one of: ${known.join(', ')}.`;
  return new AludelError('ALUDEL_USAGE', `There is no ${what} "${name}" (${option}).`, {
    hint: nearest === undefined ? list : `Did you mean "${nearest}"? ${list}`,
    details: { name, known },
  });
}
