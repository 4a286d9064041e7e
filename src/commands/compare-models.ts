/** What `revision --autogenerate` and `check` share: the models against the live schema. */
import { adoptUndeclared, undeclaredObjects } from '../autogenerate/adopt-undeclared.js';
import { compareSchemas } from '../autogenerate/compare/compare-schemas.js';
import { applyRenames } from '../autogenerate/renames/apply-renames.js';
import type { RenameQuestion } from '../autogenerate/renames/find-renames.js';
import { declaredEnums } from '../autogenerate/renames/rename.js';
import { renameHints } from '../autogenerate/renames/rename-hints.js';
import { loadModels } from '../config/load-models.js';
import { loadSqlObjects, type SqlFile } from '../config/load-sql-objects.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, DialectName, ServerVersion } from '../engine/connection.js';
import { readSqlObjects } from '../dialects/read-sql-objects.js';
import { AludelError } from '../errors.js';
import { leaveOutHistory } from '../import/history-tables.js';
import type { SchemaPair } from '../extensions/filter-included.js';
import type { Extensions } from '../extensions/load-extensions.js';
import type { Operation } from '../operations/operation.js';
import { resolveRows } from '../revisions/resolve.js';
import { quoteIds } from '../revisions/revision-errors.js';
import { buildSchema } from '../schema/build-schema.js';
import { leaveOutNamespace } from '../schema/default-namespace.js';
import { type MetaData, metadataOf } from '../schema/metadata.js';
import { describeObject, isOverloaded, objectKey } from '../schema/objects.js';
import { shareEqualTables } from '../schema/same.js';
import { type Schema, type TableName, tableKey } from '../schema/table.js';
import { VersionTable } from '../runtime/version-table.js';
import { matchesWildcard } from '../util/wildcard.js';
import { decideRenames, type RenameOptions } from './decide-renames.js';
import type { Project } from './project.js';
import type { UnknownRevision } from './replay-history.js';

export interface Comparison {
  readonly operations: readonly Operation[];
  /** Drops that may be renames, and that nothing has answered. */
  readonly questions: readonly RenameQuestion[];
  /** Revisions of which a replay could not know all; none where a live database was compared. */
  readonly unknown: readonly UnknownRevision[];
  /** What the operations begin with. */
  readonly from: Schema;
  readonly dialect: Dialect;
  readonly server: ServerVersion;
}

export interface CompareOptions extends RenameOptions {
  /** What the models are compared with: the live database, or what the revisions make of an empty one. */
  readonly from?: 'database' | 'history' | undefined;
  /** With `history`: a server for scratch databases. SQLite needs none. */
  readonly devUrl?: string | undefined;
}

/**
 * The operations that make the database what the models say.
 * @throws AludelError ALUDEL_NOT_AT_HEAD, ALUDEL_MODELS_EMPTY, ALUDEL_MODELS_INVALID, ALUDEL_MODULE_FAILED,
 *   ALUDEL_EXTENSION_FAILED; ALUDEL_USAGE for an answer that names nothing.
 */
