/** `squash`: several revisions become one that does the same. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AludelError } from '../errors.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import { buildGraph } from '../revisions/graph.js';
import { makeRevision, type Revision, type RevisionNode } from '../revisions/revision.js';
import { refuseHalfApplied, selectSquash, type SquashSelection } from '../revisions/select-squash.js';
import { Project, type ProjectOptions } from './project.js';
import { readRowsIfReachable } from './revision-entry.js';
import { findFolder, type RevisionDraft, writeRevision } from './write-revision.js';

export interface SquashOptions extends ProjectOptions {
  /** Default: `squash of FIRST to LAST`. */
  readonly message?: string | undefined;
  /** What becomes of the files; needed unless `dryRun`. The folder is relative to `cwd` and is created. */
  readonly oldFiles?: 'delete' | { readonly moveTo: string } | undefined;
  /** Writes nothing. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** The moment written into the file. Default: now. */
  readonly now?: Date | undefined;
}

export interface SquashReport {
  /** The id of the last of the revisions, which stands for all of them now. */
  readonly revision: string;
  /** Null in a dry run. */
  readonly file: string | null;
  readonly down: readonly string[];
  /** The ids that are gone. */
  readonly replaces: readonly string[];
  /** What the upgrade does, in words. */
  readonly descriptions: readonly string[];
  /** The message of the error that the downgrade of one of them throws, and so that of all; null where there is a way back. */
  readonly irreversible: string | null;
  /** The files as they were, and where they are now; null where they were deleted. */
  readonly oldFiles: readonly { readonly from: string; readonly to: string | null }[];
  /** False when the database could not be reached, so that nobody knows whether it stands in the middle. */
  readonly isDatabaseChecked: boolean;
}

/**
 * Replaces revisions by one that does the same. It has the id of the last one, so that a database which is there, or
 * further up, goes on as it is; one that stands in the middle is refused by every command, with the way on.
 * @param range `first:last`, both included; `:last` begins at the base.
 * @throws AludelError ALUDEL_USAGE where they cannot become one, naming the revision; ALUDEL_REVISION_APPLIED,
 *   ALUDEL_NEEDS_CONNECTION, ALUDEL_FILE_EXISTS and what resolving a range throws.
 */
export async function squash(range: string, options: SquashOptions = {}): Promise<SquashReport> {
  const project = await Project.open(options);
  try {
    const { graph } = project;
    const selection = selectSquash(graph, range);
    const files = planFiles(project, selection, options);
    const squashed = await recordAll(project, selection);
    const draft = draftSquash(project, selection, options);
    const replaces = selection.nodes.slice(0, -1).map(({ id }) => id);
    const members = new Set(selection.nodes);
    const rest = graph.nodes.filter((node) => !members.has(node)).map(({ revision }) => revision);
    buildGraph([...rest, { ...toRevision(draft), replaces }]);
    const rows = await readRowsIfReachable(project);
    if (rows !== null) refuseHalfApplied(selection, rows);
    const file = options.dryRun === true ? null : await replaceFiles(project, draft, squashed, replaces, files);
    return {
      revision: draft.id,
      file,
      down: draft.parents.map(({ id }) => id),
      replaces,
      descriptions: squashed.upgrade.map(describe),
      irreversible: 'throws' in squashed.downgrade ? squashed.downgrade.throws : null,
      oldFiles: files,
      isDatabaseChecked: rows !== null,
    };
  } finally {
    await project.close();
  }
}

interface Squashed {
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[] | { readonly throws: string };
  readonly autocommit: ReadonlySet<Operation>;
  readonly isTransactional: boolean;
}

async function recordAll(project: Project, { nodes }: SquashSelection): Promise<Squashed> {
  const autocommit = new Set<Operation>();
  const upgrade: Operation[] = [];
  const transactional = new Map<boolean, RevisionNode>();
  for (const node of nodes) {
    const { operations, isTransactional } = await recordOne(project, node, 'upgrade', autocommit);
    upgrade.push(...operations);
    transactional.set(isTransactional, node);
  }
  const [inside, outside] = [transactional.get(true), transactional.get(false)];
  if (inside !== undefined && outside !== undefined) {
    throw refusal(outside, `has no transaction, and "${inside.id}" has one`);
  }
  const downgrade = await recordDowngrades(project, nodes, autocommit);
  return { upgrade, downgrade, autocommit, isTransactional: outside === undefined };
}

async function recordDowngrades(
  project: Project,
  nodes: readonly RevisionNode[],
  autocommit: Set<Operation>,
): Promise<Squashed['downgrade']> {
  const downgrade: Operation[] = [];
  for (const node of nodes.toReversed()) {
    try {
      downgrade.push(...(await recordOne(project, node, 'downgrade', autocommit)).operations);
    } catch (error) {
      if (error instanceof AludelError || !(error instanceof Error)) throw error;
      // A revision that says so in its own words has no way back, and so has what it is part of.
      return { throws: error.message };
    }
  }
  return downgrade;
}

