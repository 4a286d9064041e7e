/** From a request and the version rows to the steps, without a database. */
import type { RevisionGraph } from './graph.js';
import { resolveRows } from './resolve.js';
import type { RevisionNode } from './revision.js';
import { selectDowngrade, selectUpgrade } from './select.js';
import { sortNewestFirst } from './sort-newest-first.js';
import { applyRowChanges, replaceRows, spreadRow, type RevisionStep, type RowChange } from './steps.js';
import { resolveDowngradeTarget, resolveUpgradeTargets } from './targets.js';
import { reach } from './traverse.js';

/**
 * Plans the upgrade from the version rows `currentHeads` to one or several targets; no step when already there.
 * Throws ALUDEL_USAGE, ALUDEL_MULTIPLE_HEADS, ALUDEL_REVISION_NOT_FOUND, ALUDEL_REVISION_RANGE and
 * ALUDEL_REVISION_UNKNOWN_IN_DATABASE.
 */
export function planUpgrade(
  graph: RevisionGraph,
  target: string | readonly string[],
  currentHeads: readonly string[],
): RevisionStep[] {
  const current = resolveRows(graph, currentHeads);
  const texts = typeof target === 'string' ? [target] : target;
  const targets = new Set(texts.flatMap((text) => resolveUpgradeTargets(graph, text, current, { clip: false })));
  const lower = { nodes: current, label: null, text: 'where the database is' };
  const { selected, heads } = selectUpgrade(graph, [...targets], lower, { implicitBase: true });
  const rows = new Set(current.map((node) => node.id));
  return sortNewestFirst(graph, selected, heads)
    .toReversed()
    .map((node) => {
      const consumed = node.requires.filter((below) => rows.has(below.id)).map((below) => below.id);
      return makeStep('upgrade', node, replaceRows(consumed, node.id), rows);
    });
}

/** Plans the downgrade from the version rows to one target. Throws as `planUpgrade` does. */
export function planDowngrade(graph: RevisionGraph, target: string, currentHeads: readonly string[]): RevisionStep[] {
  const current = resolveRows(graph, currentHeads);
  const resolved = resolveDowngradeTarget(graph, target, current, { clip: false });
  const { selected, heads } = selectDowngrade(graph, current, resolved);
  const order = sortNewestFirst(graph, selected, heads);
  if (order.length === 0) return [];
  const active = reach(graph.nodes.length, current, 'requires');
  const activeAbove = countActiveFollowers(graph, active);
  const rows = new Set(current.map((node) => node.id));
  return order.map((node) => {
    active[node.index] = 0;
    for (const below of [...node.parents, ...node.dependencies.filter((other) => !node.parents.includes(other))]) {
      activeAbove[below.index] = (activeAbove[below.index] ?? 0) - 1;
    }
    // A row is due for each revision below that nothing applied stands for any more.
    const due = node.requires.filter((below) => activeAbove[below.index] === 0 && !rows.has(below.id));
    const changes = spreadRow(
      node.id,
      due.map((below) => below.id),
    );
    return makeStep('downgrade', node, changes, rows);
  });
}

function makeStep(
  direction: 'upgrade' | 'downgrade',
  node: RevisionNode,
  changes: readonly RowChange[],
  rows: Set<string>,
): RevisionStep {
  applyRowChanges(rows, changes);
  return { kind: 'revision', direction, revision: node.revision, rows: changes };
}

function countActiveFollowers(graph: RevisionGraph, active: Uint8Array): Int32Array {
  const count = new Int32Array(graph.nodes.length);
  for (const node of graph.nodes) {
    for (const above of node.followers) count[node.index] = (count[node.index] ?? 0) + (active[above.index] ?? 0);
  }
  return count;
}
