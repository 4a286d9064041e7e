import type { RevisionGraph } from './graph.js';
import { parseIdentifier } from './parse-identifier.js';
import { resolveRevisions, resolveRows, walk } from './resolve.js';
import type { RevisionNode } from './revision.js';
import { quoteIds } from './revision-errors.js';
import { selectDowngrade, selectUpgrade, type LowerEnd, type SelectOptions } from './select.js';
import { sortNewestFirst } from './sort-newest-first.js';
import { impliedHeads, resolveDowngradeTarget, resolveUpgradeTargets } from './targets.js';

export interface IterateOptions extends SelectOptions {
  /** Choose as a downgrade does. Default false. */
  readonly selectForDowngrade?: boolean;
  /** Steps that leave the graph stop at its end. Default false. */
  readonly clip?: boolean;
}

/** One end of a walk: an identifier, several, or null for base. */
export type End = string | readonly string[] | null;

/** Walks from `upper` down to `lower`, newest first, in the order in which a downgrade would run. */
export function iterateRevisions(
  graph: RevisionGraph,
  upper: End,
  lower: End,
  options: IterateOptions = {},
): readonly RevisionNode[] {
  const clip = options.clip === true;
  if (options.selectForDowngrade === true) {
    const current = toArray(upper).flatMap((text) => [...resolveRevisions(graph, text)]);
    const text = toArray(lower)[0] ?? 'base';
    const target = resolveDowngradeTarget(graph, text, current, { clip });
    const { selected, heads } = selectDowngrade(graph, current, target, options);
    return sortNewestFirst(graph, selected, heads);
  }
  const lowerEnd = resolveLowerEnd(graph, toArray(lower));
  const targets = new Set(
    toArray(upper).flatMap((text) => [...resolveUpgradeTargets(graph, text, lowerEnd.nodes, { clip })]),
  );
  const { selected, heads } = selectUpgrade(graph, [...targets], lowerEnd, options);
  return sortNewestFirst(graph, selected, heads);
}

/**
 * The revisions from `from` up to `to`, both included, newest first: what `history -r from:to` shows. Null means base
 * and heads. `-N` as the lower end counts from the heads; `current` on either side stands for `currentHeads`. Steps
 * that leave the graph stop at its end.
 */
export function listHistory(
  graph: RevisionGraph,
  range: { readonly from?: string | null; readonly to?: string | null } = {},
  currentHeads: readonly string[] = [],
): readonly RevisionNode[] {
  const expand = (end: string): string | readonly string[] =>
    end === 'current' ? resolveRows(graph, currentHeads).map((node) => node.id) : end;
  return iterateRevisions(graph, expand(range.to ?? 'heads'), expand(range.from ?? 'base'), {
    inclusive: true,
    clip: true,
  });
}

/** The revisions that the database is at: its rows and the branch heads that they imply by depending on them. */
export function listCurrent(graph: RevisionGraph, currentHeads: readonly string[]): readonly RevisionNode[] {
  return impliedHeads(graph, resolveRows(graph, currentHeads));
}

function toArray(end: End): readonly string[] {
  if (end === null) return [];
  return typeof end === 'string' ? [end] : end;
}

function resolveLowerEnd(graph: RevisionGraph, texts: readonly string[]): LowerEnd {
  const [first] = texts;
  const label = texts.length === 1 && first !== undefined ? parseIdentifier(first).label : null;
  const nodes = new Set(texts.flatMap((text) => [...resolveLower(graph, text)]));
  return { nodes: [...nodes], label, text: texts.length === 0 ? 'base' : quoteIds(texts) };
}

function resolveLower(graph: RevisionGraph, text: string): readonly RevisionNode[] {
  const identifier = parseIdentifier(text);
  if (identifier.steps === 0) return resolveRevisions(graph, identifier);
  const starts = resolveRevisions(graph, {
    ...identifier,
    symbol: identifier.symbol ?? 'heads',
    steps: 0,
  });
  const places = (starts.length === 0 ? (['base'] as const) : starts).map((start) =>
    walk(graph, start, identifier.steps, { label: identifier.label, clip: true }),
  );
  return places.filter((place) => place !== 'base' && place !== null);
}
