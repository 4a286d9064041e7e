/**
 * Which branch labels hold for a revision: a label goes up to every versioned descendant, and down to the branch point
 * as long as the branch above is one plain line (as Alembic spreads them).
 */
import type { RevisionGraph } from './graph.js';
import type { RevisionNode } from './revision.js';
import { reach, type NodeSet } from './traverse.js';

const known = new WeakMap<RevisionGraph, readonly (readonly string[])[]>();

/** The labels of a revision, declared and inherited, sorted by name. All are worked out at the first call. */
export function labelsOf(graph: RevisionGraph, node: RevisionNode): readonly string[] {
  let labels = known.get(graph);
  if (labels === undefined) {
    labels = spreadLabels(graph);
    known.set(graph, labels);
  }
  return labels[node.index] ?? [];
}

/** Every revision that a label holds for. */
export function membersOfLabel(graph: RevisionGraph, declarer: RevisionNode): NodeSet {
  const members = reach(graph.nodes.length, [declarer], 'children');
  for (const node of ancestorsInLine(declarer)) members[node.index] = 1;
  return members;
}

function spreadLabels(graph: RevisionGraph): readonly (readonly string[])[] {
  const labels: (readonly string[])[] = Array.from({ length: graph.nodes.length }, () => []);
  if (graph.byLabel.size === 0) return labels;
  const add = (node: RevisionNode, more: readonly string[]): void => {
    const present = labels[node.index] ?? [];
    const missing = more.filter((label) => !present.includes(label));
    if (missing.length > 0) labels[node.index] = present.length === 0 ? more : [...present, ...missing].toSorted();
  };
  // Parents come first, so each revision hands on all that it has; a plain line shares one array.
  for (const node of graph.nodes.toSorted((a, b) => a.rank - b.rank)) {
    for (const parent of node.parents) add(node, labels[parent.index] ?? []);
    if (node.revision.branchLabels.length > 0) add(node, node.revision.branchLabels.toSorted());
  }
  for (const node of graph.nodes) {
    if (node.revision.branchLabels.length === 0) continue;
    for (const ancestor of ancestorsInLine(node)) add(ancestor, node.revision.branchLabels.toSorted());
  }
  return labels;
}

function ancestorsInLine(declarer: RevisionNode): readonly RevisionNode[] {
  for (let node: RevisionNode | undefined = declarer; node !== undefined; [node] = node.children) {
    if (endsLine(node)) return [];
  }
  const ancestors: RevisionNode[] = [];
  for (let [node] = declarer.parents; node !== undefined && !endsLine(node); [node] = node.parents) {
    ancestors.push(node);
  }
  return ancestors;
}

function endsLine(node: RevisionNode): boolean {
  return node.followers.length > 1 || node.parents.length > 1;
}
