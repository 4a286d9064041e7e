import type { RevisionGraph } from './graph.js';
import { parseIdentifier } from './parse-identifier.js';
import { lineageOfBranch, resolveRevisions, resolveRows, walk } from './resolve.js';
import type { RevisionNode } from './revision.js';
import { tooFarError } from './select.js';
import { applyRowChanges, replaceRows, type RowChange, type StampStep } from './steps.js';
import { lineage, reach } from './traverse.js';

/**
 * Plans to write targets into the version table without running a revision: rows of the same lineage move or merge,
 * other branches keep theirs. `base` (or `label@base`) takes the rows away. Throws as `planUpgrade` does.
 * `purge` counts the rows as gone: the runner empties the table first, in the same transaction.
 */
export function planStamp(
  graph: RevisionGraph,
  target: string | readonly string[],
  currentHeads: readonly string[],
  options: { readonly purge?: boolean } = {},
): StampStep[] {
  const current = options.purge === true ? [] : resolveRows(graph, currentHeads);
  const targets = (typeof target === 'string' ? [target] : target).map((text) => resolveStampTarget(graph, text));
  const touched = current.filter((node) =>
    targets.some(({ members }) => members === null || members[node.index] === 1),
  );
  const places = targets.flatMap(({ nodes }): (RevisionNode | null)[] => (nodes.length === 0 ? [null] : [...nodes]));
  const rows = new Set(current.map((node) => node.id));
  return places.flatMap((place) => {
    if (place === null) return leaveBranches(touched, rows);
    if (touched.includes(place)) return [];
    return [moveTo(graph, place, touched, rows)];
  });
}

interface StampTarget {
  /** None for base. */
  readonly nodes: readonly RevisionNode[];
  /** The revisions whose rows the stamp may change; null = all. */
  readonly members: Uint8Array | null;
}

function resolveStampTarget(graph: RevisionGraph, text: string): StampTarget {
  const identifier = parseIdentifier(text);
  let nodes: readonly RevisionNode[];
  if (identifier.symbol !== null && identifier.steps !== 0) {
    const [start] = resolveRevisions(graph, { ...identifier, steps: 0 });
    const place = walk(graph, start ?? 'base', identifier.steps, { label: identifier.label });
    if (place === null) throw tooFarError(identifier, 'the graph ends before');
    nodes = place === 'base' ? [] : [place];
  } else {
    nodes = resolveRevisions(graph, identifier);
  }
  if (nodes.length > 0) return { nodes, members: lineage(graph.nodes.length, nodes, { withDependencies: true }) };
  return {
    nodes,
    members: identifier.label === null ? null : lineageOfBranch(graph, identifier.label),
  };
}

function leaveBranches(touched: readonly RevisionNode[], rows: Set<string>): StampStep[] {
  return touched
    .filter((node) => rows.has(node.id))
    .map((node) => {
      const changes: RowChange[] = [{ kind: 'delete', id: node.id }];
      return makeStamp({ direction: 'downgrade', from: [node.id], to: [], isBranchMove: true, rows: changes }, rows);
    });
}

function moveTo(
  graph: RevisionGraph,
  place: RevisionNode,
  touched: readonly RevisionNode[],
  rows: Set<string>,
): StampStep {
  const above = reach(graph.nodes.length, [place], 'followers');
  const below = reach(graph.nodes.length, [place], 'requires');
  const isDown = touched.some((node) => above[node.index] === 1);
  const isUp = !isDown && touched.some((node) => below[node.index] === 1);
  // Only rows of this target's own lineage move: another target of the same request may need the others.
  const from = touched.filter((node) => above[node.index] === 1 || below[node.index] === 1).map((node) => node.id);
  return makeStamp(
    {
      direction: isDown ? 'downgrade' : 'upgrade',
      from,
      to: [place.id],
      isBranchMove: !isDown && !isUp,
      rows: rows.has(place.id)
        ? []
        : replaceRows(
            from.filter((id) => rows.has(id)),
            place.id,
          ),
    },
    rows,
  );
}

function makeStamp(step: Omit<StampStep, 'kind'>, rows: Set<string>): StampStep {
  applyRowChanges(rows, step.rows);
  return { kind: 'stamp', ...step };
}
