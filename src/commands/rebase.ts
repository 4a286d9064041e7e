import { readFile, writeFile } from 'node:fs/promises';
import { AludelError } from '../errors.js';
import { buildGraph, type RevisionGraph } from '../revisions/graph.js';
import { resolvePlace } from '../revisions/resolve.js';
import type { RevisionNode } from '../revisions/revision.js';
import { rewriteParents } from '../revisions/rewrite-header.js';
import { reach } from '../revisions/traverse.js';
import { Project, type ProjectOptions } from './project.js';
import { findNodes, readRowsIfReachable } from './revision-entry.js';

export interface RebaseOptions extends ProjectOptions {
  /** The new parent: an id, a part of one, `label@head`, or `base`. */
  readonly onto: string;
}

export interface RebaseReport {
  readonly revision: string;
  /** The file whose `downRevision` was rewritten, also when it said so already. */
  readonly file: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** False when the database could not be reached, so that nobody knows whether it has applied the revision. */
  readonly isDatabaseChecked: boolean;
}

/**
 * Puts a revision, and all that come behind it, on another parent by rewriting its `downRevision`. For revisions that
 * are not released yet: after a pull that brought another head, for example.
 * @throws AludelError ALUDEL_REVISION_APPLIED when the database has run it; ALUDEL_USAGE for a merge, a circle or several
 *   heads; ALUDEL_REVISION_NOT_FOUND.
 */
export async function rebase(revision: string, options: RebaseOptions): Promise<RebaseReport> {
  const project = await Project.open(options);
  try {
    const { graph } = project;
    const [node, ...others] = await findNodes(project, revision);
    if (node === undefined || others.length > 0) {
      const ids = [node, ...others].flatMap((found) => found?.id ?? []);
      throw new AludelError('ALUDEL_USAGE', `"${revision}" is several revisions: "${ids.join('", "')}".`, {
        hint: `Name one: aludel rebase ${ids[0]} --onto ${options.onto}`,
      });
    }
    const place = resolvePlace(graph, options.onto);
    const to = place === 'base' ? [] : [place.id];
    refuseShape(graph, node, place === 'base' ? null : place);
    const isDatabaseChecked = await refuseApplied(project, node);
    const file = node.revision.file ?? '';
    const source = rewriteParents(await readFile(file, 'utf8'), to, file);
    // A dependency can close a circle that no parent shows.
    buildGraph(graph.nodes.map((other) => (other === node ? { ...node.revision, down: to } : other.revision)));
    await writeFile(file, source);
    return { revision: node.id, file, from: node.revision.down, to, isDatabaseChecked };
  } finally {
    await project.close();
  }
}

function refuseShape(graph: RevisionGraph, node: RevisionNode, onto: RevisionNode | null): void {
  if (node.parents.length > 1) {
    throw new AludelError('ALUDEL_USAGE', `Revision "${node.id}" is a merge: it has no one parent to replace.`, {
      hint: `Delete its file and run "aludel merge heads" again, or edit "${node.revision.file ?? ''}".`,
    });
  }
  if (onto === null || reach(graph.nodes.length, [node], 'followers')[onto.index] !== 1) return;
  const relation = onto === node ? 'itself' : `"${onto.id}", which comes behind it`;
  throw new AludelError('ALUDEL_USAGE', `Revision "${node.id}" cannot be put on ${relation}.`, {
    hint: onto === node ? 'Name another revision.' : `Did you mean "aludel rebase ${onto.id} --onto ${node.id}"?`,
  });
}

async function refuseApplied(project: Project, node: RevisionNode): Promise<boolean> {
  const { graph } = project;
  const rows = await readRowsIfReachable(project);
  if (rows === null) return false;
  const current = rows.flatMap((id) => graph.byId.get(id) ?? []);
  if (reach(graph.nodes.length, current, 'requires')[node.index] !== 1) return true;
  throw new AludelError('ALUDEL_REVISION_APPLIED', `The database has applied "${node.id}" as its file says now.`, {
    hint:
      `If no other database has, run "aludel downgrade ${node.parents[0]?.id ?? 'base'}" first; ` +
      `otherwise join the branches with "aludel merge heads".`,
    details: { revision: node.id, database: rows },
  });
}
