import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AludelError } from '../../src/errors.js';
import { buildGraph, type RevisionGraph } from '../../src/revisions/graph.js';
import { listHistory } from '../../src/revisions/history.js';
import { planDowngrade, planUpgrade } from '../../src/revisions/plan.js';
import { planStamp } from '../../src/revisions/plan-stamp.js';
import type { Revision, RevisionNode } from '../../src/revisions/revision.js';
import { sortNewestFirst } from '../../src/revisions/sort-newest-first.js';
import { applyRowChanges, headsAfter, type RevisionStep, type Step } from '../../src/revisions/steps.js';
import { reach } from '../../src/revisions/traverse.js';
import { randomRevisions, shuffle } from './random-graph.js';

const graphs = randomRevisions(300);
const runs = { numRuns: 60 };

describe('a plan on a random graph', () => {
  test('takes an upgrade back to where it started, whatever revision it went to', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.nat(), (revisions, first, second) => {
        const graph = buildGraph(revisions);
        const start = headsAfter([], planUpgrade(graph, pick(revisions, first).id, []));
        const up = planUpgrade(graph, pick(revisions, second).id, start);
        const top = headsAfter(start, up);
        const down = planDowngrade(graph, 'base', top);
        expect(headsAfter(top, down)).toEqual([]);
        const undone = down.filter((step) => up.some((one) => one.revision === step.revision));
        expect(undone).toHaveLength(up.length);
        // Whatever the path, the rows are those of the revisions that are applied; so the way back ends where it began.
        const rest = down.filter((step) => !undone.includes(step));
        expect(maximal(graph, new Set(rest.map((step) => step.revision.id)))).toEqual(start);
      }),
      runs,
    );
  });

  test('keeps one row for each applied revision that nothing applied needs, after every step', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (revisions, choice) => {
        const graph = buildGraph(revisions);
        const up = [...planUpgrade(graph, pick(revisions, choice).id, [])];
        const start = headsAfter([], up);
        up.push(...planUpgrade(graph, 'heads', start));
        const top = headsAfter([], up);
        checkRows(graph, [...up, ...planDowngrade(graph, 'base', top)]);
      }),
      runs,
    );
  });

  test('runs parents and dependencies first, and undoes what needs a revision before it', () => {
    fc.assert(
      fc.property(graphs, (revisions) => {
        const graph = buildGraph(revisions);
        const up = planUpgrade(graph, 'heads', []).map((step) => step.revision);
        expect(up).toHaveLength(revisions.length);
        const position = new Map(up.map((revision, index) => [revision.id, index]));
        for (const [index, revision] of up.entries()) {
          for (const id of [...revision.down, ...revision.dependsOn]) expect(position.get(id)).toBeLessThan(index);
        }
        const down = planDowngrade(graph, 'base', headsAfter([], planUpgrade(graph, 'heads', [])));
        const undone = new Map(down.map((step, index) => [step.revision.id, index]));
        for (const { id, down: parents, dependsOn } of up) {
          for (const below of [...parents, ...dependsOn])
            expect(undone.get(below)).toBeGreaterThan(undone.get(id) ?? -1);
        }
      }),
      runs,
    );
  });

  test('runs the same revisions and ends at the same rows in another load order', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.nat(), (revisions, seed, choice) => {
        const one = buildGraph(revisions);
        const other = buildGraph(shuffle(revisions, seed));
        for (const target of ['heads', pick(revisions, choice).id]) {
          const first = planUpgrade(one, target, []);
          const second = planUpgrade(other, target, []);
          expect(idsOf(second).toSorted()).toEqual(idsOf(first).toSorted());
          expect(headsAfter([], second)).toEqual(headsAfter([], first));
        }
      }),
      runs,
    );
  });

  test('breaks ties as the algorithm of Alembic does, which keeps sets of ancestors', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (revisions, seed) => {
        const graph = buildGraph(shuffle(revisions, seed));
        const all = new Uint8Array(graph.nodes.length).fill(1);
        const order = sortNewestFirst(graph, all, graph.effectiveHeads).map((node) => node.id);
        expect(order).toEqual(sortAsAlembic(graph, graph.nodes, graph.effectiveHeads));
      }),
      { numRuns: 40 },
    );
  });

  test('answers every request with steps that fit the rows, or with an error of ours', () => {
    const identifier = fc
      .tuple(
        fc.constantFrom('', '', '', 'label0@', 'label5@', 'r0003@', 'nope@', '@'),
        fc.constantFrom('', 'head', 'heads', 'base', 'r0000', 'r0002', 'r0007', 'r0', 'r000', 'label5', 'nope'),
        fc.constantFrom('', '', '+1', '-1', '+3', '-3', '+99', '-99', '-', '+1x'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(randomRevisions(14), identifier, fc.array(fc.nat(), { maxLength: 4 }), (revisions, text, picks) => {
        const graph = buildGraph(revisions);
        const rows = picks.map((choice) => pick(revisions, choice).id);
        checkAnswer(rows, () => planUpgrade(graph, text, rows));
        checkAnswer(rows, () => planDowngrade(graph, text, rows));
        checkAnswer(rows, () => planStamp(graph, text, rows));
        checkAnswer([], () => (listHistory(graph, { from: text }), []));
        checkAnswer([], () => (listHistory(graph, { to: text }), []));
      }),
      { numRuns: 1500 },
    );
  });
});

