import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../src/revisions/graph.js';
import { listHistory } from '../../src/revisions/history.js';
import { planDowngrade, planUpgrade } from '../../src/revisions/plan.js';
import { planStamp } from '../../src/revisions/plan-stamp.js';
import { resolvePlace, resolveRevisions } from '../../src/revisions/resolve.js';
import { makeRevision } from '../../src/revisions/revision.js';
import { catchError } from './catch-error.js';

const line = buildGraph([
  makeRevision('aaaa1111'),
  makeRevision('aaaa2222', { down: ['aaaa1111'] }),
  makeRevision('cccc3333', { down: ['aaaa2222'] }),
]);
const fork = buildGraph([
  makeRevision('root'),
  makeRevision('shop1', { down: ['root'], branchLabels: ['shop'] }),
  makeRevision('news1', { down: ['root'], branchLabels: ['news'] }),
  makeRevision('both', { down: ['shop1', 'news1'] }),
]);
const twoHeads = buildGraph(fork.nodes.slice(0, 3).map((node) => node.revision));

describe('planUpgrade', () => {
  test('inserts the first row and then moves it', () => {
    expect(planUpgrade(line, 'aaaa2222', []).map((step) => step.rows)).toEqual([
      [{ kind: 'insert', id: 'aaaa1111' }],
      [{ kind: 'update', from: 'aaaa1111', to: 'aaaa2222' }],
    ]);
  });

  test('inserts a row for a branch and deletes one for a merge', () => {
    expect(planUpgrade(fork, 'head', ['root']).map((step) => [step.revision.id, step.rows])).toEqual([
      ['news1', [{ kind: 'update', from: 'root', to: 'news1' }]],
      ['shop1', [{ kind: 'insert', id: 'shop1' }]],
      [
        'both',
        [
          { kind: 'delete', id: 'shop1' },
          { kind: 'update', from: 'news1', to: 'both' },
        ],
      ],
    ]);
  });

  test('has no step when the database is there', () => {
    expect(planUpgrade(line, 'head', ['cccc3333'])).toEqual([]);
    expect(planUpgrade(line, 'aaaa1111', ['cccc3333'])).toEqual([]);
  });

  test('names the heads when "head" could be several, and says what to type', () => {
    expect(catchError(() => planUpgrade(twoHeads, 'head', []))).toMatchObject({
      code: 'ALUDEL_MULTIPLE_HEADS',
      message: '"head" needs one head, and the revision graph has 2: "shop1" and "news1".',
      hint: 'Run "aludel merge shop1 news1", or pass "heads" or one of them.',
    });
  });

  test('names the rows that the folder does not know', () => {
    expect(catchError(() => planUpgrade(line, 'head', ['aaaa3333']))).toMatchObject({
      code: 'ALUDEL_REVISION_UNKNOWN_IN_DATABASE',
      message: 'The database is at revision "aaaa3333", and the folder has no such file.',
      details: { revisions: ['aaaa3333'] },
    });
  });

  // Alembic 1.19.2 answers these with an internal assertion (alembic.md, section 5, row 5).
  test.each(['head+1', 'cccc3333+1', '+9', '-1', 'aaaa1111-9'])('refuses "%s" with a typed error', (target) => {
    expect(catchError(() => planUpgrade(line, target, ['aaaa1111']))).toMatchObject({
      code: 'ALUDEL_REVISION_RANGE',
      details: { reason: 'too-far' },
    });
  });

  test('refuses rows of which one needs the other, as a stamp by hand can leave them', () => {
    expect(catchError(() => planUpgrade(line, 'head', ['aaaa1111', 'aaaa2222'])).details).toEqual({
      reason: 'overlap',
      revisions: ['aaaa2222', 'aaaa1111'],
    });
  });
});

