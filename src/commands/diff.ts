/** `diff`: the way from any schema to any other. */
import { adoptUndeclared, undeclaredObjects } from '../autogenerate/adopt-undeclared.js';
import { compareSchemas } from '../autogenerate/compare/compare-schemas.js';
import { renderFunctions } from '../autogenerate/render/render-revision.js';
import type { RenameQuestion } from '../autogenerate/renames/find-renames.js';
import { loadDialect } from '../connect.js';
import type { ServerVersion } from '../engine/connection.js';
import { parseDatabaseUrl } from '../engine/url.js';
import { AludelError } from '../errors.js';
import { applyAll } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import { isDestructive } from '../operations/is-destructive.js';
import type { Operation } from '../operations/operation.js';
import { reverseAll } from '../operations/reverse.js';
import type { Schema } from '../schema/table.js';
import { filterSchema } from './compare-models.js';
import { decideRenames, type RenameOptions } from './decide-renames.js';
import { findScratchUrl } from './history-database.js';
import { Project, type ProjectOptions } from './project.js';
import { prepareDifference } from './render-schema.js';
import { renderScript } from './render-script.js';
import type { UnknownRevision } from './replay-history.js';
import {
  collationOf,
  loadSource,
  type LoadContext,
  nameSource,
  parseSource,
  type SchemaSource,
} from './schema-source.js';

export interface DiffOptions extends ProjectOptions, Omit<RenameOptions, 'remembered'> {
  /** A database URL, `models`, `head`, a revision, the path of an SQL file or folder, or `empty`. */
  readonly from: string;
  /** The same. */
  readonly to: string;
  /** The URL of a server for scratch databases, which are dropped. SQLite needs none. */
  readonly devUrl?: string | undefined;
  /** Gives the way back, from `to` to `from`. Default: false. */
  readonly down?: boolean | undefined;
}

export interface DiffReport {
  /** The sources as they are called in messages, without a password. */
  readonly from: string;
  readonly to: string;
  readonly isEqual: boolean;
  readonly operations: readonly Operation[];
  /** The operations in words, in the same order. */
  readonly descriptions: readonly string[];
  /** Those of the descriptions whose operations lose data when they run. */
  readonly losses: readonly string[];
  /** Drops among them that may be renames, and that no answer was given to. */
  readonly questions: readonly RenameQuestion[];
  /** The operations as SQL, ready to run. */
  readonly sql: string;
  /** The operations as the functions of a revision file. */
  readonly typescript: string;
  /** A unified difference of the two schemas. */
  readonly diff: string;
  /** Revisions of which a replay could not know all. */
  readonly unknown: readonly UnknownRevision[];
}

/**
 * Compares two schemas and changes neither. What is no database is loaded into a scratch database, so that both sides are in
 * the database's own words.
 * @throws AludelError ALUDEL_USAGE for sources that cannot be compared, or need a `devUrl`; what loading them throws.
 */
