import { expect, it } from 'vitest';
import { changesSession } from '../../src/engine/session-change.js';

it.each([
  "SET search_path = 'x'",
  'set session sql_mode = ANSI',
  'PRAGMA foreign_keys = OFF',
  'PRAGMA foreign_keys(0)',
  'CREATE TEMPORARY TABLE t (a int)',
  'CREATE OR REPLACE TEMP VIEW v AS SELECT 1',
  'LISTEN news',
  'USE other',
  "ATTACH 'x' AS y",
  'LOCK TABLES t WRITE',
  "SELECT set_config('TimeZone', 'UTC', false)",
  'SELECT pg_try_advisory_lock(1)',
  "SELECT GET_LOCK('x', 0)",
])('marks a session after %s', (sql) => {
  expect(changesSession(sql)).toBe(true);
});

it.each([
  'SET LOCAL search_path = x',
  'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
  'SET CONSTRAINTS ALL DEFERRED',
  'PRAGMA table_info(t)',
  'PRAGMA foreign_key_check',
  'UPDATE settings SET a = 1',
  'SELECT pg_advisory_xact_lock(1)',
  'CREATE TABLE temporary_things (a int)',
])('leaves it unmarked after %s', (sql) => {
  expect(changesSession(sql)).toBe(false);
});
