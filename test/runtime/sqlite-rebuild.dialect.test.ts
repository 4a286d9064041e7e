import { beforeEach, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import type { MigrationEvent } from '../../src/runtime/migrate.js';
import { useProject } from '../support/project.js';
import { queryRows } from '../support/connect-to.js';

/** Only SQLite rebuilds tables: the other databases alter them in place. */
describeEach(
  dialects.filter(({ name }) => name === 'sqlite'),
  'rebuilding a table on $name',
  (dialect) => {
    const project = useProject(dialect);

    beforeEach(async () => {
      await executeSql(project.url, [
        'CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE, size INTEGER CHECK (size > 0))',
        'CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE)',
        `INSERT INTO parent (id, name, size) VALUES (1, 'a', 1), (2, 'b', 2), (7, 'gone', 3)`,
        'DELETE FROM parent WHERE id = 7',
        'INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1), (3, 2)',
      ]);
    });

    const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);

    const RENAME_TYPE = `op.alterColumn('parent', 'name', { nullable: false });`;

    test('keeps the rows of children that would cascade, the counter, collations and checks', async () => {
      await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
      await project.migrator.upgrade('head', { allowLoss: true });
      expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
      await executeSql(project.url, [`INSERT INTO parent (name, size) VALUES ('new', 1)`]);
      expect(await query(`SELECT id FROM parent WHERE name = 'NEW'`)).toEqual([{ id: 8 }]);
      await expect(executeSql(project.url, [`INSERT INTO parent (name, size) VALUES ('x', 0)`])).rejects.toThrow(
        'CHECK',
      );
    });

    test.each(['TEXT', 'INT'])(
      'keeps the hidden numbers of rows behind a key of %s, by which an index knows them',
      async (type) => {
        await executeSql(project.url, [
          `CREATE TABLE notes (slug ${type} PRIMARY KEY, body TEXT, "RowId" TEXT)`,
          `INSERT INTO notes (_rowid_, slug, body) VALUES (70, 1, 'first words'), (90, 2, 'second words')`,
          `CREATE VIRTUAL TABLE found USING fts5 (body, content=notes, content_rowid=_rowid_)`,
          `INSERT INTO found (found) VALUES ('rebuild')`,
        ]);
        await project.write({ id: 'aaaa', upgrade: `op.alterColumn('notes', 'body', { nullable: false });` });
        await project.migrator.upgrade('head');
        const sql = `SELECT slug FROM found JOIN notes ON notes._rowid_ = found.rowid WHERE found MATCH 'second'`;
        expect(await query(sql)).toEqual([{ slug: type === 'INT' ? 2 : '2' }]);
      },
    );

    test('gives a table its name in other letters, with all that refers to it', async () => {
      await executeSql(project.url, ['CREATE VIEW names AS SELECT name FROM parent']);
      const before = await dumpDatabase(project.url);
      await project.write({
        id: 'aaaa',
        upgrade: `op.renameTable('parent', 'Parent');`,
        downgrade: `op.renameTable('Parent', 'parent');`,
      });
      await project.migrator.upgrade();
      const names = `SELECT name FROM sqlite_master WHERE name LIKE '%parent%' AND type = 'table'`;
      expect(await query(names)).toEqual([{ name: 'Parent' }]);
      expect(await query('SELECT name FROM names')).toEqual([{ name: 'a' }, { name: 'b' }]);
      expect(await query('SELECT "table" FROM pragma_foreign_key_list(\'child\')')).toEqual([{ table: 'Parent' }]);
      await executeSql(project.url, [`INSERT INTO parent (name, size) VALUES ('new', 1)`]);
      expect(await query(`SELECT max(id) AS id FROM parent`)).toEqual([{ id: 8 }]);
      await project.migrator.downgrade('base');
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('counts what columns of ANY lose in a table that is strict no more', async () => {
      await executeSql(project.url, [
        'CREATE TABLE bag (id INTEGER PRIMARY KEY, thing ANY, name TEXT) STRICT',
        `INSERT INTO bag VALUES (1, '007', '007'), (2, 7, NULL), (3, '7', '7'), (4, x'37', ''), (5, 'x', NULL)`,
      ]);
      await project.write({
        id: 'aaaa',
        upgrade: `op.setTableOptions('bag', { strict: false });`,
        downgrade: `op.setTableOptions('bag', { strict: true });`,
      });
      await expect(project.migrator.upgrade()).rejects.toMatchObject({
        code: 'ALUDEL_DATA_LOSS',
        details: { losses: [{ table: 'bag', column: 'thing', rows: 1 }] },
      });
      await executeSql(project.url, ['DELETE FROM bag WHERE id = 1']);
      await project.migrator.upgrade();
      await project.migrator.downgrade('base');
    });

    test('keeps children when their parent is altered after data was read in the same revision', async () => {
      await project.write({
        id: 'aaaa',
        isAsync: true,
        upgrade: `await op.execute('SELECT 1');\n${RENAME_TYPE}`,
      });
      await project.migrator.upgrade('head', { allowLoss: true });
      expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
    });

    test('does not delete the children of a table that is dropped: it refuses to leave them behind', async () => {
      const before = await dumpDatabase(project.url);
      await project.write({ id: 'aaaa', upgrade: `op.dropTable('parent');` });
      await expect(project.migrator.upgrade('head', { allowLoss: true })).rejects.toMatchObject({
        code: 'ALUDEL_FOREIGN_KEY_CHECK_FAILED',
        message: expect.stringContaining('3 rows of "child" would refer to nothing in "parent"'),
      });
      expect(await dumpDatabase(project.url)).toEqual(before);
      expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
    });

    test('leaves foreign keys on afterwards, also when it failed', async () => {
      await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
      await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.dropTable('parent');` });
      await expect(project.migrator.upgrade('head', { allowLoss: true })).rejects.toThrow();
      const violation = executeSql(project.url, ['INSERT INTO child (id, parent_id) VALUES (9, 99)']);
      await expect(violation).rejects.toThrow('FOREIGN KEY');
    });

    test('tolerates violations that were there before', async () => {
      await executeSql(project.url, ['PRAGMA foreign_keys = OFF', 'INSERT INTO child (id, parent_id) VALUES (9, 99)']);
      await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
      await project.migrator.upgrade('head', { allowLoss: true });
      expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 4 }]);
    });

    test('works beside a foreign key to columns that are not unique, and looks at all others', async () => {
      await executeSql(project.url, [
        'CREATE TABLE loose (name TEXT REFERENCES parent (name))',
        'CREATE TABLE other (parent_id INTEGER REFERENCES parent (id))',
        'INSERT INTO other VALUES (2)',
      ]);
      await project.write({ id: 'aaaa', upgrade: RENAME_TYPE });
      await project.migrator.upgrade('head', { allowLoss: true });
      await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.dropTable('parent');` });
      await expect(project.migrator.upgrade('head', { allowLoss: true })).rejects.toMatchObject({
        code: 'ALUDEL_FOREIGN_KEY_CHECK_FAILED',
        message: expect.stringContaining('1 rows of "other" would refer to nothing in "parent"'),
      });
    });

    test('takes no key away that a foreign key refers to', async () => {
      await executeSql(project.url, [
        'CREATE TABLE "by name" (name TEXT CONSTRAINT uq_name UNIQUE)',
        'CREATE TABLE "its child" (name TEXT REFERENCES "by name" (name))',
      ]);
      const before = await dumpDatabase(project.url);
      await project.write({ id: 'aaaa', upgrade: `op.dropConstraint('uq_name', 'by name', { type: 'unique' });` });
      await expect(project.migrator.upgrade('head')).rejects.toMatchObject({
        code: 'ALUDEL_FOREIGN_KEY_CHECK_FAILED',
        message: expect.stringContaining('a foreign key of "its child" would refer to columns that are not unique'),
        hint: expect.stringContaining('Drop the foreign key first, or keep the key that it refers to.'),
      });
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('keeps triggers, views, indexes and every clause of the text that the change is not about', async () => {
      await executeSql(project.url, [
        `CREATE TABLE odd (
        "id" INTEGER PRIMARY KEY ON CONFLICT REPLACE, -- the key
        [a b] TEXT UNIQUE ON CONFLICT IGNORE COLLATE NOCASE DEFAULT ('x,)' || 'y'),
        size INT CHECK (size > 0 /* really */) NOT NULL,
        twice INT GENERATED ALWAYS AS (size * 2) VIRTUAL,
        CHECK (length([a b]) < 100), FOREIGN KEY (size) REFERENCES parent MATCH FULL NOT DEFERRABLE
      ) STRICT`,
        'CREATE INDEX odd_size ON odd (size COLLATE BINARY DESC) WHERE size > 1',
        'CREATE TRIGGER watch AFTER INSERT ON odd BEGIN INSERT INTO parent (name, size) VALUES (NEW."a b", 1); END',
        'CREATE VIEW big AS SELECT "a b", size FROM odd WHERE size > 10',
        `INSERT INTO parent (id, name, size) VALUES (5, 'five', 5)`,
        `INSERT INTO odd (id, "a b", size) VALUES (1, 'one', 5)`,
      ]);
      await project.write({
        id: 'aaaa',
        upgrade: `op.alterColumn('odd', 'size', { serverDefault: 5 });
        op.addColumn('odd', column('more', text(), { nullable: false, serverDefault: sql\`lower('M')\` }));
        op.createCheckConstraint('ck_odd_more', 'odd', sql\`more <> ''\`);`,
        downgrade: `op.dropConstraint('ck_odd_more', 'odd', { type: 'check' });
        op.dropColumn('odd', 'more');
        op.alterColumn('odd', 'size', { serverDefault: null });`,
      });
      const before = await dumpDatabase(project.url);
      await project.migrator.upgrade('head', { allowLoss: true });
      const rows = await query('SELECT id, "a b" AS a, size, twice, more FROM odd');
      expect(rows).toEqual([{ id: 1, a: 'one', size: 5, twice: 10, more: 'm' }]);
      const [{ sql }] = (await query(`SELECT sql FROM sqlite_master WHERE name = 'odd'`)) as [{ sql: string }];
      for (const part of [
        'ON CONFLICT REPLACE, -- the key',
        '/* really */',
        'ON CONFLICT IGNORE COLLATE NOCASE',
        'STRICT',
      ]) {
        expect(sql).toContain(part);
      }
      await executeSql(project.url, [`INSERT INTO odd (id, "a b") VALUES (2, 'two')`]);
      expect(await query(`SELECT count(*) AS n FROM parent WHERE name = 'two'`)).toEqual([{ n: 1 }]);
      await project.migrator.downgrade('-1', { allowLoss: true });
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('several alterations of one table make one rebuild, whatever stands between them', async () => {
      await project.write({
        id: 'aaaa',
        upgrade: `op.alterColumn('parent', 'name', { nullable: false });
        op.alterColumn('child', 'parent_id', { nullable: true });
        op.createUniqueConstraint('uq_parent_name', 'parent', ['name']);
        op.alterColumn('parent', 'size', { serverDefault: 1 });
        op.createIndex('ix_parent_size', 'parent', ['size']);`,
      });
      const statements: string[] = [];
      const onEvent = (event: MigrationEvent): void => {
        if (event.kind === 'statement') statements.push(event.sql);
      };
      await project.open({ onEvent }).upgrade();
      expect(statements.filter((sql) => sql.startsWith('DROP TABLE'))).toEqual([
        'DROP TABLE "__aludel_old_parent"',
        'DROP TABLE "__aludel_old_child"',
      ]);
      expect(await query('SELECT count(*) AS n FROM child')).toEqual([{ n: 3 }]);
      expect(await query(`SELECT name FROM sqlite_master WHERE name = 'ix_parent_size'`)).toHaveLength(1);
    });

    test('refuses to drop a column that a trigger mentions, by name, and changes nothing', async () => {
      await executeSql(project.url, ['CREATE TRIGGER watch AFTER UPDATE OF size ON parent BEGIN SELECT NEW.size; END']);
      const before = await dumpDatabase(project.url);
      await project.write({ id: 'aaaa', upgrade: `op.dropColumn('parent', 'size');` });
      await expect(project.migrator.upgrade('head', { allowLoss: true })).rejects.toMatchObject({
        code: 'ALUDEL_REBUILD_REFUSED',
        message: expect.stringContaining('trigger "watch" mentions "size"'),
      });
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('refuses a rebuild that would break a view, and changes nothing', async () => {
      await executeSql(project.url, ['CREATE VIEW sizes AS SELECT size FROM parent']);
      const before = await dumpDatabase(project.url);
      await project.write({ id: 'aaaa', upgrade: `op.dropColumn('parent', 'size');` });
      await expect(project.migrator.upgrade('head', { allowLoss: true })).rejects.toThrow('sizes');
      expect(await dumpDatabase(project.url)).toEqual(before);
    });
  },
);
