import { AludelError } from '../errors.js';
import { knownNames, type RevisionGraph } from './graph.js';
import { parseIdentifier, type Identifier } from './parse-identifier.js';
import type { RevisionNode } from './revision.js';
import {
  multipleHeadsError,
  notFoundError,
  quoteIds,
  rangeError,
  squashedError,
  unknownInDatabaseError,
} from './revision-errors.js';
import { lineage, type NodeSet } from './traverse.js';

/** A place in the graph: a revision, or `base`, where nothing is applied. */
export type Place = RevisionNode | 'base';

/** Partial identifiers need this many characters. Alembic asks for four in its message and takes one. */
const MINIMUM_PARTIAL_LENGTH = 4;

/**
 * Finds the revisions that an identifier without steps stands for: none for `base`, several for `heads`.
 * Throws ALUDEL_USAGE (grammar), ALUDEL_REVISION_NOT_FOUND, ALUDEL_MULTIPLE_HEADS (`head` with several heads).
 */
export function resolveRevisions(graph: RevisionGraph, identifier: string | Identifier): readonly RevisionNode[] {
  const parsed = typeof identifier === 'string' ? parseIdentifier(identifier) : identifier;
  if (parsed.symbol === null || parsed.steps !== 0) {
    throw notFoundError(
      parsed.text,
      [],
      `"${parsed.text}" counts steps, and only "upgrade", "downgrade" and "history -r" know where from.`,
    );
  }
  return resolveSymbol(graph, parsed.symbol, parsed.label, parsed.text);
}

/** Like `resolveRevisions` for exactly one place; several heads are ALUDEL_MULTIPLE_HEADS. */
export function resolvePlace(graph: RevisionGraph, identifier: string | Identifier): Place {
  const parsed = typeof identifier === 'string' ? parseIdentifier(identifier) : identifier;
  return onePlace(resolveRevisions(graph, parsed), parsed.text);
}

/** The place of a symbol alone, its steps left aside; null when it has no symbol. */
export function resolveStart(graph: RevisionGraph, identifier: Identifier): Place | null {
  if (identifier.symbol === null) return null;
  const nodes = resolveSymbol(graph, identifier.symbol, identifier.label, identifier.text);
  return onePlace(nodes, identifier.text);
}

/** Finds the revisions of the version table's rows, in their order and without repeats. */
export function resolveRows(graph: RevisionGraph, rows: readonly string[]): readonly RevisionNode[] {
  const nodes: RevisionNode[] = [];
  const unknown: string[] = [];
  for (const id of new Set(rows)) {
    const node = graph.byId.get(id);
    if (node === undefined) unknown.push(id);
    else nodes.push(node);
  }
  for (const id of unknown) {
    const squashed = graph.bySquashed.get(id);
    if (squashed !== undefined) throw squashedError(id, squashed.id);
  }
  if (unknown.length > 0) throw unknownInDatabaseError(unknown, graph.byId.keys());
  return nodes;
}

/** The revision that stands for a branch: a declared label, an id or a partial id. */
export function resolveBranch(graph: RevisionGraph, label: string): RevisionNode {
  const node = graph.byLabel.get(label) ?? graph.byId.get(label);
  if (node !== undefined) return node;
  const found = findByPrefix(graph, label, null);
  const only = chooseOnly(label, found);
  if (only === null) throw notFoundError(label, knownNames(graph), `There is no branch "${label}".`);
  return only;
}

/** The versioned lineage of a branch: its ancestors and descendants. */
export function lineageOfBranch(graph: RevisionGraph, label: string): NodeSet {
  return lineage(graph.nodes.length, [resolveBranch(graph, label)]);
}

/**
 * Walks up (`steps` > 0) or down. Gives null when the graph ends first; with `clip`, the last place instead.
 * Throws ALUDEL_REVISION_RANGE at a fork; going up, `label` keeps the walk on one branch.
 */
export function walk(
  graph: RevisionGraph,
  start: Place,
  steps: number,
  options: { readonly label?: string | null; readonly clip?: boolean } = {},
): Place | null {
  const label = options.label ?? null;
  const members = steps > 0 && label !== null ? lineageOfBranch(graph, label) : null;
  let place: Place = start;
  for (let step = 0; step < Math.abs(steps); step++) {
    const choices = steps > 0 ? stepUp(graph, place, members) : stepDown(place);
    const [next] = choices;
    if (next === undefined) return options.clip === true ? place : null;
    if (choices.length > 1) throw forkError(place, steps, choices);
    place = next;
  }
  return place;
}

