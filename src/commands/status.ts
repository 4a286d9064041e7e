/** Where things are: `current`, `history`, `heads`. They read, and load no models. */
import { listCurrent, listHistory } from '../revisions/history.js';
import { labelsOf } from '../revisions/labels.js';
import { unknownInDatabaseError } from '../revisions/revision-errors.js';
import type { RevisionNode } from '../revisions/revision.js';
import { LogTable, type UnfinishedStep } from '../runtime/log-table.js';
import { VersionTable } from '../runtime/version-table.js';
import { Project, type ProjectOptions } from './project.js';
import { areEffectiveHeads, type RevisionGraph } from '../revisions/graph.js';

export type { UnfinishedStep };

export interface RevisionEntry {
  readonly revision: string;
  readonly down: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly message: string | null;
  readonly createdAt: string | null;
  readonly file: string | null;
  readonly isHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
}

export interface CurrentReport {
  readonly url: string;
  readonly revisions: readonly RevisionEntry[];
  /** The newest revisions of the folder. */
  readonly heads: readonly string[];
  readonly isAtHead: boolean;
  /** A step that began and never ended, where DDL cannot be rolled back. */
  readonly unfinished: UnfinishedStep | null;
}

/**
 * The revisions that the database is at. Creates nothing.
 * @throws AludelError ALUDEL_REVISION_UNKNOWN_IN_DATABASE when a file is missing.
 */
export async function current(options: ProjectOptions = {}): Promise<CurrentReport> {
  const project = await Project.open(options);
  try {
    const { graph } = project;
    const { url } = await project.engine();
    const { rows, unfinished } = await readState(project);
    const unknown = rows.filter((id) => !graph.byId.has(id));
    if (unknown.length > 0) throw unknownInDatabaseError(unknown, graph.byId.keys());
    const isAtHead = areEffectiveHeads(graph, rows);
    const newest = graph.heads.map((node) => node.id);
    const revisions = listCurrent(graph, rows).map((node) => describeNode(graph, node));
    return { url, revisions, heads: newest, isAtHead, unfinished: unfinished ?? null };
  } finally {
    await project.close();
  }
}

async function readState(project: Project): Promise<{ rows: string[]; unfinished: UnfinishedStep | undefined }> {
  return project.connected(async (connection, dialect) => {
    const versions = new VersionTable(connection, dialect, project.names);
    const rows = await versions.readHeads();
    const isLogged = !dialect.capabilities.transactionalDdl && (await versions.exists());
    const log = new LogTable(connection, dialect, project.names);
    return { rows, unfinished: isLogged ? await log.findUnfinished() : undefined };
  });
}

export interface HistoryOptions extends ProjectOptions {
  /** `from:to`; either side may be empty, and `current` is where the database is. */
  readonly range?: string | undefined;
}

/** The revisions, newest first. Connects only when the range says `current`. */
export async function history(options: HistoryOptions = {}): Promise<readonly RevisionEntry[]> {
  const project = await Project.open(options);
  try {
    const { graph } = project;
    const [from = '', to = ''] = splitRange(options.range);
    const applied = [from, to].includes('current') ? (await readState(project)).rows : [];
    const nodes = listHistory(graph, { from: from || null, to: to || null }, applied);
    return nodes.map((node) => describeNode(graph, node));
  } finally {
    await project.close();
  }
}

function splitRange(range: string | undefined): string[] {
  if (range === undefined) return [];
  return range.includes(':') ? range.split(':', 2) : [range, range];
}

/** The newest revisions of the folder: one, unless branches have to be merged. */
export async function heads(options: ProjectOptions = {}): Promise<readonly RevisionEntry[]> {
  const { graph } = await Project.open(options);
  return graph.heads.map((node) => describeNode(graph, node));
}

function describeNode(graph: RevisionGraph, node: RevisionNode): RevisionEntry {
  const { id, revision, children, parents } = node;
  return {
    revision: id,
    down: revision.down,
    dependsOn: revision.dependsOn,
    branchLabels: labelsOf(graph, node),
    message: revision.message,
    createdAt: revision.createdAt,
    file: revision.file,
    isHead: children.length === 0,
    isBranchPoint: children.length > 1,
    isMergePoint: parents.length > 1,
  };
}
