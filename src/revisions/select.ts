/** Which revisions a request touches. The rules are Alembic's `_collect_upgrade_revisions` and its downgrade twin. */
import type { RevisionGraph } from './graph.js';
import { membersOfLabel } from './labels.js';
import type { Identifier } from './parse-identifier.js';
import { resolveBranch, walk, type Place } from './resolve.js';
import type { RevisionNode } from './revision.js';
import { quoteIds, rangeError } from './revision-errors.js';
import { findOverlap, lineage, reach, type NodeSet } from './traverse.js';

export interface Selection {
  readonly selected: NodeSet;
  /** Where the walk down starts. */
  readonly heads: readonly RevisionNode[];
}

export interface SelectOptions {
  /** Keep the lower end itself. Default false. */
  readonly inclusive?: boolean;
  /** Also take what lies below other bases and dependencies. Default false. */
  readonly implicitBase?: boolean;
}

/** The lower end of a range: revisions, and the branch it was said with. */
export interface LowerEnd {
  readonly nodes: readonly RevisionNode[];
  readonly label: string | null;
  /** For messages. */
  readonly text: string;
}

/** What `targets` need beyond what the lower end has. Throws ALUDEL_REVISION_RANGE. */
export function selectUpgrade(
  graph: RevisionGraph,
  targets: readonly RevisionNode[],
  lower: LowerEnd,
  options: SelectOptions = {},
): Selection {
  const size = graph.nodes.length;
  const heads = lower.label === null ? targets : targetsOfBranch(graph, targets, lower.label);
  checkOverlap(size, heads, 'requested');
  const selected = reach(size, heads, 'requires');
  const outside = lower.nodes.find((node) => selected[node.index] !== 1);
  if (options.implicitBase !== true && outside !== undefined) {
    const upper = targets.length === 0 ? 'base' : quoteIds(targets.map((node) => node.id));
    throw rangeError(
      'not-ancestor',
      `Revision "${outside.id}" (${lower.text}) is not an ancestor of ${upper}.`,
      `Swap the ends, or run "aludel history" to see how the revisions lie.`,
      { lower: outside.id, upper: targets.map((node) => node.id) },
    );
  }
  checkOverlap(size, lower.nodes, 'current');
  const applied = reach(size, lower.nodes, 'requires');
  for (let index = 0; index < size; index++) if (applied[index] === 1) selected[index] = 0;
  if (options.inclusive === true) for (const node of lower.nodes) selected[node.index] = 1;
  if (lower.nodes.length > 0 && options.implicitBase !== true) {
    const above = reach(size, lower.nodes, 'children');
    for (let index = 0; index < size; index++) if (above[index] !== 1) selected[index] = 0;
  }
  return { selected, heads };
}

/** What must be undone, newest first, to get from the `current` revisions to the target. */
export function selectDowngrade(
  graph: RevisionGraph,
  current: readonly RevisionNode[],
  target: { readonly place: Place; readonly label: string | null; readonly text: string },
  options: SelectOptions = {},
): Selection {
  const size = graph.nodes.length;
  const roots = filterRoots(graph, rootsAbove(graph, target.place, options.inclusive === true), target);
  const selected = reach(size, roots, 'followers');
  const active = reach(size, current, 'requires');
  let count = 0;
  for (let index = 0; index < size; index++) {
    if (active[index] !== 1) selected[index] = 0;
    else count += selected[index] ?? 0;
  }
  if (options.implicitBase === true) {
    const kept = reach(size, roots, 'requires');
    for (let index = 0; index < size; index++) {
      if (active[index] !== 1 || kept[index] === 1 || selected[index] === 1) continue;
      selected[index] = 1;
      count++;
    }
  }
  if (target.place !== 'base' && count === 0 && !current.includes(target.place)) {
    const from = current.length === 0 ? 'base' : quoteIds(current.map((node) => node.id));
    const isApplied = active[target.place.index] === 1;
    throw rangeError(
      'not-ancestor',
      isApplied
        ? `There is nothing to downgrade above "${target.place.id}": the database is at ${from}, and only dependencies lead there.`
        : `The database is at ${from}, and "${target.place.id}" is not below that.`,
      'Run "aludel current" and "aludel history" to see where the database stands.',
      { target: target.place.id, current: current.map((node) => node.id) },
    );
  }
  return { selected, heads: current };
}

function rootsAbove(graph: RevisionGraph, place: Place, inclusive: boolean): readonly RevisionNode[] {
  if (place === 'base') return graph.bases;
  return inclusive ? [place] : place.children;
}

function filterRoots(
  graph: RevisionGraph,
  roots: readonly RevisionNode[],
  target: { readonly label: string | null; readonly text: string },
): readonly RevisionNode[] {
  if (target.label === null || roots.length < 2) return roots;
  const ancestors = reach(graph.nodes.length, [resolveBranch(graph, target.label)], 'parents');
  const kept = roots.filter((node) => ancestors[node.index] === 1);
  if (kept.length > 0) return kept;
  throw rangeError(
    'branch',
    `"${target.text}" is not a target to downgrade to: the branch "${target.label}" starts at or below it.`,
    'Name the revision without a branch, or run "aludel history" to see the branches.',
    { label: target.label },
  );
}

/** Only the targets on the branch that the lower end names (`label@base` up to `heads`). */
function targetsOfBranch(
  graph: RevisionGraph,
  targets: readonly RevisionNode[],
  label: string,
): readonly RevisionNode[] {
  const branch = resolveBranch(graph, label);
  const declared = graph.byLabel.has(label);
  // A revision may stand for its branch; its lineage is the branch when it carries no label of its own.
  const members = declared ? membersOfLabel(graph, branch) : lineage(graph.nodes.length, [branch]);
  return targets.filter((node) => members[node.index] === 1);
}

function checkOverlap(size: number, nodes: readonly RevisionNode[], what: 'requested' | 'current'): void {
  const overlap = findOverlap(size, nodes);
  if (overlap === null) return;
  const { upper, lower } = overlap;
  throw rangeError(
    'overlap',
    what === 'requested'
      ? `The requested revisions "${upper.id}" and "${lower.id}" overlap: the first one needs the second.`
      : `The database is at "${upper.id}" and at "${lower.id}", which the first one needs already.`,
    what === 'requested'
      ? `Leave "${lower.id}" out: "${upper.id}" brings it along.`
      : `If that is so, delete the row "${lower.id}" of the version table; "${upper.id}" stands for both.`,
    { revisions: [upper.id, lower.id] },
  );
}

/** Walks from a named place; a walk that leaves the graph is ALUDEL_REVISION_RANGE unless `clip` is set. */
export function walkOrThrow(
  graph: RevisionGraph,
  start: Place,
  identifier: Identifier,
  options: { readonly label: string | null; readonly clip: boolean },
): Place {
  const place = walk(graph, start, identifier.steps, options);
  if (place !== null) return place;
  const from = start === 'base' ? 'base' : `"${start.id}"`;
  throw tooFarError(
    identifier,
    `there are not that many revisions ${identifier.steps > 0 ? 'above' : 'below'} ${from}`,
  );
}

export function tooFarError(identifier: Identifier, why: string): Error {
  return rangeError(
    'too-far',
    `"${identifier.text}" leads nowhere: ${why}.`,
    'Run "aludel history" to count the revisions, or use "head" or "base".',
    { identifier: identifier.text },
  );
}
