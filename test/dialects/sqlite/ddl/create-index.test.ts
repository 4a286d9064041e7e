import { describe, expect, test } from 'vitest';
import { parseCreateIndex } from '../../../../src/dialects/sqlite/ddl/create-index.js';
import { printStatement } from '../../../../src/dialects/sqlite/ddl/create-table.js';

describe('an index part', () => {
  const CASES: readonly (readonly [
    sql: string,
    column: string | null,
    text: string,
    collate: string | null,
    order: string | null,
  ])[] = [
    ['a', 'a', 'a', null, null],
    ['"A b" COLLATE nocase DESC', 'A b', '"A b"', 'nocase', 'desc'],
    ["'a'", 'a', "'a'", null, null],
    ['((a)) asc', 'a', 'a', null, 'asc'],
    ['((a) COLLATE "rtrim")', 'a', 'a', 'rtrim', null],
    ['a COLLATE nocase COLLATE rtrim', 'a', 'a', 'rtrim', null],
    ['lower(a)', null, 'lower(a)', null, null],
    ['lower(a) COLLATE nocase DESC', null, 'lower(a)', 'nocase', 'desc'],
    ['- a COLLATE nocase', null, '- a', 'nocase', null],
    ['a || b COLLATE nocase', null, 'a || b COLLATE nocase', null, null],
    ['(a || b) COLLATE nocase', null, 'a || b', 'nocase', null],
    ['NOT (a) COLLATE nocase', null, 'NOT (a) COLLATE nocase', null, null],
    ['CASE a WHEN 1 THEN b END COLLATE nocase', null, 'CASE a WHEN 1 THEN b END', 'nocase', null],
    [
      'CASE a WHEN 1 THEN b END || CASE b WHEN 1 THEN 2 END COLLATE nocase',
      null,
      'CASE a WHEN 1 THEN b END || CASE b WHEN 1 THEN 2 END COLLATE nocase',
      null,
      null,
    ],
    ['desc desc', 'desc', 'desc', null, 'desc'],
    ['asc', 'asc', 'asc', null, null],
    ['null', null, 'null', null, null],
    ["substr(a, 1, instr(a, ',')) /* , */ DESC", null, "substr(a, 1, instr(a, ','))", null, 'desc'],
  ];

  test.each(CASES)('%s is read', (sql, column, text, collate, order) => {
    const index = parseCreateIndex(`CREATE INDEX i ON t (z, ${sql}, y)`);
    if (index.kind === 'other') throw new Error(index.reason);
    const part = index.parts[1];
    expect([part?.column?.value ?? null, part?.expression.text, part?.collate?.value ?? null, part?.order]).toEqual([
      column,
      text,
      collate,
      order,
    ]);
    expect(index.parts.length).toBe(3);
  });
});

test('the head and the condition are read', () => {
  const sql = 'create unique index if not exists main."i x" on[t t](a)where a > 0 AND b = \')\' -- end';
  const index = parseCreateIndex(sql);
  expect(index).toMatchObject({
    kind: 'index',
    unique: true,
    ifNotExists: true,
    schema: { value: 'main' },
    name: { value: 'i x' },
    table: { value: 't t' },
    where: { text: "a > 0 AND b = ')'" },
  });
  expect(printStatement(index)).toBe(sql);
});

test.each([
  'CREATE INDEX i ON t ()',
  'CREATE INDEX i ON t (a,)',
  'CREATE INDEX i ON t (a) WHERE',
  'CREATE TABLE t (a)',
  '',
])('%j is answered as other', (sql) => {
  const parsed = parseCreateIndex(sql);
  expect(parsed.kind).toBe('other');
  expect(printStatement(parsed)).toBe(sql);
});
