import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, dialects, type TestDatabase } from './databases.js';
import { dumpDatabase } from './dump.js';
import { dumpRows } from './dump-rows.js';
import { executeSql } from './execute-sql.js';

const OWN_TABLES = ['CREATE TABLE aludel_version (version_num varchar(32))', 'CREATE TABLE aludel_log (id integer)'];

describe.each(dialects)('$name', (dialect) => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeEach(async () => {
    [first, second] = await Promise.all([createDatabase(dialect), createDatabase(dialect)]);
  });

  afterEach(async () => {
    await Promise.all([first.drop(), second.drop()]);
  });

  it('dumps an empty database as nothing', async () => {
    await executeSql(first.url, OWN_TABLES);
    expect(await dumpDatabase(first.url)).toEqual([]);
    expect(await dumpRows(first.url)).toBe('');
  });

  it('dumps two databases alike when they differ in the order of columns alone', async () => {
    await executeSql(first.url, ['CREATE TABLE t (a integer NOT NULL, b varchar(10))', 'CREATE INDEX i ON t (a)']);
    await executeSql(second.url, ['CREATE TABLE t (b varchar(10), a integer NOT NULL)', 'CREATE INDEX i ON t (a)']);
    const dump = await dumpDatabase(first.url);
    expect(dump).toHaveLength(dialect.family === 'mysql' ? 1 : 2);
    expect(await dumpDatabase(second.url)).toEqual(dump);
  });

  it('dumps two databases differently when a column, an index or a view differs', async () => {
    await executeSql(first.url, ['CREATE TABLE t (a integer NOT NULL)']);
    const dumps = [(await dumpDatabase(first.url)).join('\n')];
    for (const sql of [
      'ALTER TABLE t ADD COLUMN b integer',
      'CREATE INDEX i ON t (a)',
      'CREATE VIEW v AS SELECT a FROM t',
    ]) {
      await executeSql(first.url, [sql]);
      dumps.push((await dumpDatabase(first.url)).join('\n'));
    }
    expect(new Set(dumps).size).toBe(4);
  });

  it('dumps rows whatever their order and that of the columns', async () => {
    await executeSql(first.url, [
      'CREATE TABLE t (a integer, b varchar(10))',
      "INSERT INTO t VALUES (1, 'x'), (2, NULL)",
    ]);
    await executeSql(second.url, [
      'CREATE TABLE t (b varchar(10), a integer)',
      "INSERT INTO t VALUES (NULL, 2), ('x', 1)",
    ]);
    const text = dialect.name === 'sqlite' ? { x: "'x'", null: '"NULL"' } : { x: 'x', null: 'null' };
    expect(await dumpRows(first.url)).toBe(`t (2)\n  {"a":"1","b":"${text.x}"}\n  {"a":"2","b":${text.null}}`);
    expect(await dumpRows(second.url)).toBe(await dumpRows(first.url));
  });
});
