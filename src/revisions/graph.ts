/**
 * The revision graph: every file of the folder with its parents, children, dependencies and labels resolved. Built in
 * time linear in its size and never changed afterwards; load order is kept, because it breaks ties between branches.
 */
import { AludelError } from '../errors.js';
import { cycleError, findCycle } from './find-cycle.js';
import { findNearestId } from './nearest-id.js';
import { pruneDependencies } from './prune-dependencies.js';
import type { Revision, RevisionNode } from './revision.js';
import { checkNames } from './check-names.js';

export interface RevisionGraph {
  /** Every revision in load order. */
  readonly nodes: readonly RevisionNode[];
  readonly byId: ReadonlyMap<string, RevisionNode>;
  /** Branch label to the revision that declares it. */
  readonly byLabel: ReadonlyMap<string, RevisionNode>;
  /** Revisions that no other one names as its parent. */
  readonly heads: readonly RevisionNode[];
  /** Ids whose files were squashed to the revision that has them in `replaces` now. */
  readonly bySquashed: ReadonlyMap<string, RevisionNode>;
  /** Revisions that no other one names as its parent or depends on. */
  readonly effectiveHeads: readonly RevisionNode[];
  /** Revisions without a parent. */
  readonly bases: readonly RevisionNode[];
}

/** A node while its graph is being built. */
interface MutableNode extends Omit<RevisionNode, Neighbours> {
  rank: number;
  parents: MutableNode[];
  dependencies: MutableNode[];
  requires: readonly RevisionNode[];
  children: MutableNode[];
  followers: MutableNode[];
}

type Neighbours = 'rank' | 'parents' | 'dependencies' | 'requires' | 'children' | 'followers';

/**
 * Builds the graph from revisions in load order (file name order).
 * Throws ALUDEL_REVISION_INVALID (a name that no identifier could say), ALUDEL_REVISION_DUPLICATE,
 * ALUDEL_REVISION_MISSING_PARENT and ALUDEL_REVISION_CYCLE, each naming the files.
 */
export function buildGraph(revisions: readonly Revision[]): RevisionGraph {
  const byId = new Map<string, MutableNode>();
  const byLabel = new Map<string, MutableNode>();
  const nodes: MutableNode[] = [];
  for (const revision of revisions) {
    checkNames(revision);
    const twin = byId.get(revision.id);
    if (twin !== undefined) throw duplicateError('revision id', revision.id, twin.revision, revision);
    const node = makeNode(revision, nodes.length);
    nodes.push(node);
    byId.set(revision.id, node);
  }
  for (const node of nodes) {
    for (const label of node.revision.branchLabels) {
      const twin = byId.get(label) ?? byLabel.get(label);
      if (twin !== undefined) throw duplicateError('branch label', label, twin.revision, node.revision);
      byLabel.set(label, node);
    }
  }
  const bySquashed = findSquashed(nodes, byId);
  for (const node of nodes) connect(node, byId, byLabel, bySquashed);
  const cycle = findCycle(nodes);
  if (cycle !== null) throw cycleError(cycle);
  pruneDependencies(nodes);
  return {
    nodes,
    byId,
    byLabel,
    bySquashed,
    heads: nodes.filter((node) => node.children.length === 0),
    effectiveHeads: nodes.filter((node) => node.followers.length === 0),
    bases: nodes.filter((node) => node.parents.length === 0),
  };
}

/** True when these are the revisions that a database is at when nothing is left to run. */
export function areEffectiveHeads(graph: RevisionGraph, ids: readonly string[]): boolean {
  const heads = new Set(graph.effectiveHeads.map((node) => node.id));
  return heads.size === ids.length && ids.every((id) => heads.has(id));
}

/** Names for "did you mean": every id and label. */
export function* knownNames(graph: RevisionGraph): Generator<string> {
  yield* graph.byId.keys();
  yield* graph.byLabel.keys();
}

