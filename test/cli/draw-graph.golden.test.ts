import { describe, expect, test } from 'vitest';
import { drawGraph, type GraphRow } from '../../src/cli/print/draw-graph.js';

const golden = (name: string): string => new URL(`../../fixtures/golden/graph/${name}.txt`, import.meta.url).pathname;

/** `id: parent, parent | text`, newest first. */
function rows(text: string): GraphRow[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, id = '', parents = ''] = /^\s*(\w+):\s*(.*)$/.exec(line) ?? [];
      return { id, parents: parents === '' ? [] : parents.split(', '), text: id };
    });
}

const CASES: Readonly<Record<string, string>> = {
  line: `c: b
         b: a
         a:`,
  'two-heads': `b2: b1
                b1: a
                c1: a
                a:`,
  merge: `m: b, c
          b: a
          c: a
          a:`,
  octopus: `m: b, c, d
            b: a
            c: a
            d: a
            a:`,
  'two-bases': `b2: b1
                b1:
                a2: a1
                a1:`,
  'open-branches': `d: a
                    e: b
                    f: c
                    c: b
                    b: a
                    a:`,
  'base-between-lanes': `x2: x1
                         y2: y1
                         z2: z1
                         y1:
                         z1:
                         x1:`,
  'long-join': `a3: a
                b3: b
                c3: c
                a4: a
                c: b
                b: a
                a:`,
  'merge-of-merges': `m3: m1, m2
                      m1: b, c
                      m2: c, d
                      b: a
                      c: a
                      d: a
                      a:`,
};

describe('the graph in a terminal', () => {
  test.each(Object.entries(CASES))('draws %s', async (name, text) => {
    await expect(`${drawGraph(rows(text)).join('\n')}\n`).toMatchFileSnapshot(golden(name));
  });

  test('leaves out parents that are not shown', () => {
    expect(drawGraph(rows('c: b\nd: x'))).toEqual(['* c', '* d']);
  });

  test('goes on with the lanes beside further lines of a text', () => {
    const list = [
      { id: 'c', parents: ['a'], text: 'c\n  file c' },
      { id: 'b', parents: ['a'], text: 'b\n  file b' },
      { id: 'a', parents: [], text: 'a\n  file a' },
    ];
    expect(drawGraph(list)).toEqual(['* c', '|   file c', '| * b', '| |   file b', '|/', '* a', '    file a']);
  });
});