async function recordOne(
  project: Project,
  node: RevisionNode,
  direction: 'upgrade' | 'downgrade',
  autocommit: Set<Operation>,
): Promise<{ readonly operations: readonly Operation[]; readonly isTransactional: boolean }> {
  const { record } = await import('../runtime/offline.js');
  const methods = (await project.runExtensions())?.methods;
  const { name: rowsIn } = await project.dialect();
  const recording = await record(node.revision, direction, { importModule: project.importRevision, methods, rowsIn });
  const { origins, isTransactional, isConditional, problem } = recording;
  if (problem !== null) throw refusal(node, 'reads from the database, so that what it does cannot be told');
  if (isConditional) throw refusal(node, 'looks at "op.offline" or "op.context", so that it may do this or that');
  for (const { operation, isAutocommit } of origins) {
    if (operation.kind === 'opaque') throw refusal(node, `runs code at ${operation.at} that no operation holds`);
    if (operation.kind === 'execute' && !operation.params.every(isPlain)) {
      throw refusal(node, 'has a parameter that cannot be written down');
    }
    if (isAutocommit) autocommit.add(operation);
  }
  return { operations: origins.map(({ operation }) => operation), isTransactional };
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function draftSquash(project: Project, selection: SquashSelection, options: SquashOptions): RevisionDraft {
  const { nodes, last, parents, dependencies } = selection;
  return {
    id: last.id,
    message: options.message?.trim() || `squash of ${nodes[0]?.id ?? ''} to ${last.id}`,
    parents,
    branchLabels: nodes.flatMap(({ revision }) => revision.branchLabels),
    dependsOn: dependencies.map(({ id }) => id),
    folder: findFolder(project, [last], { cwd: options.cwd }),
    date: options.now ?? new Date(),
  };
}

function toRevision({ id, parents, branchLabels, dependsOn }: RevisionDraft): Revision {
  return makeRevision(id, { down: parents.map((parent) => parent.id), branchLabels, dependsOn });
}

type OldFile = SquashReport['oldFiles'][number];

function planFiles(project: Project, { nodes }: SquashSelection, options: SquashOptions): readonly OldFile[] {
  const files = nodes.flatMap(({ revision }) => revision.file ?? []);
  const { oldFiles } = options;
  if (oldFiles === undefined && options.dryRun !== true) {
    throw new AludelError('ALUDEL_USAGE', `Nothing says what becomes of the ${files.length} files.`, {
      hint: 'Add --delete, --move-to FOLDER, or --dry-run to see what would be written.',
    });
  }
  if (oldFiles === undefined || oldFiles === 'delete') return files.map((from) => ({ from, to: null }));
  const folder = resolve(options.cwd ?? '.', oldFiles.moveTo);
  refuseReadFolder(project, folder);
  const moved = files.map((from) => ({ from, to: join(folder, basename(from)) }));
  const twin = moved.find(({ to }, at) => moved.findIndex((other) => other.to === to) !== at);
  if (twin === undefined) return moved;
  throw new AludelError('ALUDEL_USAGE', `Two of the files are called "${basename(twin.to)}".`, {
    hint: 'Rename one of them first.',
  });
}

/** Where they would be read again, nothing would have become of them. */
function refuseReadFolder({ config }: Project, folder: string): void {
  const isRead = config.migrations.some((root) => {
    const way = relative(root, folder);
    if (way === '') return true;
    const isBelow = config.recursive && !way.startsWith('..') && resolve(root, way) === folder;
    return isBelow && way.split(sep).every((part) => !/^[._]/u.test(part) && part !== 'node_modules');
  });
  if (!isRead) return;
  throw new AludelError('ALUDEL_USAGE', `"${folder}" is read for revisions, so the files would still count.`, {
    hint: 'Name a folder that "migrations" in the config does not cover.',
  });
}

async function replaceFiles(
  project: Project,
  draft: RevisionDraft,
  squashed: Squashed,
  replaces: readonly string[],
  files: readonly OldFile[],
): Promise<string> {
  const { autocommit, isTransactional, upgrade, downgrade } = squashed;
  await refuseTaken(files);
  const file = await writeRevision(project, draft, upgrade, downgrade, { replaces, isTransactional, autocommit });
  try {
    await verifyFile(project, { ...toRevision(draft), file }, squashed);
  } catch (error) {
    await rm(file);
    throw error;
  }
  for (const { from, to } of files) {
    if (to === null) {
      await rm(from);
      continue;
    }
    await mkdir(resolve(to, '..'), { recursive: true });
    await rename(from, to);
  }
  return file;
}

async function refuseTaken(files: readonly OldFile[]): Promise<void> {
  for (const { to } of files) {
    const isTaken = to !== null && (await stat(to).catch(() => null)) !== null;
    if (!isTaken) continue;
    throw new AludelError('ALUDEL_FILE_EXISTS', `"${to}" exists already.`, { hint: 'Name another folder.' });
  }
}

/** Nothing is taken away before the new file is known to record the same operations. */
async function verifyFile(project: Project, revision: Revision, { upgrade, downgrade }: Squashed): Promise<void> {
  const { recordOperations } = await import('../runtime/offline.js');
  const methods = (await project.runExtensions())?.methods;
  const source = { importModule: project.importRevision, methods };
  const pairs = [
    ['upgrade', upgrade, await recordOperations(revision, 'upgrade', source)],
    ...('throws' in downgrade
      ? []
      : [['downgrade', downgrade, await recordOperations(revision, 'downgrade', source)] as const]),
  ] as const;
  for (const [direction, wanted, written] of pairs) {
    const at = wanted.findIndex((operation, index) => !isDeepStrictEqual(operation, written[index]));
    if (at === -1 && wanted.length === written.length) continue;
    const operation = wanted[at] ?? written.at(-1);
    const what = operation === undefined ? direction : describe(operation);
    throw new AludelError(
      'ALUDEL_USAGE',
      `"${what}" cannot be written so that it does the same. Nothing was changed.`,
      {
        hint: 'Leave its revision out of the range.',
      },
    );
  }
}

function refusal({ id, revision }: RevisionNode, problem: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `Revision "${id}" ${problem}.`, {
    hint: `Squash what lies before it and what lies behind it, each for itself.`,
    details: { revision: id, file: revision.file },
  });
}
