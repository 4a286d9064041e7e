import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/revisions/drawing/lanes.js';
import { toDot } from '../../src/revisions/drawing/to-dot.js';
import { toHtml } from '../../src/revisions/drawing/to-html.js';
import { toMermaid } from '../../src/revisions/drawing/to-mermaid.js';
import { toSvg } from '../../src/revisions/drawing/to-svg.js';
import { buildGraph } from '../../src/revisions/graph.js';
import { listHistory } from '../../src/revisions/history.js';
import { makeRevision } from '../../src/revisions/revision.js';
import { randomRevisions } from './random-graph.js';

const golden = (name: string): string => new URL(`../../fixtures/golden/graph/${name}`, import.meta.url).pathname;

const NODES = listHistory(
  buildGraph([
    makeRevision('a001', { message: 'create users', file: '/work/migrations/a001_create_users.ts' }),
    makeRevision('b001', { down: ['a001'], message: 'add "age" & <name>' }),
    makeRevision('c001', { down: ['a001'] }),
    makeRevision('d001', { down: ['b001', 'c001'], message: 'merge' }),
    makeRevision('n001', { branchLabels: ['net'], dependsOn: ['b001'] }),
  ]),
);

describe('drawings of the graph', () => {
  test.each([
    ['mermaid.md', toMermaid],
    ['dot.gv', toDot],
    ['picture.svg', toSvg],
    ['page.html', toHtml],
  ] as const)('%s', async (name, draw) => {
    await expect(draw(NODES)).toMatchFileSnapshot(golden(name));
  });

  test('lines never run through a revision that they do not belong to', () => {
    const property = fc.property(randomRevisions(100), (revisions) => {
      const nodes = listHistory(buildGraph(revisions));
      const { places, edges, width } = layOut(nodes);
      const taken = new Map([...places].map(([node, { row, lane }]) => [`${row},${lane}`, node]));
      expect(taken.size).toBe(nodes.length);
      expect(edges).toHaveLength(nodes.flatMap((node) => node.parents).length);
      for (const { from, to } of edges) {
        expect(to.lane).toBeLessThan(width);
        for (let row = from.row + 1; row < to.row; row++) expect(taken.has(`${row},${to.lane}`)).toBe(false);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});
