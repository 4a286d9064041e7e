import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Row } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, type TestProject } from '../support/project.js';

/** Only SQLite rebuilds tables: the other databases alter them in place. */
describe.each(dialects.filter(({ name }) => name === 'sqlite'))('rebuilding a table on $name', (dialect) => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let project: TestProject;

  beforeEach(async () => {
    database = await createDatabase(dialect);
    project = await createProject(database.url);
    await executeSql(database.url, [
      'CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE, size INTEGER CHECK (size > 0))',
      'CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE)',
      `INSERT INTO parent (id, name, size) VALUES (1, 'a', 1), (2, 'b', 2), (7, 'gone', 3)`,
      'DELETE FROM parent WHERE id = 7',
      'INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1), (3, 2)',
    ]);
  });

  afterEach(async () => {
    await project.remove();
    await database.drop();
  });

  async function query(sql: string): Promise<readonly Row[]> {
    const engine = createEngine(database.url);
    const connection = await engine.connect();
    try {
      return (await connection.execute(sql)).rows;
    } finally {
      await engine.dispose();
    }
  }

  const RENAME_TYPE = `op.alterColumn('parent', 'name', { nullable: false });`;

  test('keeps the rows of children that would cascade, the counter, collations and checks', async () => {
    await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
    await project.migrator.upgrade();
    expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
    await executeSql(database.url, [`INSERT INTO parent (name, size) VALUES ('new', 1)`]);
    expect(await query(`SELECT id FROM parent WHERE name = 'NEW'`)).toEqual([{ id: 8 }]);
    await expect(executeSql(database.url, [`INSERT INTO parent (name, size) VALUES ('x', 0)`])).rejects.toThrow(
      'CHECK',
    );
  });

  test('keeps children when their parent is altered after data was read in the same revision', async () => {
    await project.write({
      id: 'aaaa',
      isAsync: true,
      upgrade: `await op.execute('SELECT 1');\n${RENAME_TYPE}`,
    });
    await project.migrator.upgrade();
    expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
  });

  test('does not delete the children of a table that is dropped: it refuses to leave them behind', async () => {
    const before = await dumpDatabase(database.url);
    await project.write({ id: 'aaaa', upgrade: `op.dropTable('parent');` });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_FOREIGN_KEY_CHECK_FAILED',
      message: expect.stringContaining('3 rows of "child" would refer to nothing in "parent"'),
    });
    expect(await dumpDatabase(database.url)).toEqual(before);
    expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
  });

  test('leaves foreign keys on afterwards, also when it failed', async () => {
    await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.dropTable('parent');` });
    await expect(project.migrator.upgrade()).rejects.toThrow();
    const violation = executeSql(database.url, ['INSERT INTO child (id, parent_id) VALUES (9, 99)']);
    await expect(violation).rejects.toThrow('FOREIGN KEY');
  });

  test('tolerates violations that were there before', async () => {
    await executeSql(database.url, ['PRAGMA foreign_keys = OFF', 'INSERT INTO child (id, parent_id) VALUES (9, 99)']);
    await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
    await project.migrator.upgrade();
    expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 4 }]);
  });

  test.each([
    ['a trigger', 'CREATE TRIGGER watch AFTER INSERT ON parent BEGIN SELECT 1; END', 'trigger "watch"'],
    ['a view', 'CREATE VIEW names AS SELECT name FROM parent', 'view "names"'],
  ])('refuses a table with %s by name and changes nothing', async (_what, sql, named) => {
    await executeSql(database.url, [sql]);
    const before = await dumpDatabase(database.url);
    await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_REBUILD_REFUSED',
      message: expect.stringContaining(named),
    });
    expect(await dumpDatabase(database.url)).toEqual(before);
  });

  test('refuses a clause that it cannot carry by name', async () => {
    await executeSql(database.url, ['CREATE TABLE odd (id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT IGNORE)']);
    await project.write({ id: 'aaaa', upgrade: `op.alterColumn('odd', 'a', { nullable: false });` });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_REBUILD_REFUSED',
      message: expect.stringContaining('ON CONFLICT of column "a"'),
    });
  });
});