describe('planDowngrade', () => {
  test('takes rows apart at a merge and away at the base', () => {
    expect(planDowngrade(fork, 'base', ['both']).map((step) => [step.revision.id, step.rows])).toEqual([
      [
        'both',
        [
          { kind: 'insert', id: 'shop1' },
          { kind: 'update', from: 'both', to: 'news1' },
        ],
      ],
      ['shop1', [{ kind: 'delete', id: 'shop1' }]],
      ['news1', [{ kind: 'update', from: 'news1', to: 'root' }]],
      ['root', [{ kind: 'delete', id: 'root' }]],
    ]);
  });

  test('does not choose a branch for "-1" when the database is at several heads', () => {
    expect(catchError(() => planDowngrade(twoHeads, '-1', ['shop1', 'news1']))).toMatchObject({
      code: 'ALUDEL_MULTIPLE_HEADS',
      details: { heads: ['shop1', 'news1'] },
    });
    expect(planDowngrade(twoHeads, 'shop@-1', ['shop1', 'news1']).map((step) => step.revision.id)).toEqual(['shop1']);
  });

  test('refuses a target that is not applied', () => {
    expect(catchError(() => planDowngrade(line, 'cccc3333', ['aaaa2222']))).toMatchObject({
      code: 'ALUDEL_REVISION_RANGE',
      message: 'The database is at "aaaa2222", and "cccc3333" is not below that.',
      details: { reason: 'not-ancestor' },
    });
  });

  test('says that a branch is not applied', () => {
    expect(catchError(() => planDowngrade(twoHeads, 'news@-1', []))).toMatchObject({
      code: 'ALUDEL_REVISION_RANGE',
      message: '"news@-1" leads nowhere: nothing of "news" is applied.',
    });
  });
});

describe('planStamp', () => {
  test('moves each row within its own branch', () => {
    const deep = buildGraph([
      ...twoHeads.nodes.map((node) => node.revision),
      makeRevision('shop2', { down: ['shop1'] }),
      makeRevision('news2', { down: ['news1'] }),
    ]);
    // Alembic 1.19.2 ends in a KeyError here (alembic.md, section 5, row 5).
    expect(planStamp(deep, ['shop1', 'news1'], ['shop2', 'news2']).map((step) => step.rows)).toEqual([
      [{ kind: 'update', from: 'shop2', to: 'shop1' }],
      [{ kind: 'update', from: 'news2', to: 'news1' }],
    ]);
  });

  test('does not look at unknown rows when it purges them', () => {
    const steps = planStamp(line, 'head', ['gone'], { purge: true });
    expect(steps.map((step) => step.rows)).toEqual([[{ kind: 'insert', id: 'cccc3333' }]]);
  });
});

describe('resolveRevisions', () => {
  test('takes four characters of an id, and no fewer', () => {
    expect(resolvePlace(line, 'cccc')).toMatchObject({ id: 'cccc3333' });
    expect(catchError(() => resolvePlace(line, 'ccc'))).toMatchObject({
      code: 'ALUDEL_REVISION_NOT_FOUND',
      message: '"ccc" is too short: a partial id needs at least 4 characters.',
    });
  });

  test('names the candidates of an ambiguous partial id', () => {
    expect(catchError(() => resolvePlace(line, 'aaaa')).message).toBe(
      'Several revisions start with "aaaa": "aaaa1111" and "aaaa2222".',
    );
  });

  test('suggests the nearest id or label', () => {
    expect(catchError(() => resolvePlace(line, 'aaaa1112')).hint).toBe('Did you mean "aaaa1111"?');
    expect(catchError(() => resolvePlace(twoHeads, 'shpo@head'))).toMatchObject({
      message: 'There is no branch "shpo".',
      hint: 'Did you mean "shop"?',
    });
  });

  test('keeps to the branch', () => {
    expect(resolveRevisions(twoHeads, 'shop@head').map((node) => node.id)).toEqual(['shop1']);
    expect(catchError(() => resolveRevisions(twoHeads, 'shop@news1')).message).toBe(
      'Revision "news1" is not in the branch "shop".',
    );
  });
});

describe('listHistory', () => {
  test('goes newest first, both ends included', () => {
    const ids = (from: string | null, to: string | null, rows: readonly string[] = []): string[] =>
      listHistory(line, { from, to }, rows).map((node) => node.id);
    expect(ids(null, null)).toEqual(['cccc3333', 'aaaa2222', 'aaaa1111']);
    expect(ids('aaaa2222', 'head')).toEqual(['cccc3333', 'aaaa2222']);
    expect(ids('current', 'head', ['aaaa2222'])).toEqual(['cccc3333', 'aaaa2222']);
  });

  test('clips steps that go below the base, for "head" as for an id', () => {
    // Alembic 1.19.2 clips only for an id (alembic.md, section 5, row 6).
    expect(listHistory(line, { from: '-9', to: 'head' })).toHaveLength(3);
    expect(listHistory(line, { from: '-9', to: 'cccc3333' })).toHaveLength(3);
    expect(listHistory(line, { from: '-3', to: 'head' })).toHaveLength(3);
  });
});
