/** `import`: the history of another tool becomes one baseline revision, and the database is stamped with it. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Row } from '../engine/connection.js';
import { isPrivilege, standingObjects } from '../autogenerate/adopt-undeclared.js';
import { AludelError } from '../errors.js';
import { compareHistories, disagreementError } from '../import/compare-histories.js';
import {
  HISTORY_TABLES,
  isHistoryTable,
  isToolName,
  leaveOutTables,
  TOOL_NAMES,
  type ToolName,
} from '../import/history-tables.js';
import type { Importer } from '../import/importer.js';
import { loadImporter } from '../import/importers.js';
import { exists } from '../import/migration-files.js';
import type { Operation } from '../operations/operation.js';
import { findIdProblem } from '../revisions/check-names.js';
import { buildGraph } from '../revisions/graph.js';
import { quoteIds } from '../revisions/revision-errors.js';
import { makeRevision } from '../revisions/revision.js';
import { VersionTable } from '../runtime/version-table.js';
import { findTable, type Schema, type TableName, tableKey } from '../schema/table.js';
import { parseTableName } from '../schema/table-name.js';
import { type Baseline, makeBaseline } from './make-baseline.js';
import { filterSchema } from './compare-models.js';
import { Project, type ProjectOptions } from './project.js';
import { draftRevision, writeRevision } from './write-revision.js';

export interface ImportOptions extends ProjectOptions {
  /** Writes nothing, neither the file nor the database. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Default: `baseline from TOOL`. */
  readonly message?: string | undefined;
  /** The moment written into the file. Default: now. */
  readonly now?: Date | undefined;
  /** The id of the baseline. Default: Alembic's own head; else as the config's `revisionIds` says. */
  readonly revisionId?: string | undefined;
  /** The tool's table of applied migrations, as `table` or `namespace.table`. Default: the tool's default. */
  readonly table?: string | undefined;
}

export interface ImportReport {
  readonly tool: ToolName;
  readonly dryRun: boolean;
  /** The id of the baseline. */
  readonly revision: string;
  /** `null` after a dry run. */
  readonly file: string | null;
  /** The migrations that the baseline stands for, by the names of their files. */
  readonly applied: readonly string[];
  readonly operations: readonly Operation[];
  readonly descriptions: readonly string[];
  /** The tool's tables. They were left alone, and these statements drop them. */
  readonly historyTables: readonly string[];
  readonly dropStatements: readonly string[];
  /** Those of the tool's tables that autogenerate would drop unless the config excludes them. */
  readonly tablesToExclude: readonly string[];
}

/**
 * Turns the history of another tool into a baseline revision that makes the database as it is, and stamps the database
 * with it. Nothing is written where the tool's files and its table of applied migrations disagree.
 * @param tool alembic, dbmate, drizzle, flyway, knex, kysely, node-pg-migrate, prisma or typeorm.
 * @param folder the tool's migrations; relative to `cwd`.
 * @throws AludelError ALUDEL_IMPORT_DISAGREES; ALUDEL_USAGE for an unknown tool, a folder that is none of its, or a
 * project that has revisions already.
 */
export async function importHistory(tool: string, folder: string, options: ImportOptions = {}): Promise<ImportReport> {
  const importer = await findImporter(tool);
  const path = resolve(options.cwd ?? process.cwd(), folder);
  if (!(await exists(path))) {
    throw new AludelError('ALUDEL_USAGE', `There is no folder "${folder}".`, {
      hint: `Name the folder that ${importer.tool} writes its migrations to.`,
    });
  }
  const project = await Project.open(options);
  try {
    refuseRevisions(project);
    const source = await readSource(project, importer, path, options);
    return await writeBaseline(project, importer.tool, source, options);
  } finally {
    await project.close();
  }
}

async function findImporter(tool: string): Promise<Importer> {
  if (isToolName(tool)) return loadImporter(tool);
  throw new AludelError('ALUDEL_USAGE', `There is no importer for "${tool}".`, {
    hint: `Choose one of: ${TOOL_NAMES.join(', ')}.`,
  });
}

function refuseRevisions(project: Project): void {
  const { length } = project.graph.nodes;
  if (length === 0) return;
  throw new AludelError(
    'ALUDEL_USAGE',
    `"${project.folder}" holds ${length === 1 ? 'a revision' : `${length} revisions`} already: a baseline is the first.`,
    { hint: 'Name another folder as "migrations" in the config, or move the revisions away.' },
  );
}

/** What the import stands on. */
interface Source extends Baseline {
  readonly applied: readonly string[];
  readonly baselineId: string | null;
  /** What Aludel's own version table holds: something only where Alembic's table is taken over as it is. */
  readonly heads: readonly string[];
  readonly history: readonly TableName[];
  readonly dropStatements: readonly string[];
  readonly tablesToExclude: readonly string[];
}