export async function diff(options: DiffOptions): Promise<DiffReport> {
  const cwd = options.cwd ?? process.cwd();
  const [from, to] = [await parseSource(options.from, cwd), await parseSource(options.to, cwd)];
  let opened: Promise<Project> | undefined;
  const project = (): Promise<Project> => (opened ??= Project.open(options));
  try {
    return await compareSources(from, to, options, project);
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
}

/** SQL files do not say for which database they are. */
async function urlOfProject(project: () => Promise<Project>): Promise<string> {
  const opened = await project().catch((error: unknown) => {
    if (!(error instanceof AludelError) || error.code !== 'ALUDEL_CONFIG_NOT_FOUND') throw error;
    throw new AludelError(
      'ALUDEL_USAGE',
      'Neither source says for which database it is, and there is no config file.',
      {
        hint: 'Add --dev-url sqlite::memory:, or a server where scratch databases may be made.',
        cause: error,
      },
    );
  });
  return opened.url();
}

async function compareSources(
  from: SchemaSource,
  to: SchemaSource,
  options: DiffOptions,
  project: () => Promise<Project>,
): Promise<DiffReport> {
  const sources = [from, to];
  const isOfProject = sources.some(({ kind }) => kind === 'models' || kind === 'revision');
  const known = isOfProject ? await project() : null;
  const urls = sources.flatMap((source) => (source.kind === 'url' ? [source.url] : []));
  const scheme = parseDatabaseUrl(urls[0] ?? options.devUrl ?? (await urlOfProject(project))).dialect;
  const isScratch = sources.some(({ kind }) => kind !== 'url' && kind !== 'empty');
  const context: LoadContext = {
    project,
    scratchUrl: () => findScratchUrl(scheme, options.devUrl),
    collation: urls[0] !== undefined && isScratch ? await collationOf(urls[0]) : null,
    ignoredTables: known?.ownTableNames ?? ['aludel_version', 'aludel_log'],
    namespaces: 'all',
  };
  const before = await loadSource(from, context);
  const after = await loadSource(to, context);
  const server = before.server ?? after.server;
  refuseMixture(before.server?.dialect.name, after.server?.dialect.name);
  if (isScratch && options.devUrl === undefined) refuseOtherMajor(before.server?.version, after.server?.version);
  const dialect = server?.dialect ?? (await loadDialect(scheme));
  const keep = (schema: Schema): Schema => (known === null ? schema : filterSchema(schema, known));
  const wanted = keep(after.schema);
  const start =
    to.kind === 'models' && from.kind === 'url' ? spokenOf(keep(before.schema), wanted) : keep(before.schema);
  // Models rarely speak of all views and functions: those of kinds that they do not name are left alone.
  const objects = known?.config.objects ?? [];
  const end = to.kind === 'models' ? adoptUndeclared(wanted, start, objects) : wanted;
  const { capabilities } = dialect;
  const { renames, questions } = await decideRenames(options, [], { from: start, to: end, capabilities, enums: [] });
  const way = compareSchemas(start, end, capabilities, renames, [], undeclaredObjects(wanted, end));
  const [operations, base] = options.down === true ? [reverseAll(way), applyAll(start, way)] : [way, start];
  const reached = applyAll(base, operations);
  const names = { from: nameSource(from), to: nameSource(to) };
  const headings = options.down === true ? { from: names.to, to: names.from } : names;
  const text = { dialect, server: server?.version ?? dialect.assumedServer };
  const differenceOf = operations.length === 0 ? () => '' : await prepareDifference(base, reached, headings, text);
  let difference: string | undefined;
  return {
    ...headings,
    isEqual: operations.length === 0,
    operations,
    descriptions: operations.map(describe),
    losses: operations.filter(isDestructive).map(describe),
    questions,
    sql: renderScript(operations, { ...text, schema: base }),
    typescript: operations.length === 0 ? '' : renderFunctions(operations, reverseAll(operations)),
    get diff() {
      return (difference ??= differenceOf());
    },
    unknown: [...before.unknown, ...after.unknown],
  };
}

/** A namespace of a database may hold more than the models speak of: only a person drops it. */
function spokenOf(schema: Schema, models: Schema): Schema {
  const spoken = new Set([null, ...models.namespaces]);
  const isSpoken = ({ namespace }: { readonly namespace: string | null }): boolean => spoken.has(namespace);
  return {
    ...schema,
    namespaces: schema.namespaces.filter((name) => models.namespaces.includes(name)),
    enums: schema.enums.filter(isSpoken),
    sequences: schema.sequences.filter(isSpoken),
    tables: schema.tables.filter(isSpoken),
    ...(schema.objects === undefined ? {} : { objects: schema.objects.filter(isSpoken) }),
  };
}

function refuseMixture(from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined || from === to) return;
  throw new AludelError('ALUDEL_USAGE', `One side is of ${from}, the other of ${to}.`, {
    hint: 'Compare sources of one kind of database; --dev-url has to be of the same kind too.',
  });
}

/** PGlite is of one version, and what another one prints would be taken for a difference. */
function refuseOtherMajor(one: ServerVersion | undefined, other: ServerVersion | undefined): void {
  if (one?.dialect !== 'postgres' || other === undefined || one.major === other.major) return;
  throw new AludelError(
    'ALUDEL_USAGE',
    `One side is of PostgreSQL ${one.major}, the other of PostgreSQL ${other.major}.`,
    {
      hint: 'PGlite cannot stand for another version: add --dev-url with a server of the version of the database.',
    },
  );
}