export async function compareModels(project: Project, options: CompareOptions = {}): Promise<Comparison> {
  const { graph } = project;
  let loading: Promise<Declared> | undefined;
  const load = (): Promise<Declared> => (loading ??= loadDeclared(project));
  const isReplayed = options.from === 'history';
  // Only PostgreSQL works on while the models are loaded.
  const isMeanwhile = !isReplayed && (await project.dialect()).name === 'postgres';
  // Mistakes in the models need no database to be found.
  if (!isMeanwhile) await load();
  const compareOn = async (connection: Connection, dialect: Dialect): Promise<Omit<Comparison, 'unknown'>> => {
    if (!isReplayed) await requireHead(project, connection, dialect);
    const defaultNamespace = await dialect.defaultNamespace(connection);
    const onAsked = (): void => void load().catch(() => undefined);
    // Most models declare nothing in other namespaces than the config names.
    const known = isMeanwhile ? await reflect(project, connection, dialect, { onAsked }) : null;
    const { metadatas, modules, declared, extensions } = await load();
    const relative = leaveOutNamespace(declared, defaultNamespace);
    const wanted = dialect.normalise(relative, connection.server);
    const isKnown = wanted.namespaces.every((name) => project.config.namespaces.includes(name));
    const also = wanted.namespaces;
    const read = (isKnown ? known : null) ?? (await reflect(project, connection, dialect, { also }));
    const live = leaveOutHistory(read, wanted);
    const kept = filterSchema(wanted, project);
    if (wanted.tables.length === 0) refuseEmptyModels(project, live, graph.nodes.length);
    const { from, to: filtered } = await filterByCallback(extensions, { from: live, to: kept });
    const to = shareEqualTables(filtered, from);
    const { capabilities } = dialect;
    const context = { from, to, capabilities, enums: declaredEnums(relative) };
    const hints = renameHints(metadatas, defaultNamespace);
    const { renames, questions } = await decideRenames(options, hints, context);
    const { schema: renamed } = applyRenames(from, to, renames, context);
    const canonical = await dialect.canonicalise(connection, to, renamed);
    // A namespace may hold more than is compared: only a person drops it.
    const namespaces = [...new Set([...canonical.namespaces, ...from.namespaces])].sort();
    const wantedSchema = adoptUndeclared({ ...canonical, namespaces }, renamed, project.config.objects);
    const undeclared = undeclaredObjects(canonical, wantedSchema);
    const compare = (schema: Schema): readonly Operation[] =>
      compareSchemas(from, schema, capabilities, renames, context.enums, undeclared);
    const facts = { questions, from, dialect, server: connection.server };
    if (extensions === null) return { operations: compare(wantedSchema), ...facts };
    const sides = { from: renamed, to: wantedSchema, models: exportsOf(modules) };
    const operations = await compareWithExtensions(extensions, { connection, dialect, ...sides, compare });
    return { operations, ...facts };
  };
  if (isReplayed) {
    const { withHistoryDatabase } = await import('./history-database.js');
    const { result, unknown } = await withHistoryDatabase(project, options.devUrl, compareOn);
    return { ...result, unknown };
  }
  try {
    return { ...(await project.connected(compareOn)), unknown: [] };
  } catch (error) {
    // A mistake in the models needs no database to be found.
    await load();
    throw error;
  }
}

interface Declared {
  readonly modules: readonly unknown[];
  readonly metadatas: readonly MetaData[];
  readonly declared: Schema;
  readonly extensions: Extensions | null;
}

/** The models, SQL files and extensions of the project. */
async function loadDeclared(project: Project): Promise<Declared> {
  const modules = await loadModels(project.config);
  const metadatas = collectMetadata(modules);
  const declared = withSqlObjects(
    buildSchema(metadatas),
    await loadSqlObjects(project.config),
    (await project.dialect()).name,
  );
  return { modules, metadatas, declared, extensions: await project.extensions() };
}

async function filterByCallback(extensions: Extensions | null, pair: SchemaPair): Promise<SchemaPair> {
  if (extensions === null) return pair;
  const { filterIncluded } = await import('../extensions/filter-included.js');
  return filterIncluded(pair, extensions);
}

interface ExtendedComparison {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** The database, with renames done. */
  readonly from: Schema;
  readonly to: Schema;
  readonly models: readonly unknown[];
  /** Aludel's own comparison of the database with the models. */
  readonly compare: (to: Schema) => readonly Operation[];
}

/** The comparison with what the config and its plugins have to say. */
async function compareWithExtensions(
  extensions: Extensions,
  { connection, dialect, from, to, models, compare }: ExtendedComparison,
): Promise<readonly Operation[]> {
  const { forceChanges, settleColumns } = await import('../extensions/compare-columns.js');
  const { runComparators } = await import('../extensions/run-comparators.js');
  const settled = settleColumns(from, to, extensions);
  const own = forceChanges(compare(settled.to), settled.forced);
  if (extensions.comparators.length === 0) return own;
  const { before, after } = await runComparators(extensions, {
    dialect: dialect.name,
    server: connection.server,
    connection: { execute: (sql, params) => connection.execute(sql, params) },
    from,
    to: settled.to,
    models,
  });
  return [...before, ...own, ...after];
}

/** Everything that the model files export, each once. */
function exportsOf(modules: readonly unknown[]): readonly unknown[] {
  const values = modules.flatMap((module) =>
    typeof module === 'object' && module !== null ? Object.values(module) : [],
  );
  return [...new Set(values)];
}

