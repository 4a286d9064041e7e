import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../src/revisions/graph.js';
import { labelsOf } from '../../src/revisions/labels.js';
import { makeRevision, type Revision } from '../../src/revisions/revision.js';
import { catchError } from './catch-error.js';

function inFile(id: string, fields: Partial<Revision> = {}): Revision {
  return makeRevision(id, { file: `migrations/${id}.ts`, ...fields });
}

describe('buildGraph', () => {
  test('gives an empty graph for no revisions', () => {
    expect(buildGraph([])).toMatchObject({ nodes: [], heads: [], effectiveHeads: [], bases: [] });
  });

  test('leaves a head that another revision depends on out of the effective heads', () => {
    const graph = buildGraph([
      makeRevision('a1', { branchLabels: ['accounts'] }),
      makeRevision('n1'),
      makeRevision('n2', { down: ['n1'], dependsOn: ['accounts'] }),
    ]);
    expect(graph.heads.map((node) => node.id)).toEqual(['a1', 'n2']);
    expect(graph.effectiveHeads.map((node) => node.id)).toEqual(['n2']);
  });

  test('drops a dependency that an ancestor declares already', () => {
    const graph = buildGraph([
      makeRevision('x'),
      makeRevision('a', { dependsOn: ['x'] }),
      makeRevision('b', { down: ['a'], dependsOn: ['x'] }),
    ]);
    expect(graph.byId.get('b')?.requires.map((node) => node.id)).toEqual(['a']);
  });

  test('spreads a label up the branch and down to the branch point', () => {
    const graph = buildGraph([
      makeRevision('a'),
      makeRevision('b1', { down: ['a'] }),
      makeRevision('c1', { down: ['b1'], branchLabels: ['one'] }),
      makeRevision('d1', { down: ['c1'] }),
      makeRevision('b2', { down: ['a'] }),
    ]);
    const labels = Object.fromEntries(graph.nodes.map((node) => [node.id, labelsOf(graph, node)]));
    expect(labels).toEqual({ a: [], b1: ['one'], c1: ['one'], d1: ['one'], b2: [] });
  });

  test('names both files of a duplicate id', () => {
    const twin = makeRevision('aaaa', { file: 'migrations/copy.ts' });
    expect(catchError(() => buildGraph([inFile('aaaa'), twin]))).toMatchObject({
      code: 'ALUDEL_REVISION_DUPLICATE',
      message: 'The revision id "aaaa" is declared twice: in "migrations/aaaa.ts" and in "migrations/copy.ts".',
    });
  });

  test('refuses a label that another revision has, or that is an id', () => {
    const labelled = (id: string, label: string): Revision => inFile(id, { branchLabels: [label] });
    expect(catchError(() => buildGraph([labelled('a', 'shop'), labelled('b', 'shop')]))).toMatchObject({
      code: 'ALUDEL_REVISION_DUPLICATE',
      message: 'The branch label "shop" is declared twice: in "migrations/a.ts" and in "migrations/b.ts".',
    });
    expect(catchError(() => buildGraph([inFile('a'), labelled('b', 'a')])).code).toBe('ALUDEL_REVISION_DUPLICATE');
  });

  test('names file and parent of a missing parent and suggests the nearest id', () => {
    const revisions = [inFile('3f2a9c1b7d04'), inFile('bbbb', { down: ['3f2a9c1b7d40'] })];
    expect(catchError(() => buildGraph(revisions))).toMatchObject({
      code: 'ALUDEL_REVISION_MISSING_PARENT',
      message: '"migrations/bbbb.ts" names the parent "3f2a9c1b7d40", and no file declares it.',
      hint:
        'Did you mean "3f2a9c1b7d04"? Change downRevision in "migrations/bbbb.ts", or bring the file of ' +
        '"3f2a9c1b7d40" back.',
    });
  });

  test('names a missing dependency, and the id behind a label that is used as a parent', () => {
    expect(catchError(() => buildGraph([inFile('a', { dependsOn: ['gone'] })]))).toMatchObject({
      code: 'ALUDEL_REVISION_MISSING_PARENT',
      details: { name: 'gone', revision: 'a' },
    });
    const revisions = [inFile('aaaa', { branchLabels: ['shop'] }), inFile('bbbb', { down: ['shop'] })];
    expect(catchError(() => buildGraph(revisions)).details).toMatchObject({ name: 'shop', nearest: 'aaaa' });
  });

  test('shows the circle of a cycle, also where it is reached from a base and has a head above it', () => {
    const revisions = [
      inFile('a'),
      inFile('b', { down: ['a', 'd'] }),
      inFile('c', { down: ['b'] }),
      inFile('d', { down: ['c'] }),
      inFile('e', { down: ['d'] }),
    ];
    const error = catchError(() => buildGraph(revisions));
    expect(error.message).toBe('Revisions need each other in a circle (downRevision): "b" -> "d" -> "c" -> "b".');
    expect(error).toMatchObject({ code: 'ALUDEL_REVISION_CYCLE', details: { through: 'parents' } });
  });

  test('tells a circle through a dependency and a revision that needs itself', () => {
    const circle = [inFile('a', { dependsOn: ['b'] }), inFile('b', { down: ['a'] })];
    expect(catchError(() => buildGraph(circle)).details).toMatchObject({ through: 'dependencies' });
    expect(catchError(() => buildGraph([inFile('a', { down: ['a'] })])).message).toBe(
      'Revision "a" needs itself (downRevision).',
    );
  });

  test.each(['', 'head', 'a@b', 'a-b', 'a:b', 'a b'])('refuses "%s" as a revision id', (id) => {
    expect(catchError(() => buildGraph([inFile(id)])).code).toBe('ALUDEL_REVISION_INVALID');
  });

  test('allows a hyphen in a label unless a digit follows', () => {
    expect(buildGraph([inFile('a', { branchLabels: ['web-shop'] })]).byLabel.has('web-shop')).toBe(true);
    const revisions = [inFile('a', { branchLabels: ['shop-2'] })];
    expect(catchError(() => buildGraph(revisions)).code).toBe('ALUDEL_REVISION_INVALID');
  });
});
