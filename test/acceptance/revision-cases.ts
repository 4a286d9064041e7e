import { buildGraph, type RevisionGraph } from '../../src/revisions/graph.js';
import { iterateRevisions, listCurrent, listHistory, type End } from '../../src/revisions/history.js';
import { labelsOf } from '../../src/revisions/labels.js';
import { planDowngrade, planUpgrade } from '../../src/revisions/plan.js';
import { planStamp } from '../../src/revisions/plan-stamp.js';
import { resolveBranch, resolvePlace, resolveRevisions, resolveRows } from '../../src/revisions/resolve.js';
import { makeRevision, type RevisionNode } from '../../src/revisions/revision.js';
import { applyRowChanges, headsAfter, replaceRows, spreadRow, type Step } from '../../src/revisions/steps.js';
import { lineage, reach } from '../../src/revisions/traverse.js';

export interface RevisionCaseFile {
  readonly graphs: Readonly<Record<string, readonly CaseRevision[]>>;
  readonly cases: readonly RevisionCase[];
}

export interface CaseRevision {
  readonly id: string;
  readonly down?: readonly string[];
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly string[];
}

export interface RevisionCase {
  readonly id: string;
  readonly graph: string;
  readonly op: string;
  readonly target?: string | readonly string[] | null;
  readonly fromHeads?: readonly string[];
  readonly args?: readonly unknown[];
  readonly identifier?: string;
  readonly heads?: readonly string[];
  readonly base?: string | null;
  readonly head?: string | null;
  readonly upper?: End;
  readonly lower?: End;
  readonly steps?: readonly { readonly revision: string; readonly isUpgrade: boolean }[];
  readonly options?: {
    readonly inclusive?: boolean;
    readonly implicitBase?: boolean;
    readonly selectForDowngrade?: boolean;
    readonly assertRelativeLength?: boolean;
  };
  readonly expect: Readonly<Record<string, unknown>>;
}

export type Answer = Readonly<Record<string, unknown>>;

/** Answers one case in the words of the case file. */
export function runRevisionCase(revisions: readonly CaseRevision[], oneCase: RevisionCase): Answer {
  const graph = buildGraph(
    revisions.map((revision) =>
      makeRevision(revision.id, {
        down: revision.down ?? [],
        branchLabels: revision.labels ?? [],
        dependsOn: revision.dependsOn ?? [],
      }),
    ),
  );
  const handler = HANDLERS[oneCase.op];
  if (handler === undefined) throw new Error(`the harness does not know the operation "${oneCase.op}"`);
  return handler(graph, oneCase);
}

