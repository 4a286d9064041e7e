import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { parseCreateTable, printStatement } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import type { CreateTable } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import { printTokens } from '../../../../src/dialects/sqlite/ddl/tokenizer.js';

function parseTable(sql: string): CreateTable {
  const parsed = parseCreateTable(sql);
  if (parsed.kind === 'other') throw new Error(parsed.reason);
  return parsed;
}

describe('a column constraint', () => {
  const CASES: readonly (readonly [sql: string, facts: object])[] = [
    ['PRIMARY KEY', { kind: 'primaryKey', order: null, conflict: null, autoincrement: false }],
    ['primary/**/key desc on conflict replace', { kind: 'primaryKey', order: 'desc', conflict: 'replace' }],
    ['PRIMARY KEY ASC AUTOINCREMENT', { kind: 'primaryKey', order: 'asc', autoincrement: true }],
    [
      'CONSTRAINT "a ""b" NOT NULL ON CONFLICT IGNORE',
      { kind: 'notNull', name: { value: 'a "b' }, conflict: 'ignore' },
    ],
    ['CONSTRAINT x', { kind: 'nameOnly', name: { value: 'x' } }],
    ['NULL', { kind: 'null', name: null }],
    ['UNIQUE ON CONFLICT ROLLBACK', { kind: 'unique', conflict: 'rollback' }],
    ["CHECK (a <> ')' /* ) */ AND (a) > 0)", { kind: 'check', expression: { text: "a <> ')' /* ) */ AND (a) > 0" } }],
    ["DEFAULT 'a, '')'", { kind: 'default', form: 'literal', value: { text: "'a, '')'" } }],
    ['DEFAULT - /* x */ 5', { kind: 'default', form: 'literal', value: { text: '- /* x */ 5' } }],
    ['DEFAULT CURRENT_DATE', { kind: 'default', form: 'word', value: { text: 'CURRENT_DATE' } }],
    ['DEFAULT "x y"', { kind: 'default', form: 'word', value: { text: '"x y"' } }],
    ['DEFAULT (1 + (2))', { kind: 'default', form: 'expression', value: { text: '1 + (2)' } }],
    ["COLLATE 'nocase'", { kind: 'collate', collation: { value: 'nocase' } }],
    ['AS (a) STORED', { kind: 'generated', always: false, storage: 'stored', expression: { text: 'a' } }],
    ['GENERATED ALWAYS AS (a + 1)', { kind: 'generated', always: true, storage: 'virtual' }],
    ['DEFERRABLE', { kind: 'deferrable', deferrable: { text: 'DEFERRABLE', isDeferred: false } }],
    [
      'REFERENCES [o t] (x, "y") MATCH FULL ON UPDATE SET NULL ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED',
      {
        kind: 'references',
        references: {
          table: { value: 'o t' },
          columns: [{ value: 'x' }, { value: 'y' }],
          match: { value: 'FULL' },
          onUpdate: 'set null',
          onDelete: 'no action',
          deferrable: { text: 'DEFERRABLE INITIALLY DEFERRED', isDeferred: true },
        },
      },
    ],
  ];

  test.each(CASES)('%s is read', (sql, facts) => {
    const table = parseTable(`CREATE TABLE t (a, b int ${sql}, c)`);
    expect(table.columns[1]?.constraints).toMatchObject([facts]);
    expect(table.columns[1]?.type?.text).toBe('int');
    expect(table.columns.length).toBe(3);
  });

  test('keeps its place among others, and its range is its text', () => {
    const table = parseTable(
      'CREATE TABLE t (a TEXT /* 1 */ NOT NULL CONSTRAINT x CHECK (a) DEFAULT (1) /* 2 */ UNIQUE)',
    );
    const texts = table.columns[0]?.constraints.map(({ start, end }) => printTokens(table.tokens.slice(start, end)));
    expect(texts).toEqual([' /* 1 */ NOT NULL', ' CONSTRAINT x CHECK (a)', ' DEFAULT (1)', ' /* 2 */ UNIQUE']);
  });
});

describe('a declared type', () => {
  test.each([
    ['a', null],
    ['a NOT NULL', null],
    ['a VARCHAR ( 10 ) NOT NULL', 'VARCHAR ( 10 )'],
    ['a DECIMAL(+10, -2)', 'DECIMAL(+10, -2)'],
    ['a UNSIGNED /* , */ BIG INT', 'UNSIGNED /* , */ BIG INT'],
    ['a TIMESTAMP WITH TIME ZONE DEFAULT 1', 'TIMESTAMP WITH TIME ZONE'],
    ['a GENERATED', 'GENERATED'],
    ['a INT GENERATED ALWAYS AS (1)', 'INT'],
    ['a "my type"', '"my type"'],
  ])('of %s is %s', (column, type) => {
    expect(parseTable(`CREATE TABLE t (${column})`).columns[0]?.type?.text ?? null).toBe(type);
  });
});