function pick(revisions: readonly Revision[], choice: number): Revision {
  return revisions[choice % revisions.length] as Revision;
}

function idsOf(steps: readonly RevisionStep[]): string[] {
  return steps.map((step) => step.revision.id);
}

function maximal(graph: RevisionGraph, applied: ReadonlySet<string>): string[] {
  const isNeeded = (node: RevisionNode): boolean => node.followers.some((above) => applied.has(above.id));
  return graph.nodes
    .filter((node) => applied.has(node.id) && !isNeeded(node))
    .map((node) => node.id)
    .toSorted();
}

function checkRows(graph: RevisionGraph, steps: readonly RevisionStep[]): void {
  const rows = new Set<string>();
  const applied = new Set<string>();
  for (const step of steps) {
    applyRowChanges(rows, step.rows);
    if (step.direction === 'upgrade') applied.add(step.revision.id);
    else applied.delete(step.revision.id);
    expect([...rows].toSorted()).toEqual(maximal(graph, applied));
  }
}

/** Every change must meet the row that it names: the runner counts on one affected row a change. */
function checkAnswer(before: readonly string[], plan: () => readonly Step[]): void {
  let steps: readonly Step[];
  try {
    steps = plan();
  } catch (error) {
    expect(error).toBeInstanceOf(AludelError);
    expect((error as AludelError).hint).toMatch(/\S/u);
    return;
  }
  const rows = new Set(before);
  for (const step of steps) {
    for (const change of step.rows) {
      if (change.kind === 'insert') expect(rows).not.toContain(change.id);
      if (change.kind === 'delete') expect(rows).toContain(change.id);
      if (change.kind === 'update') {
        expect(rows).toContain(change.from);
        expect(rows).not.toContain(change.to);
      }
      applyRowChanges(rows, [change]);
    }
  }
}

/** A plain rendering of `RevisionMap._topological_sort` of Alembic 1.19 (MIT), quadratic as there. */
function sortAsAlembic(
  graph: RevisionGraph,
  selected: readonly RevisionNode[],
  starts: readonly RevisionNode[],
): readonly string[] {
  const ancestors = (node: RevisionNode): Uint8Array => reach(graph.nodes.length, [node], 'requires');
  const todo = new Set(selected);
  const heads = starts.toSorted((a, b) => a.index - b.index);
  const below = heads.map(ancestors);
  const output: string[] = [];
  let current = 0;
  for (let node = heads[current]; node !== undefined; node = heads[current]) {
    const { index } = node;
    const blocker = below.findIndex((marks, slot) => slot !== current && marks[index] === 1);
    if (blocker !== -1) {
      current = blocker;
      continue;
    }
    if (todo.delete(node)) output.push(node.id);
    const [first, ...rest] = node.requires.filter((one) => todo.has(one) && !heads.includes(one));
    if (first === undefined) {
      heads.splice(current, 1);
      below.splice(current, 1);
      current = Math.max(current - 1, 0);
    } else {
      heads[current] = first;
      below[current] = ancestors(first);
      heads.push(...rest);
      below.push(...rest.map(ancestors));
    }
  }
  return output;
}
