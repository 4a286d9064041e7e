import { describe, expect, it } from 'vitest';
import { sortTopologically } from '../../src/util/topological-sort.js';

const sort = (needs: Readonly<Record<string, readonly string[]>>) =>
  sortTopologically(Object.keys(needs), (node) => needs[node] ?? []);

describe('sortTopologically', () => {
  it('puts what is needed first and keeps the order otherwise', () => {
    expect(sort({ a: ['c'], b: [], c: ['d'], d: [] })).toEqual({ order: ['d', 'c', 'a', 'b'], broken: [] });
  });

  it('leaves one edge of a cycle out and names it', () => {
    expect(sort({ a: ['b'], b: ['c'], c: ['a'] })).toEqual({ order: ['c', 'b', 'a'], broken: [['c', 'a']] });
  });

  it('breaks nothing for a node that needs itself', () => {
    expect(sort({ a: ['a'] })).toEqual({ order: ['a'], broken: [] });
  });

  it('sorts a chain of many nodes without deep recursion', () => {
    const nodes = Array.from({ length: 50_000 }, (_, i) => i);
    const { order } = sortTopologically(nodes, (node) => (node + 1 < nodes.length ? [node + 1] : []));
    expect(order[0]).toBe(49_999);
  });
});
