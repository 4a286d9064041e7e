/**
 * The order in which selected revisions are walked down: along one branch as far as it goes, all branches ended at
 * their branch point before the walk goes below it, ties in load order. The result is that of Alembic's
 * `RevisionMap._topological_sort` (MIT), which keeps the set of ancestors of every open branch; here each node counts
 * the open nodes right above it, so the cost of a walk stays linear but for the search of a blocking branch.
 */
import type { RevisionGraph } from './graph.js';
import type { RevisionNode } from './revision.js';
import type { NodeSet } from './traverse.js';

/** Sorts the selected nodes so that each comes before everything it needs, starting at `heads`. */
export function sortNewestFirst(
  graph: RevisionGraph,
  selected: NodeSet,
  heads: readonly RevisionNode[],
): readonly RevisionNode[] {
  const todo = selected.slice();
  let remaining = 0;
  for (const mark of todo) remaining += mark;
  const output: RevisionNode[] = [];
  let starts = [...new Set(heads)].filter((node) => todo[node.index] === 1);
  while (remaining > output.length) {
    const before = output.length;
    walkDown(graph, todo, starts, output);
    if (remaining === output.length) break;
    // A selection with gaps (a range that follows parents only) can leave parts that no head leads to.
    starts = findTops(graph, todo);
    if (output.length === before && starts.length === 0) break;
  }
  return output;
}

function walkDown(graph: RevisionGraph, todo: NodeSet, starts: readonly RevisionNode[], output: RevisionNode[]): void {
  const slots = starts.toSorted((a, b) => a.index - b.index);
  const isOpen = new Uint8Array(graph.nodes.length);
  for (const node of slots) isOpen[node.index] = 1;
  const above = countAbove(graph, slots);
  const findBlocker = makeBlockerSearch(graph);
  let current = 0;
  for (let node = slots[current]; node !== undefined; node = slots[current]) {
    if ((above[node.index] ?? 0) > 0) {
      current = findBlocker(slots, node);
      continue;
    }
    output.push(node);
    todo[node.index] = 0;
    const next = node.requires.filter((below) => todo[below.index] === 1 && isOpen[below.index] === 0);
    const [first, ...rest] = next;
    if (first === undefined) {
      slots.splice(current, 1);
      current = Math.max(current - 1, 0);
    } else {
      slots[current] = first;
      slots.push(...rest);
      for (const opened of next) isOpen[opened.index] = 1;
    }
    isOpen[node.index] = 0;
    release(node, above, isOpen);
  }
}

/** For every node, the number of open nodes right above it: open are the slots and all that they need. */
function countAbove(graph: RevisionGraph, slots: readonly RevisionNode[]): Int32Array {
  const above = new Int32Array(graph.nodes.length);
  const seen = new Uint8Array(graph.nodes.length);
  const stack = [...slots];
  for (const node of slots) seen[node.index] = 1;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const below of node.requires) {
      above[below.index] = (above[below.index] ?? 0) + 1;
      if (seen[below.index] === 1) continue;
      seen[below.index] = 1;
      stack.push(below);
    }
  }
  return above;
}

/** Takes a node out of the count; what nothing holds open any more goes with it. */
function release(node: RevisionNode, above: Int32Array, isOpen: Uint8Array): void {
  const stack = [node];
  for (let gone = stack.pop(); gone !== undefined; gone = stack.pop()) {
    for (const below of gone.requires) {
      const count = (above[below.index] ?? 0) - 1;
      above[below.index] = count;
      if (count === 0 && isOpen[below.index] === 0) stack.push(below);
    }
  }
}

/** The first slot that needs the node; a node seen once in a search is not entered again by later slots. */
function makeBlockerSearch(graph: RevisionGraph): (slots: readonly RevisionNode[], wanted: RevisionNode) => number {
  const visited = new Int32Array(graph.nodes.length);
  let round = 0;
  return (slots, wanted) => {
    round++;
    const stack: RevisionNode[] = [];
    for (const [slot, start] of slots.entries()) {
      if (start === wanted || start.rank < wanted.rank) continue;
      stack.push(start);
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        for (const below of node.requires) {
          if (below === wanted) return slot;
          if (below.rank < wanted.rank || visited[below.index] === round) continue;
          visited[below.index] = round;
          stack.push(below);
        }
      }
    }
    throw new Error(`unreachable: nothing blocks revision "${wanted.id}"`);
  };
}

function findTops(graph: RevisionGraph, todo: NodeSet): RevisionNode[] {
  const left = graph.nodes.filter((node) => todo[node.index] === 1);
  const above = countAbove(graph, left);
  return left.filter((node) => above[node.index] === 0);
}
