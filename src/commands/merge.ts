import { AludelError } from '../errors.js';
import type { Operation } from '../operations/operation.js';
import { tablesOf } from '../operations/tables-of.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { labelsOf } from '../revisions/labels.js';
import { resolveRevisions } from '../revisions/resolve.js';
import type { RevisionNode } from '../revisions/revision.js';
import { quoteIds, rangeError } from '../revisions/revision-errors.js';
import { findOverlap, reach } from '../revisions/traverse.js';
import { findWrittenTable } from '../runtime/find-written-table.js';
import { tableKey } from '../schema/table.js';
import { sqlWords } from '../util/sql-words.js';
import { Project } from './project.js';
import type { RevisionReport } from './revision.js';
import {
  describeOperations,
  directRevision,
  draftRevision,
  type NewRevisionOptions,
  writeRevision,
} from './write-revision.js';

export interface MergeOptions extends Omit<NewRevisionOptions, 'dependsOn' | 'versionPath'> {
  /**
   * Merges the heads without a label when there are several, and does nothing when there are not; refuses when two of
   * the branches touch the same table, or what they touch cannot be told. Default: false.
   */
  readonly auto?: boolean | undefined;
}

/**
 * Writes a revision with several parents and no operations.
 * @param revisions ids, parts of ids, `label@head`; `heads` when there are none.
 * @throws AludelError ALUDEL_USAGE, ALUDEL_REVISION_RANGE, ALUDEL_REVISION_NOT_FOUND.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.merge
 */
export async function merge(
  revisions: string | readonly string[] = [],
  options: MergeOptions = {},
): Promise<RevisionReport> {
  const project = await Project.open(options);
  const { graph } = project;
  const names = typeof revisions === 'string' ? [revisions] : revisions;
  const parents = options.auto === true ? await findUnlabelled(project, names) : findParents(graph, names);
  const nothing = { operations: [], descriptions: [], losses: [] };
  const down = parents.map((parent) => parent.id);
  if (parents.length < 2) return { revision: null, file: null, down, ...nothing };
  const message = options.message ?? `merge ${down.join(' and ')}`;
  const draft = await draftRevision(project, parents, { ...options, message });
  const directed = await directRevision(project, draft, [], { command: 'merge', autogenerate: false });
  if (directed === null) return { revision: null, file: null, down, ...nothing };
  const { upgrade: operations, downgrade } = directed;
  const file = await writeRevision(project, directed.draft, operations, downgrade, { sql: options.sql });
  return { revision: directed.draft.id, file, down, ...describeOperations(operations) };
}

function findParents(graph: RevisionGraph, names: readonly string[]): readonly RevisionNode[] {
  const chosen = names.length === 0 ? ['heads'] : names;
  const nodes = chosen.flatMap((name) => (name === 'heads' ? graph.heads : resolveRevisions(graph, name)));
  const parents = [...new Set(nodes)];
  const [only] = parents;
  if (parents.length < 2) {
    const what = only === undefined ? 'no revision' : `only "${only.id}"`;
    throw new AludelError('ALUDEL_USAGE', `A merge needs two revisions, and "${chosen.join(' ')}" is ${what}.`, {
      hint: 'Run "aludel heads" to see what could be merged.',
    });
  }
  const overlap = findOverlap(graph.nodes.length, parents);
  if (overlap === null) return parents;
  const { upper, lower } = overlap;
  throw rangeError(
    'overlap',
    `Revision "${upper.id}" has "${lower.id}" below it already.`,
    `Leave out "${lower.id}".`,
    { upper: upper.id, lower: lower.id },
  );
}

async function findUnlabelled(project: Project, names: readonly string[]): Promise<readonly RevisionNode[]> {
  const { graph } = project;
  if (names.length > 0) {
    throw new AludelError('ALUDEL_USAGE', '"--auto" finds the revisions to merge by itself.', {
      hint: 'Leave out either --auto or the revisions.',
    });
  }
  // A label says that a branch is meant to stay one.
  const heads = graph.effectiveHeads.filter((node) => labelsOf(graph, node).length === 0);
  if (heads.length > 1) await refuseConflicts(project, heads);
  return heads;
}