const HANDLERS: Readonly<Record<string, (graph: RevisionGraph, oneCase: RevisionCase) => Answer>> = {
  load: () => ({ loaded: true }),
  applySteps,
  topology: describeTopology,
  upgrade: (graph, { target, fromHeads = [] }) => {
    const steps = planUpgrade(graph, target ?? 'base', fromHeads);
    return {
      steps: steps.map((step) => step.revision.id),
      headsAfterEachStep: rowsAfterEach(fromHeads, steps),
    };
  },
  downgrade: (graph, { target, fromHeads = [] }) => {
    const steps = planDowngrade(graph, typeof target === 'string' ? target : 'base', fromHeads);
    return {
      steps: steps.map((step) => step.revision.id),
      headsAfterEachStep: rowsAfterEach(fromHeads, steps),
    };
  },
  stamp: (graph, { target, fromHeads = [] }) => {
    const steps = planStamp(graph, target ?? 'base', fromHeads);
    return {
      stampSteps: steps.map((step) => ({
        from: step.from,
        to: step.to,
        isUpgrade: step.direction === 'upgrade',
        branchMove: step.isBranchMove,
      })),
      headsAfterEachStep: rowsAfterEach(fromHeads, steps),
    };
  },
  iterate: (graph, { upper = null, lower = null, options = {} }) => ({
    order: idsOf(
      iterateRevisions(graph, upper, lower, {
        ...options,
        clip: options.assertRelativeLength === false,
      }),
    ),
  }),
  history: (graph, { base = null, head = null }) => ({
    order: idsOf(listHistory(graph, { from: base, to: head })),
  }),
  current: (graph, { heads = [] }) => ({ result: idsOf(listCurrent(graph, heads)).toSorted() }),
  resolve: (graph, { identifier = '' }) => ({
    result: idsOf(resolveRevisions(graph, identifier)),
  }),
  resolveMany: (graph, { args = [] }) => ({
    result: [args[0]].flat().flatMap((text) => idsOf(resolveRevisions(graph, String(text)))),
  }),
  resolveOne: (graph, { args = [] }) => {
    const place = resolvePlace(graph, String(args[0]));
    return { result: place === 'base' ? null : place.id };
  },
  filterForLineage: (graph, { args = [] }) => {
    const [targets, against] = args;
    const nodes = [targets].flat().flatMap((text) => [...resolveRevisions(graph, String(text))]);
    const text = String(against);
    const starts = text.includes('@')
      ? [resolveBranch(graph, text.slice(0, text.indexOf('@'))), ...resolveRevisions(graph, text)]
      : resolveRevisions(graph, text);
    const members = lineage(graph.nodes.length, starts);
    return {
      result: idsOf(nodes.filter((node) => starts.length === 0 || members[node.index] === 1)),
    };
  },
};

/** `steps` are `{ revision, isUpgrade }`; each is applied to the rows by itself, whatever a plan would have chosen. */
function applySteps(graph: RevisionGraph, { fromHeads = [], steps = [] }: RevisionCase): Answer {
  const rows = new Set(fromHeads);
  const afterEach = steps.map((step) => {
    const [node] = resolveRows(graph, [step.revision]);
    if (node === undefined) throw new Error('a step names no revision');
    const others = resolveRows(graph, [...rows]).filter((other) => other !== node);
    const implied = reach(graph.nodes.length, others, 'requires');
    const above = node.requires.filter((below) => rows.has(below.id)).map((below) => below.id);
    const due = maximalOf(graph, node.requires).filter((below) => implied[below.index] !== 1);
    applyRowChanges(rows, step.isUpgrade ? replaceRows(above, node.id) : spreadRow(node.id, idsOf(due)));
    return [...rows].toSorted();
  });
  return { heads: [...rows].toSorted(), headsAfter: [...rows].toSorted(), headsAfterEachStep: afterEach };
}

function maximalOf(graph: RevisionGraph, nodes: readonly RevisionNode[]): readonly RevisionNode[] {
  const below = reach(
    graph.nodes.length,
    nodes.flatMap((node) => node.requires),
    'requires',
  );
  return nodes.filter((node) => below[node.index] !== 1);
}

function describeTopology(graph: RevisionGraph): Answer {
  const labels = graph.nodes.map((node): [string, readonly string[]] => [node.id, labelsOf(graph, node)]);
  return {
    heads: idsOf(graph.heads).toSorted(),
    bases: idsOf(graph.bases).toSorted(),
    effectiveHeads: idsOf(graph.effectiveHeads).toSorted(),
    branchPoints: idsOf(graph.nodes.filter((node) => node.children.length > 1)).toSorted(),
    mergePoints: idsOf(graph.nodes.filter((node) => node.parents.length > 1)).toSorted(),
    labels: Object.fromEntries(labels.filter(([, own]) => own.length > 0)),
  };
}

function rowsAfterEach(fromHeads: readonly string[], steps: readonly Step[]): readonly (readonly string[])[] {
  return steps.map((_, index) => headsAfter(fromHeads, steps.slice(0, index + 1)));
}

function idsOf(nodes: readonly RevisionNode[]): string[] {
  return nodes.map((node) => node.id);
}