/** Shared by every node without neighbours of a kind, and never written to: most lists have none or one entry. */
const NONE: MutableNode[] = [];

function append(list: MutableNode[], node: MutableNode): MutableNode[] {
  if (list.length === 0) return [node];
  list.push(node);
  return list;
}

function makeNode(revision: Revision, index: number): MutableNode {
  return {
    id: revision.id,
    revision,
    index,
    rank: index,
    parents: NONE,
    dependencies: NONE,
    requires: NONE,
    children: NONE,
    followers: NONE,
  };
}

function connect(
  node: MutableNode,
  byId: ReadonlyMap<string, MutableNode>,
  byLabel: ReadonlyMap<string, MutableNode>,
  bySquashed: ReadonlyMap<string, MutableNode>,
): void {
  for (const id of withoutRepeats(node.revision.down)) {
    const parent = byId.get(id);
    if (parent === undefined) {
      // A label names a whole branch, which can be depended on but is no parent.
      throw missingError('parent', id, node.revision, byId.keys(), (byLabel.get(id) ?? bySquashed.get(id))?.id);
    }
    node.parents = append(node.parents, parent);
    parent.children = append(parent.children, node);
    parent.followers = append(parent.followers, node);
  }
  for (const name of withoutRepeats(node.revision.dependsOn)) {
    const dependency = byId.get(name) ?? byLabel.get(name);
    if (dependency === undefined) {
      const known = [...byId.keys(), ...byLabel.keys()];
      throw missingError('dependency', name, node.revision, known, bySquashed.get(name)?.id);
    }
    // A label and an id can stand for the same revision.
    if (node.dependencies.includes(dependency)) continue;
    node.dependencies = append(node.dependencies, dependency);
    if (!node.parents.includes(dependency)) dependency.followers = append(dependency.followers, node);
  }
}

function findSquashed(
  nodes: readonly MutableNode[],
  byId: ReadonlyMap<string, MutableNode>,
): ReadonlyMap<string, MutableNode> {
  const bySquashed = new Map<string, MutableNode>();
  for (const node of nodes) {
    for (const id of node.revision.replaces ?? []) {
      // What was squashed must not run a second time.
      const twin = byId.get(id) ?? bySquashed.get(id);
      if (twin !== undefined) throw duplicateError('revision id', id, twin.revision, node.revision);
      bySquashed.set(id, node);
    }
  }
  return bySquashed;
}

function withoutRepeats(names: readonly string[]): Iterable<string> {
  return names.length < 2 ? names : new Set(names);
}

function describe(revision: Revision): string {
  return revision.file === null ? `revision "${revision.id}"` : `"${revision.file}"`;
}

function duplicateError(what: string, name: string, first: Revision, second: Revision): AludelError {
  return new AludelError(
    'ALUDEL_REVISION_DUPLICATE',
    `The ${what} "${name}" is declared twice: in ${describe(first)} and in ${describe(second)}.`,
    {
      hint: `Change the ${what} in one of the two files, and every reference to it, then run "aludel history".`,
      details: { name, files: [first.file, second.file], revisions: [first.id, second.id] },
    },
  );
}

function missingError(
  what: string,
  name: string,
  revision: Revision,
  known: Iterable<string>,
  meant?: string,
): AludelError {
  const nearest = meant ?? findNearestId(name, known);
  const key = what === 'parent' ? 'downRevision' : 'dependsOn';
  return new AludelError(
    'ALUDEL_REVISION_MISSING_PARENT',
    `${describe(revision).replace(/^r/u, 'R')} names the ${what} "${name}", and no file declares it.`,
    {
      hint:
        nearest === null
          ? `Bring the file of "${name}" back, or change ${key} in ${describe(revision)}.`
          : `Did you mean "${nearest}"? Change ${key} in ${describe(revision)}, or bring the file of "${name}" back.`,
      details: { name, nearest, file: revision.file, revision: revision.id },
    },
  );
}
