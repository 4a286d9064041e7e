/** Places revisions in rows, newest first, and in lanes, so that lines between them never run through another one. */
import type { RevisionNode } from '../revision.js';

export interface Place {
  readonly row: number;
  readonly lane: number;
}

export interface Edge {
  readonly child: RevisionNode;
  readonly parent: RevisionNode;
  readonly from: Place;
  /** The line goes into this lane at once, and straight down in it. */
  readonly to: Place;
}

export interface Layout {
  readonly places: ReadonlyMap<RevisionNode, Place>;
  /** From each revision to its parents, of those in the list. */
  readonly edges: readonly Edge[];
  /** How many lanes are in use at most. */
  readonly width: number;
}

/** Lays out revisions that are sorted so that children come before parents. */
export function layOut(nodes: readonly RevisionNode[]): Layout {
  const shown = new Set(nodes);
  const places = new Map<RevisionNode, Place>();
  const open: Omit<Edge, 'to'>[] = [];
  /** The revision that each lane leads to. */
  const lanes: (RevisionNode | null)[] = [];
  let width = 0;
  for (const [row, node] of nodes.entries()) {
    const from = { row, lane: takeLane(lanes, node) };
    places.set(node, from);
    for (const [lane, awaited] of lanes.entries()) if (awaited === node) lanes[lane] = null;
    for (const parent of node.parents.filter((candidate) => shown.has(candidate))) {
      // The own lane is free again, so the first parent that no lane leads to yet comes right below.
      if (lanes[from.lane] === null && !lanes.includes(parent)) lanes[from.lane] = parent;
      lanes[takeLane(lanes, parent)] = parent;
      open.push({ child: node, parent, from });
    }
    width = Math.max(width, lanes.length, from.lane + 1);
  }
  const edges = open.flatMap((edge) => {
    const to = places.get(edge.parent);
    return to === undefined ? [] : [{ ...edge, to }];
  });
  return { places, edges, width };
}

/** The lane that leads to a revision, else the first free one. */
function takeLane(lanes: (RevisionNode | null)[], node: RevisionNode): number {
  const known = lanes.indexOf(node);
  if (known !== -1) return known;
  const free = lanes.indexOf(null);
  return free === -1 ? lanes.push(null) - 1 : free;
}
