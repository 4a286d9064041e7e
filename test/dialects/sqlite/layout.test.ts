import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { compileCreateTable } from '../../../src/dialects/sqlite/create-table.js';
import { parseCreateTable } from '../../../src/dialects/sqlite/ddl/create-table.js';
import { normaliseTokens } from '../../../src/dialects/sqlite/ddl/normalise-tokens.js';
import { sqlite } from '../../../src/dialects/sqlite/index.js';
import { takeLayouts } from '../../../src/dialects/sqlite/layout.js';
import { rebuild } from '../../../src/dialects/sqlite/rebuild.js';
import { readTable } from '../../../src/dialects/sqlite/read-table.js';
import { EMPTY_SCHEMA, type Schema, type Table } from '../../../src/schema/table.js';

function tableOf(sql: string): Table {
  const parsed = parseCreateTable(sql);
  if (parsed.kind !== 'table') throw new Error(parsed.reason);
  return readTable(parsed, parsed.name.value);
}

const schemaOf = (table: Table): Schema => ({ ...EMPTY_SCHEMA, tables: [table] });
const words = (sql: string): string => normaliseTokens(sql);

describe('a table made from what was read of it', () => {
  it.each([
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT '' NOT NULL COLLATE nocase)",
    'CREATE TABLE t (id INTEGER, PRIMARY KEY (id AUTOINCREMENT))',
    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(90) UNIQUE NOT NULL CHECK (email <> ''))",
    'CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT)',
    'CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID',
    'CREATE TABLE t (a, b NULL, UNIQUE (a DESC, b COLLATE nocase) ON CONFLICT REPLACE)',
    'CREATE TABLE t (a INTEGER NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT FAIL DEFAULT (1))',
    'CREATE TABLE t (a INT, b INT AS (a + 1) VIRTUAL, c INT AS (a + 2), d INT GENERATED ALWAYS AS (a + 3) STORED NOT NULL)',
    'CREATE TABLE t (a INT REFERENCES u ON UPDATE CASCADE ON DELETE NO ACTION DEFERRABLE INITIALLY IMMEDIATE)',
    'CREATE TABLE t (a INT, b INT REFERENCES u(x), FOREIGN KEY (a) REFERENCES u (x) ON DELETE NO ACTION ON UPDATE SET NULL)',
    'CREATE TABLE t (a INT CONSTRAINT small CHECK (a < 9) CHECK (a > 0), b INT CHECK (b > 1), CHECK (a < b))',
    'CREATE TABLE t (a INT CONSTRAINT filled NOT NULL, b TEXT DEFAULT "a word", c TEXT DEFAULT word)',
    'CREATE TABLE t (a INT, b INT, FOREIGN KEY (b) REFERENCES u (x) CHECK (a > b), UNIQUE (a) CONSTRAINT one CHECK (a <> 1) CHECK (b <> 2))',
    'CREATE TABLE t (a INT CONSTRAINT k PRIMARY KEY DESC, b INT CONSTRAINT u UNIQUE)',
    "CREATE TABLE t (kind TEXT NOT NULL DEFAULT 'a' CHECK (kind IN ('a', 'b')), other TEXT CHECK (other IN ('c')) NOT NULL)",
  ])('%s', (sql) => {
    const [statement] = compileCreateTable(tableOf(sql));
    expect(words(statement?.sql ?? '')).toBe(words(sql));
  });
});

const live = tableOf("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT DEFAULT '' NOT NULL)");
const moved = tableOf("CREATE TABLE t (id INTEGER, name TEXT NOT NULL DEFAULT '', PRIMARY KEY (id))");

it('what a column has come to have stands behind the words of its layout, and what it has no more is left out', () => {
  const [id, name] = live.columns;
  if (id === undefined || name === undefined) throw new Error('no columns');
  const changed = { ...live, columns: [id, { ...name, default: null, collation: 'nocase' }] };
  expect(words(compileCreateTable(changed)[0]?.sql ?? '')).toBe(
    words('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE nocase)'),
  );
});

it('another layout is a change between two databases, which writes the statement anew', () => {
  const plan = compareSchemas(schemaOf(live), schemaOf(moved), sqlite.capabilities);
  expect(plan.map(({ kind }) => kind)).toEqual(['setTableOptions']);
  const statements = rebuild(plan, live).map(({ sql }) => words(sql));
  expect(statements).toContain(words("CREATE TABLE t (id INTEGER, name TEXT NOT NULL DEFAULT '', PRIMARY KEY (id))"));
});

it('models leave a table laid out as it is', () => {
  const wanted = takeLayouts(schemaOf(moved), schemaOf(live));
  expect(compareSchemas(schemaOf(live), wanted, sqlite.capabilities)).toEqual([]);
});

it('a statement that says what there is no word for is not written anew', () => {
  const sql = 'CREATE TABLE t (a INT, b INT, CHECK (a > 0) ON CONFLICT ROLLBACK)';
  const table = { ...tableOf(sql), source: { sql, indexes: [], triggers: [], views: [] } };
  const changes = { 'layout b': 'null' };
  expect(() => rebuild([{ kind: 'setTableOptions', table: live, changes, existing: null }], table)).toThrow(
    'Cannot set options of table "t" (layout b): the statement of "t" says what Aludel has no words for.',
  );
});

it('a column that one of two databases lacks comes in its words, and goes with them', () => {
  const more = tableOf("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT DEFAULT '' NOT NULL, mail TEXT UNIQUE NULL)");
  const plan = compareSchemas(schemaOf(live), schemaOf(more), sqlite.capabilities);
  expect(plan.map(({ kind }) => kind)).toEqual(['addColumn', 'addConstraint', 'setTableOptions']);
  const wanted = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT DEFAULT '' NOT NULL, mail TEXT UNIQUE NULL)";
  expect(rebuild(plan, live).map(({ sql }) => words(sql))).toContain(words(wanted));
  const back = compareSchemas(schemaOf(more), schemaOf(live), sqlite.capabilities);
  expect(back.map(({ kind }) => kind)).toEqual(['setTableOptions', 'dropConstraint', 'dropColumn']);
});
