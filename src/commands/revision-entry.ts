/** A revision as the commands report it: plain data, without the circles of the graph. */
import { AludelError } from '../errors.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { labelsOf } from '../revisions/labels.js';
import { resolveRevisions, resolveRows } from '../revisions/resolve.js';
import type { RevisionNode } from '../revisions/revision.js';
import { notFoundError } from '../revisions/revision-errors.js';
import { VersionTable } from '../runtime/version-table.js';
import type { Project } from './project.js';

export interface RevisionEntry {
  readonly revision: string;
  readonly down: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly message: string | null;
  readonly createdAt: string | null;
  readonly file: string | null;
  /** No revision names this one as its parent. */
  readonly isHead: boolean;
  /** A head that no other revision depends on either. */
  readonly isEffectiveHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  /** The database is at this revision; null when it was not asked. */
  readonly isCurrent: boolean | null;
}

/** `current`: the ids that the database is at; null when it was not asked. */
export function describeNode(
  graph: RevisionGraph,
  node: RevisionNode,
  current: ReadonlySet<string> | null = null,
): RevisionEntry {
  const { id, revision, children, parents, followers } = node;
  return {
    revision: id,
    down: revision.down,
    dependsOn: revision.dependsOn,
    branchLabels: labelsOf(graph, node),
    message: revision.message,
    createdAt: revision.createdAt,
    file: revision.file,
    isHead: children.length === 0,
    isEffectiveHead: followers.length === 0,
    isBranchPoint: children.length > 1,
    isMergePoint: parents.length > 1,
    isCurrent: current === null ? null : current.has(id),
  };
}

/** The rows of the version table. */
export function readRows(project: Project): Promise<string[]> {
  return project.connected((connection, dialect) => new VersionTable(connection, dialect, project.names).readHeads());
}

/** Errors that say that there is no database to ask, as on a machine that only holds the files. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ALUDEL_AUTHENTICATION_FAILED',
  'ALUDEL_CONFIG_INVALID',
  'ALUDEL_CONNECTION_FAILED',
  'ALUDEL_DATABASE_NOT_FOUND',
  'ALUDEL_DRIVER_MISSING',
]);

/** The rows of the version table; null where there is no database to ask. */
export async function readRowsIfReachable(project: Project): Promise<readonly string[] | null> {
  try {
    return await readRows(project);
  } catch (error) {
    if (error instanceof AludelError && UNREACHABLE.has(error.code)) return null;
    throw error;
  }
}

/**
 * The revisions that an identifier stands for, at least one; `current` asks the database.
 * @throws AludelError ALUDEL_REVISION_NOT_FOUND for `base`, and when the database is at base.
 */
export async function findNodes(project: Project, identifier: string): Promise<readonly RevisionNode[]> {
  const { graph } = project;
  const isCurrent = identifier === 'current';
  const nodes = isCurrent ? resolveRows(graph, await readRows(project)) : resolveRevisions(graph, identifier);
  if (nodes.length > 0) return nodes;
  const message = isCurrent ? 'The database is at base: no revision is applied.' : `"${identifier}" is no revision.`;
  throw notFoundError(identifier, [], message);
}
