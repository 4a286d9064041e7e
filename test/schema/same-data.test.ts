import { expect, it } from 'vitest';
import { sameData } from '../../src/schema/same.js';

it.each([
  [{ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }, true],
  [{ text: 'x', source: 1 }, { text: 'x' }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: undefined }, { b: 1 }, false],
  [{ b: 1 }, { a: undefined }, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[1], { 0: 1 }, false],
  [null, {}, false],
])('sameData(%j, %j) is %s', (a, b, expected) => {
  expect(sameData(a, b)).toBe(expected);
});
