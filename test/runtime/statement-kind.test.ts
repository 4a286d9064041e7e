import { expect, test } from 'vitest';
import type { DialectName } from '../../src/engine/connection.js';
import { commitsByItself, readsAlone } from '../../src/runtime/statement-kind.js';

const READS: readonly [string, DialectName][] = [
  ['SELECT * FROM t FOR UPDATE', 'mysql'],
  ['(SELECT 1) UNION (SELECT 2)', 'mysql'],
  ['/* all */ VALUES (1)', 'postgres'],
  ['SHOW TABLES', 'mariadb'],
  ['WITH x AS (SELECT 1) SELECT * FROM x FOR NO KEY UPDATE', 'postgres'],
  ["WITH x AS (SELECT replace(name, 'a', 'b'), insert(name, 1, 1, '(update') FROM t) SELECT * FROM x", 'mysql'],
  ['WITH x AS (SELECT "(", "delete" FROM t) SELECT * FROM x -- ) update', 'postgres'],
  ["WITH x AS (SELECT 'it''s ) update') SELECT * FROM x", 'sqlite'],
  ["WITH x AS (SELECT 'it\\' ) update') SELECT * FROM x", 'mysql'],
  ['EXPLAIN ANALYZE SELECT * FROM t FOR UPDATE', 'postgres'],
];

const CHANGES: readonly [string, DialectName][] = [
  ['UPDATE t SET n = 1', 'mysql'],
  ['WITH x AS (SELECT 1) UPDATE t SET n = 1', 'mysql'],
  ['WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x', 'postgres'],
  ['with x as (select 1) /* then */ insert into t select * from x', 'sqlite'],
  ['EXPLAIN ANALYZE UPDATE t SET n = 1', 'postgres'],
  ['EXPLAIN (ANALYZE, VERBOSE) DELETE FROM t', 'postgres'],
  ['CALL p()', 'mariadb'],
];

test.each(READS)('%s only reads', (sql, dialect) => {
  expect(readsAlone(sql, dialect)).toBe(true);
});

test.each(CHANGES)('%s may change rows', (sql, dialect) => {
  expect(readsAlone(sql, dialect)).toBe(false);
});

test.each([
  ['ALTER TABLE t ADD x int', true],
  ['/* now */ CREATE INDEX ix ON t (n)', true],
  ['ANALYZE LOCAL TABLE t', true],
  ['START TRANSACTION', true],
  ['CREATE TEMPORARY TABLE x (n int)', false],
  ['DROP TEMPORARY TABLE x', false],
  ['ANALYZE UPDATE t SET n = 1', false],
  ['INSERT INTO t VALUES (1)', false],
])('of "%s" it is known whether MySQL commits before it: %s', (sql, isKnown) => {
  expect(commitsByItself(sql)).toBe(isKnown);
});
