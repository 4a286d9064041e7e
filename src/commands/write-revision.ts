/** Writes one revision file: what `revision`, `merge` and `squash` share. */
import { mkdir } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import type { RenderItem } from '../autogenerate/render/render-item.js';
import type { RevisionFile } from '../autogenerate/render/render-revision.js';
import { AludelError } from '../errors.js';
import type { DirectivesContext } from '../extensions/callbacks.js';
import type { Extensions } from '../extensions/load-extensions.js';
import { describe } from '../operations/describe.js';
import { isDestructive } from '../operations/is-destructive.js';
import type { Operation } from '../operations/operation.js';
import { reverseAll } from '../operations/reverse.js';
import { findIdProblem } from '../revisions/check-names.js';
import { fileNameFor } from '../revisions/file-name.js';
import { buildGraph, type RevisionGraph } from '../revisions/graph.js';
import { resolveRevisions } from '../revisions/resolve.js';
import { makeRevision, type RevisionNode } from '../revisions/revision.js';
import { makeRevisionId } from '../revisions/revision-ids.js';
import { multipleHeadsError } from '../revisions/revision-errors.js';
import { writeNewFile } from './write-new-file.js';
import type { Project, ProjectOptions } from './project.js';

/** Options that every command has which writes a revision. */
export interface NewRevisionOptions extends ProjectOptions {
  readonly message?: string | undefined;
  /** Allows parents that have children already, so that the history forks. Default: false. */
  readonly splice?: boolean | undefined;
  /** Names the branch that begins here. Default: none. */
  readonly branchLabels?: readonly string[] | undefined;
  /** Ids, parts of ids or branch labels of revisions that have to run first. Default: none. */
  readonly dependsOn?: readonly string[] | undefined;
  /** Which of the migration folders gets the file. Default: that of the parent. */
  readonly versionPath?: string | undefined;
  /** The id. Default: as the config's `revisionIds` says. */
  readonly revisionId?: string | undefined;
  /** Writes an SQL file. Default: as the config's `revisionFormat` says. */
  readonly sql?: boolean | undefined;
  /** The moment written into the file. Default: now. */
  readonly now?: Date | undefined;
}

