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
  /** Grows from slot to slot and stays with a slot as long as it lives. */
  const keys = slots.map((_, index) => index);
  let lastKey = keys.length - 1;
  const isOpen = new Uint8Array(graph.nodes.length);
  for (const node of slots) isOpen[node.index] = 1;
  const above = countAbove(graph, slots);
  const findBlocker = makeBlockerSearch(graph, slots, keys);
  let current = 0;
  /** The slot that a jump came to: what blocks its node stands behind it. */
  let jumpedTo = -1;
  for (let node = slots[current]; node !== undefined; node = slots[current]) {
    if ((above[node.index] ?? 0) > 0) {
      current = findBlocker(node, jumpedTo + 1);
      jumpedTo = current;
      continue;
    }
    jumpedTo = -1;
    output.push(node);
    todo[node.index] = 0;
    const next = node.requires.filter((below) => todo[below.index] === 1 && isOpen[below.index] === 0);
    const [first, ...rest] = next;
    if (first === undefined) {
      slots.splice(current, 1);
      keys.splice(current, 1);
      current = Math.max(current - 1, 0);
    } else {
      slots[current] = first;
      for (const other of rest) {
        slots.push(other);
        keys.push(++lastKey);
      }
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

/**
 * Finds the first slot that needs a node. What a slot needs only ever shrinks, and new slots come last, so the answer
 * for a node never moves to the front: each search starts where the last one for that node ended. Within a search, a
 * node seen once is not entered again by later slots.
 */
function makeBlockerSearch(
  graph: RevisionGraph,
  slots: readonly RevisionNode[],
  keys: readonly number[],
): (wanted: RevisionNode, from: number) => number {
  const visited = new Int32Array(graph.nodes.length);
  const bounds = new Int32Array(graph.nodes.length);
  let round = 0;
  return (wanted, from) => {
    round++;
    const stack: RevisionNode[] = [];
    const first = Math.max(from, indexOfKey(keys, bounds[wanted.index] ?? 0));
    for (let slot = first; slot < slots.length; slot++) {
      const start = slots[slot];
      if (start === undefined || start.rank <= wanted.rank) continue;
      stack.length = 0;
      stack.push(start);
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        for (const below of node.requires) {
          if (below === wanted) {
            bounds[wanted.index] = keys[slot] ?? 0;
            return slot;
          }
          if (below.rank < wanted.rank || visited[below.index] === round) continue;
          visited[below.index] = round;
          stack.push(below);
        }
      }
    }
    throw new Error(`unreachable: nothing blocks revision "${wanted.id}"`);
  };
}

/** The first position whose key is not below the one given. */
function indexOfKey(keys: readonly number[], key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function findTops(graph: RevisionGraph, todo: NodeSet): RevisionNode[] {
  const left = graph.nodes.filter((node) => todo[node.index] === 1);
  const above = countAbove(graph, left);
  return left.filter((node) => above[node.index] === 0);
}