function readSource(project: Project, importer: Importer, folder: string, options: ImportOptions): Promise<Source> {
  return project.connected(async (connection, dialect) => {
    const { config, names } = project;
    const wanted = await historyTableNames(project, importer.tool, connection, dialect, options.table);
    const [main] = wanted;
    const isShared = main.name === names.version;
    if (!isShared) await refuseStamped(project, connection, dialect);
    const found = await dialect.reflect(connection, {
      namespaces: [...new Set([...config.namespaces, ...wanted.flatMap(({ namespace }) => namespace ?? [])])].sort(),
      ignoredTables: [names.log, ...(isShared ? [] : [names.version])],
    });
    const history = wanted.filter((name) => findTable(found, name) !== undefined);
    const rows = findTable(found, main) === undefined ? [] : await readRows(connection, dialect, main);
    const files = await importer.readFiles(folder);
    const applied = importer.readApplied(rows, files);
    const disagreement = compareHistories(files, applied);
    if (disagreement !== null) throw disagreementError(importer.tool, folder, tableKey(main), disagreement);
    const others = history.filter(({ name }) => name !== names.version);
    return {
      applied: files.map(({ name }) => name),
      baselineId: takeId(importer.baselineId?.(rows) ?? null),
      heads: isShared ? await new VersionTable(connection, dialect, names).readHeads() : [],
      ...(await makeBaseline(connection, dialect, found, ownSchema(found, history, project))),
      history,
      dropStatements: others.map((name) => `DROP TABLE ${dialect.quoteTable(name)};`),
      tablesToExclude: others.filter((name) => !isKnown(found, name)).map(tableKey),
    };
  });
}

/** The tool's tables as this database names them, the one with the applied migrations first. */
async function historyTableNames(
  project: Project,
  tool: ToolName,
  connection: Connection,
  dialect: Dialect,
  named: string | undefined,
): Promise<readonly [TableName, ...TableName[]]> {
  const [first, ...others] = HISTORY_TABLES[tool];
  const { namespace, name } = named === undefined ? first : parseTableName(named);
  const ownNamespace = name === project.names.version ? project.names.namespace : null;
  const full = namespace ?? ownNamespace;
  const isDefault = full === (await dialect.defaultNamespace(connection));
  const main = { namespace: isDefault || !dialect.capabilities.namespaces ? null : full, name };
  // A lock table goes by the name of its table.
  return [main, ...others.map((table) => ({ ...main, name: table.name.replace(first.name, name) }))];
}

async function readRows(connection: Connection, dialect: Dialect, table: TableName): Promise<readonly Row[]> {
  const { rows } = await connection.execute(`SELECT * FROM ${dialect.quoteTable(table)}`);
  return rows;
}

/** The live schema as the baseline makes it: without the tables of this and other tools and what stands on them, and without grants. */
function ownSchema(found: Schema, history: readonly TableName[], project: Project): Schema {
  const { namespaces } = project.config;
  const isListed = ({ namespace }: Pick<TableName, 'namespace'>): boolean =>
    namespace === null || namespaces.includes(namespace);
  const left = new Set(history.map(tableKey));
  const kept = leaveOutTables(found, (table) => left.has(tableKey(table)) || isHistoryTable(table));
  const listed = {
    namespaces: kept.namespaces.filter((namespace) => isListed({ namespace })),
    enums: kept.enums.filter(isListed),
    sequences: kept.sequences.filter(isListed),
    tables: kept.tables.filter(isListed),
    objects: (found.objects ?? []).filter((object) => isListed(object) && !isPrivilege(object.kind)),
  };
  const { objects: listedObjects = [], ...own } = filterSchema(listed, project);
  const objects = standingObjects(listedObjects, [], own.tables, found);
  return objects.length === 0 ? own : { ...own, objects };
}

/** Alembic allows names that would mean something else in an identifier of ours. */
function takeId(id: string | null): string | null {
  return id === null || findIdProblem(id) !== null ? null : id;
}

function isKnown(found: Schema, name: TableName): boolean {
  const table = findTable(found, name);
  return table !== undefined && isHistoryTable(table);
}

async function refuseStamped(project: Project, connection: Connection, dialect: Dialect): Promise<void> {
  const heads = await new VersionTable(connection, dialect, project.names).readHeads();
  if (heads.length === 0) return;
  throw new AludelError('ALUDEL_USAGE', `The database is at ${quoteIds(heads)} already: a baseline is the first.`, {
    hint: 'Run "aludel stamp base --purge" if the revisions are gone for good, then run the command again.',
  });
}

async function writeBaseline(
  project: Project,
  tool: ToolName,
  source: Source,
  options: ImportOptions,
): Promise<ImportReport> {
  const { applied, upgrade, downgrade, descriptions, dropStatements, tablesToExclude } = source;
  const draft = await draftRevision(project, [], {
    message: options.message ?? `baseline from ${tool}`,
    now: options.now,
    revisionId: options.revisionId ?? source.baselineId ?? undefined,
  });
  const report = {
    tool,
    dryRun: options.dryRun === true,
    revision: draft.id,
    applied,
    operations: upgrade,
    descriptions,
    historyTables: source.history.map(tableKey),
    dropStatements,
    tablesToExclude,
  };
  if (report.dryRun) return { ...report, file: null };
  const file = await writeRevision(project, draft, upgrade, downgrade);
  try {
    await stamp(project, draft.id, file, source);
  } catch (error) {
    // Half of an import would be in the way of the next.
    await rm(file, { force: true });
    throw error;
  }
  return { ...report, file };
}

async function stamp(project: Project, id: string, file: string, { heads }: Source): Promise<void> {
  const { stampDatabase } = await import('../runtime/stamp.js');
  const graph = buildGraph([makeRevision(id, { file })]);
  // No file declares the revisions that the baseline stands for.
  const purge = heads.length > 0 && heads.join() !== id;
  await stampDatabase({ ...(await project.environment()), graph }, { targets: [id], purge });
}
