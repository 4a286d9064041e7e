import { AludelError } from '../errors.js';
import type { RevisionNode } from './revision.js';

/** A circle of revisions, each needing the next one and the last one the first. */
export interface Cycle {
  readonly nodes: readonly RevisionNode[];
  /** `parents`: by `downRevision` alone; `dependencies`: at least one step is a `dependsOn`. */
  readonly through: 'parents' | 'dependencies';
}

type Ranked = { -readonly [K in keyof RevisionNode]: RevisionNode[K] };

/** Finds a circle, one of parents before one of dependencies, or gives every node its topological `rank`. */
export function findCycle(nodes: readonly Ranked[]): Cycle | null {
  const parents = rankNodes(nodes, (node) => node.parents);
  if (parents !== null) return { nodes: parents, through: 'parents' };
  if (!nodes.some((node) => node.dependencies.length > 0)) return null;
  const all = rankNodes(nodes, needsOf(nodes));
  return all === null ? null : { nodes: all, through: 'dependencies' };
}

export function cycleError(cycle: Cycle): AludelError {
  const ids = cycle.nodes.map((node) => node.id);
  const key = cycle.through === 'parents' ? 'downRevision' : 'downRevision and dependsOn';
  const files = cycle.nodes.map((node) => node.revision.file);
  const [only] = ids;
  const message =
    ids.length === 1
      ? `Revision "${only}" needs itself (${cycle.through === 'parents' ? 'downRevision' : 'dependsOn'}).`
      : `Revisions need each other in a circle (${key}): ${[...ids, only].map((id) => `"${id}"`).join(' -> ')}.`;
  const named = files.filter((file) => file !== null);
  return new AludelError('ALUDEL_REVISION_CYCLE', message, {
    hint:
      named.length === 0
        ? `Change ${key} of one of them so that the circle opens.`
        : `Change ${key} in one of these files: ${named.map((file) => `"${file}"`).join(', ')}.`,
    details: { revisions: ids, files, through: cycle.through },
  });
}

/** Parents and dependencies of each node, joined once. */
function needsOf(nodes: readonly RevisionNode[]): (node: RevisionNode) => readonly RevisionNode[] {
  const needs = nodes.map((node) =>
    node.dependencies.length === 0 ? node.parents : [...node.parents, ...node.dependencies],
  );
  return (node) => needs[node.index] ?? [];
}

/** Depth-first walk without recursion (10,000 revisions in a line would overflow the stack). */
function rankNodes(
  nodes: readonly Ranked[],
  below: (node: RevisionNode) => readonly RevisionNode[],
): readonly RevisionNode[] | null {
  const state = new Uint8Array(nodes.length);
  const rank = new Int32Array(nodes.length);
  /** For each node on the path, how many of those below it have been entered. */
  const cursor = new Int32Array(nodes.length);
  const path: RevisionNode[] = [];
  let ranked = 0;
  for (const start of nodes) {
    if (state[start.index] !== 0) continue;
    state[start.index] = 1;
    path.push(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const position = cursor[top.index] ?? 0;
      const next = below(top)[position];
      if (next === undefined) {
        state[top.index] = 2;
        rank[top.index] = ranked++;
        path.pop();
        continue;
      }
      cursor[top.index] = position + 1;
      if (state[next.index] === 1) return path.slice(path.indexOf(next));
      if (state[next.index] === 0) {
        state[next.index] = 1;
        path.push(next);
      }
    }
  }
  for (const node of nodes) node.rank = rank[node.index] ?? 0;
  return null;
}