test('table constraints need no comma between them', () => {
  const table = parseTable(
    `CREATE TABLE t (a, b, CONSTRAINT p PRIMARY KEY (a COLLATE nocase DESC, (b)) ON CONFLICT FAIL
      CHECK (a) ON CONFLICT ABORT UNIQUE (b) FOREIGN KEY (a, b) REFERENCES o ON DELETE CASCADE CONSTRAINT z)`,
  );
  expect(table.constraints).toMatchObject([
    {
      kind: 'primaryKey',
      name: { value: 'p' },
      conflict: 'fail',
      columns: [
        { column: { value: 'a' }, collate: { value: 'nocase' }, order: 'desc' },
        { column: { value: 'b' }, collate: null, order: null },
      ],
    },
    { kind: 'check', expression: { text: 'a' }, conflict: 'abort' },
    { kind: 'unique', columns: [{ column: { value: 'b' } }] },
    {
      kind: 'foreignKey',
      columns: [{ value: 'a' }, { value: 'b' }],
      references: { columns: null, onDelete: 'cascade' },
    },
    { kind: 'nameOnly', name: { value: 'z' } },
  ]);
});

test('AUTOINCREMENT in a table constraint is not part of the column', () => {
  const table = parseTable('CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC AUTOINCREMENT))');
  expect(table.constraints).toMatchObject([
    { kind: 'primaryKey', autoincrement: true, columns: [{ column: { value: 'a' }, order: 'desc' }] },
  ]);
});

test('the head and the options are read, whatever stands between', () => {
  const table = parseTable(
    'create/**/temp table if not exists"s p".[t t](a int) /* x */ strict, without -- y\n rowid ;',
  );
  expect(table).toMatchObject({
    temporary: true,
    ifNotExists: true,
    schema: { value: 's p' },
    name: { value: 't t' },
    options: { strict: true, withoutRowid: true },
  });
});

test('a comma before the first option is allowed, as it is in SQLite', () => {
  const sql = 'CREATE TABLE t (a int) , STRICT';
  new Database(':memory:').exec(sql);
  expect(parseTable(sql).options.strict).toBe(true);
});

test('a STRICT table with a generated column on one line is read (Alembic cannot reflect it)', () => {
  const table = parseTable('CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED, c TEXT) STRICT');
  expect(table.columns.map(({ name, type }) => [name.value, type?.text])).toEqual([
    ['a', 'INTEGER'],
    ['b', 'INTEGER'],
    ['c', 'TEXT'],
  ]);
  expect(table.columns[1]?.constraints).toMatchObject([{ expression: { text: 'a * 2' }, storage: 'stored' }]);
});

describe('a statement that has no list of columns', () => {
  test.each([
    ['CREATE TABLE t AS SELECT 1 AS a', 'asSelect', 't'],
    ['CREATE VIRTUAL TABLE IF NOT EXISTS "f t" USING fts5(a, b)', 'virtual', 'f t'],
  ])('%s is answered as other', (sql, form, name) => {
    const parsed = parseCreateTable(sql);
    expect(parsed).toMatchObject({ kind: 'other', form, name: { value: name } });
    expect(printStatement(parsed)).toBe(sql);
  });

  test.each([
    'CREATE TABLE t (a int b NOT NULL DEFAULT)',
    'CREATE TABLE t (a,)',
    'CREATE TABLE t (a, CHECK (1),)',
    'CREATE TABLE t (a, CHECK (1), b)',
    'CREATE TABLE t (a CHECK (1) ON CONFLICT ABORT)',
    'CREATE TABLE t (a CHECK ())',
    'CREATE TABLE t (a varchar(max))',
    'CREATE TABLE t (a varchar(1) x)',
    'CREATE TABLE t (a DEFAULT -x)',
    'CREATE TABLE t (a DEFAULT 1abc)',
    'CREATE TABLE t (a DEFAULT ((1))',
    "CREATE TABLE t (a DEFAULT 'x)",
    'CREATE TABLE t (a NOT DEFERRABLE INITIALLY)',
    'CREATE TABLE t (a REFERENCES o ON DELETE NOTHING)',
    'CREATE TABLE t (a UNIQUE ON CONFLICT NOTHING)',
    'CREATE TABLE t (order INT)',
    'CREATE TABLE t (a, UNIQUE (a AUTOINCREMENT))',
    'CREATE TABLE t (a, PRIMARY KEY ())',
    'CREATE TABLE t (a) STRICT WITHOUT ROWID',
    'CREATE TABLE t (a) WITHOUT',
    'CREATE TABLE t (a) STRICT,',
    'CREATE TABLE t (a) x',
    'CREATE TABLE t ()',
    'CREATE TABLE t',
    'CREATE TABLE (a)',
  ])('%s is refused, as SQLite does', (sql) => {
    expect(() => new Database(':memory:').exec(sql)).toThrow();
    const parsed = parseCreateTable(sql);
    expect(parsed).toMatchObject({ kind: 'other', form: 'unrecognised', name: null });
    expect(printStatement(parsed)).toBe(sql);
  });

  test('the reason says what was expected, and where', () => {
    const parsed = parseCreateTable('CREATE TABLE t (a INT DEFAULT, b)');
    expect(parsed).toMatchObject({ reason: 'Expected a default value at offset 29, but there is ",".' });
  });

  test('two statements are not one', () => {
    expect(parseCreateTable('CREATE TABLE t (a); CREATE TABLE u (a)')).toMatchObject({ form: 'unrecognised' });
  });
});
