/** Where things are: `current`, `history`, `heads`. They read, and load no models. */
import { listCurrent, listHistory } from '../revisions/history.js';
import { resolveRows } from '../revisions/resolve.js';
import { type EditedRevision, findEdited } from '../runtime/edited-files.js';
import { LogTable, type UnfinishedStep } from '../runtime/log-table.js';
import { VersionTable } from '../runtime/version-table.js';
import { Project, type ProjectOptions } from './project.js';
import { areEffectiveHeads } from '../revisions/graph.js';
import { describeNode, readRows, type RevisionEntry } from './revision-entry.js';

export type { EditedRevision, RevisionEntry, UnfinishedStep };

export interface CurrentOptions extends ProjectOptions {
  /** Compares the files of all applied revisions with the log, not only the newest 500. Default: false. */
  readonly strict?: boolean | undefined;
}

export interface CurrentReport {
  readonly url: string;
  readonly revisions: readonly RevisionEntry[];
  /** The newest revisions of the folder. */
  readonly heads: readonly string[];
  readonly isAtHead: boolean;
  /** A step that began and never ended, where not all of it could be rolled back. */
  readonly unfinished: UnfinishedStep | null;
  /** Applied revisions whose files have changed since. */
  readonly edited: readonly EditedRevision[];
}

/**
 * The revisions that the database is at. Creates nothing.
 * @throws AludelError ALUDEL_REVISION_UNKNOWN_IN_DATABASE when a file is missing.
 */
export async function current(options: CurrentOptions = {}): Promise<CurrentReport> {
  const project = await Project.open(options);
  try {
    const { graph } = project;
    const { url } = await project.engine();
    const { rows, unfinished, edited } = await readState(project, options.strict === true);
    const isCurrent = new Set(resolveRows(graph, rows).map((node) => node.id));
    const isAtHead = areEffectiveHeads(graph, rows);
    const newest = graph.heads.map((node) => node.id);
    const revisions = listCurrent(graph, rows).map((node) => describeNode(graph, node, isCurrent));
    return { url, revisions, heads: newest, isAtHead, unfinished: unfinished ?? null, edited };
  } finally {
    await project.close();
  }
}

interface DatabaseState {
  readonly rows: readonly string[];
  readonly unfinished: UnfinishedStep | undefined;
  readonly edited: readonly EditedRevision[];
}

async function readState(project: Project, strict: boolean): Promise<DatabaseState> {
  return project.connected(async (connection, dialect) => {
    const rows = await new VersionTable(connection, dialect, project.names).readHeads();
    const log = new LogTable(connection, dialect, project.names);
    const unfinished = await log.findUnfinished();
    return { rows, unfinished: unfinished?.step, edited: await findEdited(log, project.graph, rows, { all: strict }) };
  });
}

export interface HistoryOptions extends ProjectOptions {
  /** `from:to`; either side may be empty, and `current` is where the database is. */
  readonly range?: string | undefined;
  /** Asks the database which of them it is at. Default: false. */
  readonly indicateCurrent?: boolean | undefined;
}

/** The revisions, newest first. Connects only for `indicateCurrent` and where the range says `current`. */
export async function history(options: HistoryOptions = {}): Promise<readonly RevisionEntry[]> {
  const project = await Project.open(options);
  try {
    const { graph } = project;
    const [from = '', to = ''] = splitRange(options.range);
    const isAsked = options.indicateCurrent === true || [from, to].includes('current');
    const applied = isAsked ? await readRows(project) : [];
    const nodes = listHistory(graph, { from: from || null, to: to || null }, applied);
    const isCurrent = options.indicateCurrent === true ? new Set(applied) : null;
    return nodes.map((node) => describeNode(graph, node, isCurrent));
  } finally {
    await project.close();
  }
}

function splitRange(range: string | undefined): string[] {
  if (range === undefined) return [];
  return range.includes(':') ? range.split(':', 2) : [range, range];
}

export interface HeadsOptions extends ProjectOptions {
  /** Leaves out heads that other revisions depend on. Default: false. */
  readonly resolveDependencies?: boolean | undefined;
}

/** The newest revisions of the folder: one, unless branches have to be merged. */
export async function heads(options: HeadsOptions = {}): Promise<readonly RevisionEntry[]> {
  const { graph } = await Project.open(options);
  const nodes = options.resolveDependencies === true ? graph.effectiveHeads : graph.heads;
  return nodes.map((node) => describeNode(graph, node));
}
