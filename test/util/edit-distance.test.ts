import { describe, expect, it } from 'vitest';

import { editDistance, findNearest } from '../../src/util/edit-distance.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['models', 'models', 0],
    ['model', 'models', 1],
    ['modles', 'models', 1],
    ['kitten', 'sitting', 3],
  ])('between "%s" and "%s" is %i', (from, to, expected) => {
    expect(editDistance(from, to)).toBe(expected);
  });
});

describe('findNearest', () => {
  it('finds the name that was meant, whatever the case', () => {
    expect(findNearest('VERSIONTABEL', ['logTable', 'versionTable', 'versionTableNamespace'])).toBe('versionTable');
  });

  it('finds nothing where no name is near', () => {
    expect(findNearest('plugins', ['url', 'models', 'echo'])).toBeUndefined();
  });
});
