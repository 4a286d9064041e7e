/** Which revisions a squash takes together, or why they cannot be one. */
import { AludelError } from '../errors.js';
import type { RevisionGraph } from './graph.js';
import { parseRange } from './parse-identifier.js';
import { resolvePlace } from './resolve.js';
import type { RevisionNode } from './revision.js';
import { quoteIds, rangeError } from './revision-errors.js';
import { reach } from './traverse.js';

export interface SquashSelection {
  /** In the order in which they run; the last one gives its id to the squashed revision. */
  readonly nodes: readonly RevisionNode[];
  readonly last: RevisionNode;
  /** What the first ones come behind. */
  readonly parents: readonly RevisionNode[];
  /** What any of them depends on outside of them. */
  readonly dependencies: readonly RevisionNode[];
}

/**
 * The revisions from the first to the last of a range, both included; `:b` begins at the base.
 * @throws AludelError ALUDEL_USAGE, ALUDEL_REVISION_RANGE, ALUDEL_REVISION_NOT_FOUND, ALUDEL_MULTIPLE_HEADS.
 */
export function selectSquash(graph: RevisionGraph, range: string): SquashSelection {
  const { from, to } = parseRange(range);
  const size = graph.nodes.length;
  const first = from === null ? 'base' : resolvePlace(graph, from);
  const last = resolvePlace(graph, to ?? 'head');
  if (last === 'base') throw tooFewError(range);
  const below = reach(size, [last], 'parents');
  const above = first === 'base' ? null : reach(size, [first], 'children');
  if (first !== 'base' && below[first.index] !== 1) {
    throw rangeError('not-ancestor', `"${first.id}" is not below "${last.id}".`, 'Write the older one first.', {
      from: first.id,
      to: last.id,
    });
  }
  const nodes = graph.nodes
    .filter(({ index }) => below[index] === 1 && (above === null || above[index] === 1))
    .toSorted((a, b) => a.rank - b.rank);
  if (nodes.length < 2) throw tooFewError(range);
  const members = new Set(nodes);
  for (const node of nodes) refuseLooseEnd(node, { first, last, members });
  const parents = first === 'base' ? [] : first.parents;
  const outside = nodes.flatMap((node) => node.dependencies).filter((node) => !members.has(node));
  return { nodes, last, parents, dependencies: [...new Set(outside)].filter((node) => !parents.includes(node)) };
}

interface Shape {
  readonly first: RevisionNode | 'base';
  readonly last: RevisionNode;
  readonly members: ReadonlySet<RevisionNode>;
}

/** A database may stand wherever an edge leaves the range, and would have applied half of the new revision there. */
function refuseLooseEnd(node: RevisionNode, { first, last, members }: Shape): void {
  const parent = node === first ? undefined : node.parents.find((other) => !members.has(other));
  if (parent !== undefined) {
    throw shapeError(`"${node.id}" also comes behind "${parent.id}", which is not in the range.`, [node, parent]);
  }
  const follower = node === last ? undefined : node.followers.find((other) => !members.has(other));
  if (follower === undefined) return;
  const relation = follower.parents.includes(node) ? 'comes behind' : 'depends on';
  throw shapeError(`"${follower.id}", which is not in the range, ${relation} "${node.id}".`, [node, follower]);
}

function shapeError(problem: string, nodes: readonly RevisionNode[]): AludelError {
  const ids = nodes.map(({ id }) => id);
  return new AludelError('ALUDEL_USAGE', `These revisions cannot become one: ${problem}`, {
    hint: `Squash what lies before "${ids[0]}" and what lies behind it, each for itself; "aludel history --graph" shows how.`,
    details: { revisions: ids },
  });
}

function tooFewError(range: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `"${range}" is not two revisions or more.`, {
    hint: 'Write FIRST:LAST; both are included, and ":LAST" begins at the base.',
  });
}

/** @throws AludelError ALUDEL_REVISION_APPLIED when the database stands in the middle. */
export function refuseHalfApplied({ nodes, last }: SquashSelection, rows: readonly string[]): void {
  const inside = nodes.filter((node) => node !== last && rows.includes(node.id)).map(({ id }) => id);
  if (inside.length === 0) return;
  throw new AludelError(
    'ALUDEL_REVISION_APPLIED',
    `The database is at ${quoteIds(inside)}, in the middle of the range.`,
    {
      hint: `Run "aludel upgrade ${last.id}" first, on every database that is not there yet.`,
      details: { revisions: inside },
    },
  );
}