function stepUp(graph: RevisionGraph, place: Place, members: NodeSet | null): readonly Place[] {
  const nodes = place === 'base' ? graph.bases : place.children;
  return members === null ? nodes : nodes.filter((node) => members[node.index] === 1);
}

function stepDown(place: Place): readonly Place[] {
  if (place === 'base') return [];
  return place.parents.length === 0 ? ['base'] : place.parents;
}

function onePlace(nodes: readonly RevisionNode[], argument: string): Place {
  if (nodes.length > 1) {
    throw multipleHeadsError(
      argument,
      nodes.map((node) => node.id),
    );
  }
  return nodes[0] ?? 'base';
}

function resolveSymbol(
  graph: RevisionGraph,
  symbol: string,
  label: string | null,
  text: string,
): readonly RevisionNode[] {
  const members = label === null ? null : lineageOfBranch(graph, label);
  const inBranch = (nodes: readonly RevisionNode[]): readonly RevisionNode[] =>
    members === null ? nodes : nodes.filter((node) => members[node.index] === 1);
  if (symbol === 'base') return [];
  if (symbol === 'heads') return members === null ? graph.effectiveHeads : inBranch(graph.heads);
  if (symbol === 'head') {
    const heads = inBranch(graph.heads);
    if (heads.length > 1) {
      throw multipleHeadsError(
        text,
        heads.map((node) => node.id),
      );
    }
    return heads;
  }
  const node = resolveName(graph, symbol, members);
  if (members !== null && members[node.index] !== 1) {
    throw notFoundError(symbol, [], `Revision "${node.id}" is not in the branch "${label}".`);
  }
  return [node];
}

function resolveName(graph: RevisionGraph, name: string, members: NodeSet | null): RevisionNode {
  const exact = graph.byId.get(name) ?? graph.byLabel.get(name);
  if (exact !== undefined) return exact;
  const only = chooseOnly(name, findByPrefix(graph, name, members));
  if (only !== null) return only;
  const squashed = graph.bySquashed.get(name);
  if (squashed === undefined) throw notFoundError(name, knownNames(graph));
  throw new AludelError('ALUDEL_REVISION_NOT_FOUND', `Revision "${name}" was squashed into "${squashed.id}".`, {
    hint: `Name "${squashed.id}", or the one that it comes behind.`,
    details: { identifier: name, nearest: squashed.id },
  });
}

/** The one revision that starts with a partial id, or null when none does. */
function chooseOnly(prefix: string, found: readonly RevisionNode[]): RevisionNode | null {
  const [only] = found;
  if (only === undefined) return null;
  const ids = found.map((node) => node.id);
  if (prefix.length < MINIMUM_PARTIAL_LENGTH) {
    const message = `"${prefix}" is too short: a partial id needs at least ${MINIMUM_PARTIAL_LENGTH} characters.`;
    throw notFoundError(prefix, [], message, { reason: 'too-short', matches: ids });
  }
  if (found.length === 1) return only;
  throw notFoundError(prefix, [], `Several revisions start with "${prefix}": ${quoteIds(ids)}.`);
}

function findByPrefix(graph: RevisionGraph, prefix: string, members: NodeSet | null): readonly RevisionNode[] {
  const found = new Set<RevisionNode>();
  for (const names of [graph.byId, graph.byLabel]) {
    for (const [name, node] of names) {
      if (name.startsWith(prefix) && (members === null || members[node.index] === 1)) found.add(node);
    }
  }
  return [...found];
}

function forkError(place: Place, steps: number, choices: readonly Place[]): Error {
  const ids = choices.map((choice) => (choice === 'base' ? 'base' : choice.id));
  const name = place === 'base' ? 'base' : `revision "${place.id}"`;
  return rangeError(
    'ambiguous',
    `Counting steps ${steps > 0 ? 'up' : 'down'} meets a fork: ${name} has the ${steps > 0 ? 'children' : 'parents'} ${quoteIds(ids)}.`,
    steps > 0 ? `Name the revision, or the branch as in "${ids[0]}@+1".` : `Name the revision, such as "${ids[0]}".`,
    { at: place === 'base' ? 'base' : place.id, choices: ids },
  );
}