/** Two branches that change one table may have been written without knowing of each other. */
async function refuseConflicts(project: Project, heads: readonly RevisionNode[]): Promise<void> {
  const { graph } = project;
  const seen: { readonly head: RevisionNode; readonly reach: Reach }[] = [];
  for (const head of heads) {
    const others = reach(
      graph.nodes.length,
      heads.filter((other) => other !== head),
      'requires',
    );
    const own = reach(graph.nodes.length, [head], 'requires');
    for (const node of graph.nodes.filter(({ index }) => own[index] === 1 && others[index] !== 1)) {
      const touched = await reachOf(project, node);
      for (const { head: first, reach: before } of seen) {
        const table = first === head ? undefined : findConflict(before, touched);
        if (table !== undefined) throw conflictError(table, [first, head], heads);
      }
      seen.push({ head, reach: touched });
    }
  }
}

/** What a revision has to do with. */
interface Reach {
  /** The tables that it changes, or the rows of. */
  readonly tables: ReadonlySet<string>;
  /** The words of the SQL that changes rows, in small letters: other tables that it reads are among them. */
  readonly words: ReadonlySet<string>;
}

function findConflict(one: Reach, other: Reach): string | undefined {
  const both = [...one.tables].find((table) => other.tables.has(table));
  return both ?? findRead(one, other) ?? findRead(other, one);
}

function findRead({ words }: Reach, { tables }: Reach): string | undefined {
  return [...tables].find((table) => words.has(table.slice(table.lastIndexOf('.') + 1).toLowerCase()));
}

async function reachOf(project: Project, node: RevisionNode): Promise<Reach> {
  const operations = await recordUpgrade(project, node);
  const changes = operations.flatMap((operation) => {
    const table = operation.kind === 'execute' ? findWrittenTable(operation.sql) : null;
    return operation.kind === 'execute' && table !== null ? [{ operation, table, sql: operation.sql }] : [];
  });
  const tables = tablesOf(operations.filter((each) => !changes.some(({ operation }) => operation === each)));
  if (tables === null) throw unclearError(node, 'runs SQL of its own');
  return {
    tables: new Set([...tables, ...changes.map(({ table }) => tableKey(table))]),
    words: new Set(changes.flatMap(({ sql }) => [...sqlWords(sql)])),
  };
}

async function recordUpgrade(project: Project, node: RevisionNode): Promise<readonly Operation[]> {
  const { recordOperations } = await import('../runtime/offline.js');
  const { context, importRevision: importModule } = project;
  const methods = (await project.runExtensions())?.methods;
  const source = { importModule, context, methods };
  const orUnclear = (error: unknown): null => {
    if (!(error instanceof AludelError) || error.code !== 'ALUDEL_NEEDS_CONNECTION') throw error;
    return null;
  };
  const plain = await recordOperations(node.revision, 'upgrade', source).catch(orUnclear);
  if (plain !== null) return plain;
  // Only what `op.db` writes asks which database it is.
  const { name: rowsIn } = await project.dialect();
  const written = await recordOperations(node.revision, 'upgrade', { ...source, rowsIn }).catch(orUnclear);
  if (written === null) throw unclearError(node, 'reads from the database');
  return written;
}

function unclearError(node: RevisionNode, what: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `Revision "${node.id}" ${what}: which tables it touches cannot be told.`, {
    hint: 'Look at both branches, then run "aludel merge heads".',
    details: { revision: node.id, file: node.revision.file },
  });
}

function conflictError(table: string, pair: readonly RevisionNode[], heads: readonly RevisionNode[]): AludelError {
  const ids = pair.map((node) => node.id);
  return new AludelError('ALUDEL_USAGE', `The branches of ${quoteIds(ids)} both touch the table "${table}".`, {
    hint: `Look at both, then run "aludel merge ${heads.map((node) => node.id).join(' ')}".`,
    details: { table, revisions: ids },
  });
}