export interface RevisionDraft {
  readonly id: string;
  readonly message: string;
  readonly parents: readonly RevisionNode[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly folder: string;
  readonly date: Date;
}

/** What not every new revision has. */
export interface RevisionExtras extends Pick<RevisionFile, 'replaces' | 'isTransactional' | 'autocommit'> {
  readonly sql?: boolean | undefined;
}

/**
 * Everything about a new revision but its operations, checked against the graph.
 * @throws AludelError ALUDEL_USAGE, ALUDEL_REVISION_DUPLICATE, ALUDEL_REVISION_INVALID, ALUDEL_REVISION_NOT_FOUND.
 */
export async function draftRevision(
  project: Project,
  parents: readonly RevisionNode[],
  options: NewRevisionOptions,
): Promise<RevisionDraft> {
  const { graph, config } = project;
  const message = options.message?.trim() ?? '';
  const date = options.now ?? new Date();
  const down = parents.map((parent) => parent.id);
  if (options.splice !== true) refuseFork(parents);
  const context = { message, down, date, existing: [...graph.byId.keys()] };
  const id = options.revisionId ?? (await makeRevisionId(config.revisionIds, context, config.timezone));
  checkId(id, graph.byId.has(id), options.revisionId === undefined ? 'config' : 'option');
  const dependsOn = (options.dependsOn ?? []).map((name) => resolveDependency(graph, name));
  const branchLabels = options.branchLabels ?? [];
  const draft = makeRevision(id, { down, branchLabels, dependsOn });
  // The graph with it says whether labels are free and nothing depends on itself.
  buildGraph([...graph.nodes.map((node) => node.revision), draft]);
  return { id, message, parents, branchLabels, dependsOn, folder: findFolder(project, parents, options), date };
}

export interface DirectedRevision {
  readonly draft: RevisionDraft;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
}

/** The revision as `processRevisionDirectives` of the config and its plugins want it; `null`: they want none. */
export async function directRevision(
  project: Project,
  draft: RevisionDraft,
  upgrade: readonly Operation[],
  {
    downgrade = reverseAll(upgrade),
    ...context
  }: Pick<DirectivesContext, 'command' | 'autogenerate'> & { readonly downgrade?: readonly Operation[] },
): Promise<DirectedRevision | null> {
  const extensions = await project.extensions();
  if (extensions === null || extensions.processRevisionDirectives.length === 0) return { draft, upgrade, downgrade };
  const { processDirectives } = await import('../extensions/process-directives.js');
  const down = draft.parents.map((parent) => parent.id);
  const { id, message } = draft;
  const given = { id, message, upgrade, downgrade };
  const directives = await processDirectives(given, { ...context, down }, extensions);
  if (directives === null) return null;
  if (directives.id !== id) checkId(directives.id, project.graph.byId.has(directives.id), 'callback');
  const { id: newId, message: newMessage, ...operations } = directives;
  return { draft: { ...draft, id: newId, message: newMessage }, ...operations };
}

/** What a report says of the operations of a revision. */
export function describeOperations(operations: readonly Operation[]): {
  readonly operations: readonly Operation[];
  readonly descriptions: readonly string[];
  readonly losses: readonly string[];
} {
  return {
    operations,
    descriptions: operations.map(describe),
    losses: operations.filter(isDestructive).map(describe),
  };
}

/**
 * Writes the file, never over another one, runs the hooks of the config on it, and gives its path.
 * @throws AludelError ALUDEL_FILE_EXISTS; ALUDEL_HOOK_FAILED where the file was written and a hook failed.
 */
export async function writeRevision(
  project: Project,
  draft: RevisionDraft,
  operations: readonly Operation[],
  downgrade: RevisionFile['downgrade'] = reverseAll(operations),
  extras: RevisionExtras = {},
): Promise<string> {
  const { config } = project;
  const { id, message, date, branchLabels, dependsOn } = draft;
  const isSql = extras.sql ?? config.revisionFormat === 'sql';
  const extension = isSql ? '.sql' : (EXTENSIONS[extname(config.file)] ?? '.mjs');
  const name = fileNameFor(config.fileTemplate, {
    id,
    message,
    date,
    timeZone: config.timezone,
    truncateSlugLength: config.truncateSlugLength,
    extension,
  });
  const extensions = await project.extensions();
  const file: RevisionFile = {
    id,
    message,
    down: draft.parents.map((parent) => parent.id),
    branchLabels,
    dependsOn,
    createdAt: date.toISOString().replace(/\.\d+Z$/, 'Z'),
    language: extension.endsWith('ts') ? 'typescript' : 'javascript',
    upgrade: operations,
    downgrade,
    ...(extensions === null ? {} : { renderItem: await loadRenderer(extensions) }),
    ...extras,
  };
  const path = join(draft.folder, name);
  const source = isSql ? await renderAsSql(project, file) : await renderAsModule(file);
  await mkdir(dirname(path), { recursive: true });
  await writeNewFile(path, source, 'Give another message.');
  if (extensions !== null && extensions.postWrite.length > 0) {
    const { runHooks } = await import('../extensions/run-hooks.js');
    await runHooks(path, extensions);
  }
  return path;
}

async function renderAsModule(file: RevisionFile): Promise<string> {
  const { renderRevision } = await import('../autogenerate/render/render-revision.js');
  return renderRevision(file);
}

/** What the operations are in this database's SQL depends on what they find there. */
async function renderAsSql(project: Project, file: RevisionFile): Promise<string> {
  const { renderSqlRevision } = await import('../autogenerate/render/render-sql-revision.js');
  const { compileScript } = await import('../runtime/compile-script.js');
  const { downgrade, upgrade, autocommit } = file;
  if ('throws' in downgrade || (autocommit?.size ?? 0) > 0) {
    throw new AludelError('ALUDEL_USAGE', 'What throws, or leaves its transaction, cannot be written as SQL.', {
      hint: `Set "revisionFormat" to "module" in "${project.config.file}" for this revision.`,
    });
  }
  if (upgrade.length === 0 && downgrade.length === 0) return renderSqlRevision(file, { upgrade: [], downgrade: [] });
  return project.connected(async (connection, dialect) => {
    const before = await dialect.reflect(connection, { namespaces: 'all', ignoredTables: project.ownTableNames });
    const up = compileScript(upgrade, { dialect, server: connection.server, schema: before });
    const back = compileScript(downgrade, { dialect, server: connection.server, schema: up.schema });
    return renderSqlRevision(file, { upgrade: up.statements, downgrade: back.statements });
  });
}

async function loadRenderer(extensions: Extensions): Promise<RenderItem> {
  const { partRenderer } = await import('../extensions/render-parts.js');
  return partRenderer(extensions);
}

/** Revisions are written in the language of the config; `.mjs` is a module in every project. */
const EXTENSIONS: Readonly<Record<string, '.ts' | '.mts' | '.js' | '.mjs'>> = {
  '.ts': '.ts',
  '.mts': '.mts',
  '.js': '.js',
  '.mjs': '.mjs',
};

/**
 * The revision that a new one comes behind; none for `base`.
 * @throws AludelError ALUDEL_MULTIPLE_HEADS, ALUDEL_REVISION_NOT_FOUND.
 */
export function findParent(graph: RevisionGraph, head: string | undefined): readonly RevisionNode[] {
  const nodes = head === undefined ? graph.heads : resolveRevisions(graph, head);
  const ids = nodes.map((node) => node.id);
  if (nodes.length < 2) return nodes;
  const hint = `Run "aludel merge ${ids.join(' ')}" first, or add --head ${ids[0]}.`;
  throw multipleHeadsError(head ?? 'revision', ids, hint);
}

function refuseFork(parents: readonly RevisionNode[]): void {
  const parent = parents.find((node) => node.children.length > 0);
  if (parent === undefined) return;
  throw new AludelError('ALUDEL_USAGE', `Revision "${parent.id}" is not a head: the history would fork there.`, {
    hint: 'Add --splice if that is what you want, or leave out --head.',
    details: { revision: parent.id, children: parent.children.map((child) => child.id) },
  });
}

/** Who made an id, and what to do about a wrong one. */
const ID_SOURCES = {
  option: 'Give another one with --rev-id, or leave it out.',
  config: 'Correct "revisionIds" in the config file.',
  callback: 'Correct "processRevisionDirectives" in the config file.',
} as const;

function checkId(id: string, isTaken: boolean, source: keyof typeof ID_SOURCES): void {
  const problem = isTaken ? 'is taken' : findIdProblem(id);
  if (problem === null) return;
  throw new AludelError('ALUDEL_USAGE', `The revision id "${id}" ${problem}.`, {
    hint: ID_SOURCES[source],
  });
}

/** A label stays a label, which follows its branch; anything else becomes a whole id. */
function resolveDependency(graph: RevisionGraph, name: string): string {
  if (graph.byLabel.has(name)) return name;
  const [node, ...others] = resolveRevisions(graph, name);
  if (others.length > 0) {
    const ids = [node, ...others].flatMap((found) => found?.id ?? []);
    throw multipleHeadsError(name, ids, `Name one of them: --depends-on ${ids[0]}.`);
  }
  if (node !== undefined) return node.id;
  throw new AludelError('ALUDEL_USAGE', `Nothing can depend on "${name}".`, { hint: 'Name a revision or a branch.' });
}

/** The folder of a revision that comes behind others. */
export function findFolder(
  project: Project,
  parents: readonly RevisionNode[],
  options: Pick<NewRevisionOptions, 'cwd' | 'versionPath'>,
): string {
  const { migrations, recursive, fileTemplate } = project.config;
  const contains = (folder: string, path: string): boolean => {
    const way = relative(folder, path);
    return way === '' || (recursive && !way.startsWith('..') && resolve(folder, way) === path);
  };
  if (options.versionPath !== undefined) {
    const path = resolve(options.cwd ?? '.', options.versionPath);
    if (migrations.some((folder) => contains(folder, path))) return path;
    throw new AludelError(
      'ALUDEL_USAGE',
      `"${path}" is none of the migration folders, so nothing would find the file.`,
      {
        hint: `Add it to "migrations" in "${project.config.file}", or choose one of: ${migrations.join(', ')}.`,
      },
    );
  }
  const beside = parents.flatMap(({ revision }) => (revision.file === null ? [] : [dirname(revision.file)]))[0];
  if (beside === undefined) return project.folder;
  // A template that makes folders itself starts from the top again.
  if (!fileTemplate.includes('/')) return beside;
  return migrations.find((folder) => contains(folder, beside)) ?? beside;
}