/** @throws AludelError ALUDEL_MODELS_INVALID for what cannot be read, and for what is declared twice. */
export function withSqlObjects(schema: Schema, files: readonly SqlFile[], dialect: DialectName): Schema {
  const read = files.map(({ file, text }) => readSqlObjects(text, file, dialect));
  const declared = [...(schema.declared ?? []), ...read.flatMap((found) => found.declared)];
  const seen = new Set<string>();
  const twice = declared.flatMap((declaration) => {
    const key = objectKey(declaration);
    return seen.size === seen.add(key).size && !isOverloaded(declaration.kind)
      ? [`The ${describeObject(declaration)} is declared twice.`]
      : [];
  });
  const problems = [...read.flatMap((found) => found.problems), ...twice];
  if (problems.length > 0) {
    throw new AludelError('ALUDEL_MODELS_INVALID', problems.join('\n'), {
      hint: 'Mend the SQL files that "sqlObjects" names, then run the command again.',
      details: { problems },
    });
  }
  const namespaces = declared.flatMap(({ namespace }) => (namespace === null ? [] : [namespace]));
  return declared.length === 0
    ? schema
    : { ...schema, declared, namespaces: [...new Set([...schema.namespaces, ...namespaces])].sort() };
}

/** The MetaData of all modules, each once, in the order in which they are found. */
export function collectMetadata(modules: readonly unknown[]): MetaData[] {
  const found = new Set<MetaData>();
  for (const module of modules) {
    if (typeof module !== 'object' || module === null) continue;
    for (const value of [module, ...Object.values(module)]) {
      const metadata = metadataOf(value);
      if (metadata !== undefined) found.add(metadata);
    }
  }
  return [...found];
}

async function reflect(
  project: Project,
  connection: Connection,
  dialect: Dialect,
  { also = [], onAsked }: { readonly also?: readonly string[]; readonly onAsked?: () => void },
): Promise<Schema> {
  const { config, ownTableNames } = project;
  const namespaces = [...new Set([...also, ...config.namespaces])].sort();
  const live = await dialect.reflect(connection, { namespaces, ignoredTables: ownTableNames, onAsked });
  return filterSchema(live, project);
}

/** Leaves out what `include` and `exclude` say, on both sides alike, and Aludel's own tables, which an app may map as well. */
export function filterSchema(schema: Schema, project: Project): Schema {
  const { ownTableNames } = project;
  const { include, exclude } = project.config;
  const fits = (name: TableName, patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesWildcard(tableKey(name), pattern));
  const isLeft = (name: TableName): boolean =>
    (include.length === 0 || fits(name, include)) && !fits(name, exclude) && !ownTableNames.includes(name.name);
  const sequences = schema.sequences.filter(
    (sequence) => isLeft(sequence) && (sequence.ownedBy === null || isLeft(sequence.ownedBy.table)),
  );
  const { objects = [], ...rest } = schema;
  const left = objects.filter((object) => isLeft(object.table ?? object));
  return {
    ...rest,
    sequences,
    tables: schema.tables.filter(isLeft),
    ...(left.length === 0 ? {} : { objects: left }),
  };
}

/** Autogenerate on a database that lags behind would write again what the pending revisions do. */
async function requireHead(project: Project, connection: Connection, dialect: Dialect): Promise<void> {
  const heads = await new VersionTable(connection, dialect, project.names).readHeads();
  const wanted = project.graph.effectiveHeads.map((node) => node.id).sort();
  if (heads.join() === wanted.join()) return;
  // "Upgrade first" would be no way out.
  resolveRows(project.graph, heads);
  const at = heads.length === 0 ? 'base' : quoteIds(heads);
  throw new AludelError(
    'ALUDEL_NOT_AT_HEAD',
    `The database is at ${at}, the newest ${wanted.length > 1 ? 'revisions are' : 'revision is'} ${quoteIds(wanted) || 'base'}.`,
    {
      hint: `Run "aludel upgrade ${wanted.length > 1 ? 'heads' : 'head'}", then run the command again.`,
      details: { current: heads, heads: wanted },
    },
  );
}

/** Models that were not found look the same as models that were all removed. */
function refuseEmptyModels(project: Project, live: Schema, revisions: number): void {
  if (live.tables.length === 0 && revisions === 0) {
    throw new AludelError('ALUDEL_MODELS_EMPTY', 'The models declare no table, and the database has none.', {
      hint: `Check "models" in "${project.config.file}", and that the model files export their classes.`,
    });
  }
  if (live.tables.length === 0) return;
  throw new AludelError(
    'ALUDEL_MODELS_EMPTY',
    `The models declare no table, but the database has ${live.tables.length}: all of them would be dropped.`,
    { hint: `Check "models" in "${project.config.file}", and that the model files export their classes.` },
  );
}
