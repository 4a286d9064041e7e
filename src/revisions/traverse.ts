import type { RevisionNode } from './revision.js';

/** An edge to follow: `parents`, `requires` and `dependencies` lead down, `children` and `followers` up. */
export type Edge = 'parents' | 'requires' | 'children' | 'followers';

/** A set of nodes of one graph as one byte a node, indexed by load order. */
export type NodeSet = Uint8Array;

/** Marks the starts and everything that can be reached from them over one kind of edge. */
export function reach(size: number, starts: Iterable<RevisionNode>, edge: Edge, into?: NodeSet): NodeSet {
  const marks = into ?? new Uint8Array(size);
  const todo: RevisionNode[] = [];
  for (const start of starts) {
    if (marks[start.index] === 1) continue;
    marks[start.index] = 1;
    todo.push(start);
  }
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const next of node[edge]) {
      if (marks[next.index] === 1) continue;
      marks[next.index] = 1;
      todo.push(next);
    }
  }
  return marks;
}

/** Marks the lineage of the starts: they, their ancestors and their descendants. */
export function lineage(
  size: number,
  starts: readonly RevisionNode[],
  options: { readonly withDependencies?: boolean } = {},
): NodeSet {
  const marks = reach(size, starts, options.withDependencies === true ? 'requires' : 'parents');
  const above = reach(size, starts, options.withDependencies === true ? 'followers' : 'children');
  for (let index = 0; index < size; index++) if (above[index] === 1) marks[index] = 1;
  return marks;
}

/** Finds two of the nodes of which one is an ancestor of the other (dependencies count), or null. */
export function findOverlap(
  size: number,
  nodes: readonly RevisionNode[],
): { readonly upper: RevisionNode; readonly lower: RevisionNode } | null {
  if (nodes.length < 2) return null;
  const below = reach(
    size,
    nodes.flatMap((node) => node.requires),
    'requires',
  );
  const lower = nodes.find((node) => below[node.index] === 1);
  if (lower === undefined) return null;
  const above = reach(size, lower.followers, 'followers');
  const upper = nodes.find((node) => above[node.index] === 1);
  return upper === undefined ? null : { upper, lower };
}
