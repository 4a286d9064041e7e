import { expect, it } from 'vitest';
import { describeStatement } from '../../src/dialects/describe-statement.js';

it.each([
  ['ALTER TABLE "users"\n  ADD COLUMN "age" integer', 'ALTER TABLE "users" ADD COLUMN "age" integer'],
  [`UPDATE users SET token = 'it''s \\' secret', age = 42`, 'UPDATE users SET token = ***, age = ***'],
  ["INSERT INTO t VALUES ('cut off", 'INSERT INTO t VALUES (***'],
  ['DO $body$ secret $body$', 'DO ***'],
  ['CREATE INDEX ix_t1 ON t1 (c2)', 'CREATE INDEX ix_t1 ON t1 (c2)'],
])('names a statement without its values: %s', (sql, expected) => {
  expect(describeStatement(sql, { doubleQuotesAreNames: true })).toBe(expected);
});

it('takes double quotes for values where they are, and cuts what is long', () => {
  expect(describeStatement('SELECT "secret"', { doubleQuotesAreNames: false })).toBe('SELECT ***');
  const long = describeStatement(`SELECT ${'a, '.repeat(100)}b`, { doubleQuotesAreNames: false });
  expect([long.length, long.endsWith('...')]).toEqual([100, true]);
});
