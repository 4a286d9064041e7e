/** What the target of an upgrade or a downgrade stands for, given the revisions that the database is at. */
import type { RevisionGraph } from './graph.js';
import { parseIdentifier, type Identifier } from './parse-identifier.js';
import { lineageOfBranch, resolvePlace, resolveRevisions, resolveStart, type Place } from './resolve.js';
import type { RevisionNode } from './revision.js';
import { multipleHeadsError, quoteIds, rangeError } from './revision-errors.js';
import { tooFarError, walkOrThrow } from './select.js';
import { reach } from './traverse.js';

interface TargetOptions {
  /** A walk that leaves the graph stops at its end instead of failing. */
  readonly clip: boolean;
}

export function resolveUpgradeTargets(
  graph: RevisionGraph,
  text: string,
  current: readonly RevisionNode[],
  options: TargetOptions,
): readonly RevisionNode[] {
  const identifier = parseIdentifier(text);
  if (identifier.steps === 0) return resolveRevisions(graph, identifier);
  const start = resolveStart(graph, identifier) ?? findUpgradeStart(graph, identifier, current);
  const place = walkOrThrow(graph, start, identifier, {
    label: identifier.label,
    clip: options.clip,
  });
  return place === 'base' ? [] : [place];
}

export interface DowngradeTarget {
  readonly place: Place;
  /** The branch that the downgrade keeps to where the target is a branch point. */
  readonly label: string | null;
  readonly text: string;
}

export function resolveDowngradeTarget(
  graph: RevisionGraph,
  text: string,
  current: readonly RevisionNode[],
  options: TargetOptions,
): DowngradeTarget {
  const identifier = parseIdentifier(text);
  if (identifier.steps === 0) return { place: resolvePlace(graph, identifier), label: identifier.label, text };
  const { label } = identifier;
  const named = resolveStart(graph, identifier);
  if (named !== null) {
    return {
      place: walkOrThrow(graph, named, identifier, { label, clip: options.clip }),
      label,
      text,
    };
  }
  if (identifier.steps > 0) throw tooFarError(identifier, 'a downgrade goes down, so its steps are written with "-"');
  const start = findDowngradeStart(graph, identifier, current);
  const place = walkOrThrow(graph, start, identifier, { label, clip: options.clip });
  return { place, label: label ?? start.id, text };
}

/** Where `+N` or `label@+N` starts: the one current revision, on the branch if there is one, or base. */
function findUpgradeStart(graph: RevisionGraph, identifier: Identifier, current: readonly RevisionNode[]): Place {
  if (identifier.steps < 0) throw tooFarError(identifier, 'an upgrade goes up, so its steps are written with "+"');
  let starts = current;
  if (identifier.label !== null) {
    const members = lineageOfBranch(graph, identifier.label);
    starts = current.filter((node) => members[node.index] === 1);
    if (starts.length === 0) {
      // The branch is not entered yet: start at its newest revision that is applied as somebody's ancestor.
      const applied = reach(graph.nodes.length, current, 'requires');
      const onBranch = graph.nodes.filter((node) => applied[node.index] === 1 && members[node.index] === 1);
      const below = new Set(onBranch.flatMap((node) => node.requires));
      starts = onBranch.filter((node) => !below.has(node));
    }
  }
  if (starts.length > 1) {
    const ids = starts.map((node) => node.id);
    throw rangeError(
      'ambiguous',
      `"${identifier.text}" counts from one revision, and the database is at ${quoteIds(ids)}.`,
      `Say the branch, as in "${ids[0]}@+${identifier.steps}", or run "aludel upgrade heads".`,
      { identifier: identifier.text, current: ids },
    );
  }
  return starts[0] ?? 'base';
}

function findDowngradeStart(
  graph: RevisionGraph,
  identifier: Identifier,
  current: readonly RevisionNode[],
): RevisionNode {
  let starts = current;
  if (identifier.label !== null) {
    const members = lineageOfBranch(graph, identifier.label);
    starts = current.filter((node) => members[node.index] === 1);
    // The branch may be applied only as a dependency of what the rows say.
    if (starts.length === 0) starts = impliedHeads(graph, current).filter((node) => members[node.index] === 1);
  }
  const [start] = starts;
  if (start === undefined) {
    const where = identifier.label === null ? 'the database is at base' : `nothing of "${identifier.label}" is applied`;
    throw tooFarError(identifier, where);
  }
  if (starts.length === 1) return start;
  const ids = starts.map((node) => node.id);
  if (identifier.label === null) throw multipleHeadsError(identifier.text, ids);
  throw rangeError(
    'ambiguous',
    `"${identifier.text}" counts from one revision, and on that branch the database is at ${quoteIds(ids)}.`,
    `Say which one, as in "${ids[0]}@${identifier.steps}".`,
    { identifier: identifier.text, current: ids },
  );
}

/** The applied revisions that no other applied one has as its parent, in load order: rows and implied branch heads. */
export function impliedHeads(graph: RevisionGraph, current: readonly RevisionNode[]): readonly RevisionNode[] {
  const applied = reach(graph.nodes.length, current, 'requires');
  return graph.nodes.filter(
    (node) => applied[node.index] === 1 && !node.children.some((child) => applied[child.index] === 1),
  );
}
