import { expect, it } from 'vitest';
import { matchesWildcard } from '../../src/util/wildcard.js';

it.each([
  [true, 'users', 'users'],
  [true, 'app.users', 'app.*'],
  [true, 'user', 'use?'],
  [true, 'a+b(c)', 'a+b(*'],
  [true, 'anything', '*'],
  [false, 'users', 'user'],
  [false, 'appXusers', 'app.users'],
  [false, 'user', 'user?'],
  [false, 'my_users', 'users'],
])('%s: "%s" fits "%s"', (fits, text, pattern) => {
  expect(matchesWildcard(text, pattern)).toBe(fits);
});
