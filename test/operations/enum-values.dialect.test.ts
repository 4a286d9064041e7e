import { beforeEach, expect, test } from 'vitest';
import { connectTo } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

// Elsewhere an enum is a part of its column: test/schema-cases/cases/enums.ts and new-enum-value.dialect.test.ts.
describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'the swap of an enum type on $name',
  (dialect) => {
    const project = useProject(dialect);

    beforeEach(async () => {
      await executeSql(project.url, [
        "CREATE TYPE status AS ENUM ('open', 'gone', 'closed')",
        `CREATE TABLE t (id integer PRIMARY KEY, s status NOT NULL DEFAULT 'open', many status[] DEFAULT '{open,closed}',
           g text GENERATED ALWAYS AS (CASE s WHEN 'open' THEN 'o' ELSE 'x' END) STORED,
           CONSTRAINT ck CHECK (s <> 'closed' OR id > 0))`,
        "CREATE INDEX by_state ON t (s) WHERE s = 'open'",
        'CREATE INDEX by_many ON t USING gin (many)',
        "INSERT INTO t (id, s, many) VALUES (1, 'open', '{open}'), (2, 'closed', NULL), (3, 'open', '{}')",
      ]);
      await project.write({
        id: 'aaaa',
        upgrade: `op.alterEnum('status', ['closed', 'new', 'open']);`,
        downgrade: `op.alterEnum('status', ['open', 'gone', 'closed']);`,
      });
    });

    const rows = () =>
      connectTo(project.url, async (connection) => {
        const found = await connection.execute('SELECT id, s::text, many::text, g FROM t ORDER BY id');
        return found.rows.map((row) => Object.values(row).join(' '));
      });

    test('keeps data, arrays, defaults, indexes, checks and generated columns, there and back', async () => {
      const [before, held] = [await dumpDatabase(project.url), await rows()];
      await project.migrator.upgrade();
      expect(await rows()).toEqual(held);
      expect((await dumpDatabase(project.url)).join()).not.toContain('__aludel_old');
      await executeSql(project.url, [
        "INSERT INTO t (id, s, many) VALUES (4, 'new', '{new,open}')",
        'DELETE FROM t WHERE id = 4',
      ]);
      await project.migrator.downgrade('base');
      // A column that others are computed from is made anew, and stands last.
      expect((await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'))).toEqual(before);
      expect(await rows()).toEqual(held);
    });

    test('counts the rows that hold a value which goes, in columns and in arrays, and changes nothing', async () => {
      await executeSql(project.url, [
        "INSERT INTO t (id, s, many) VALUES (4, 'gone', NULL), (5, 'gone', NULL), (6, 'open', '{gone,gone,open}')",
      ]);
      const before = await dumpDatabase(project.url);
      const attempt = (): Promise<unknown> => project.migrator.upgrade();
      await expect(attempt()).rejects.toMatchObject({
        message: expect.stringContaining('Column "s" of table "t" holds values that are to go: "gone" in 2 rows.'),
        details: { applied: 0 },
      });
      await executeSql(project.url, ["DELETE FROM t WHERE s = 'gone'"]);
      await expect(attempt()).rejects.toMatchObject({
        message: expect.stringContaining('Column "many" of table "t" holds values that are to go: "gone" in 1 row.'),
      });
      expect((await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'))).toEqual(before);
    });

    test.each([
      ['a view', 'CREATE VIEW v AS SELECT s FROM t'],
      ['a view on a view', 'CREATE VIEW v AS SELECT s FROM t; CREATE VIEW a AS SELECT count(*) AS n FROM v'],
      ['a view of arrays', 'CREATE VIEW v AS SELECT many FROM t'],
      ['a materialized view with an index', 'CREATE MATERIALIZED VIEW v AS SELECT s FROM t; CREATE INDEX i ON v (s)'],
      ['a function', "CREATE FUNCTION f(status) RETURNS int LANGUAGE sql AS 'SELECT 1'"],
      [
        'a trigger',
        `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER changed BEFORE UPDATE OF s ON t FOR EACH ROW EXECUTE FUNCTION f()`,
      ],
    ])('takes %s along, there and back', async (_name, sql) => {
      await executeSql(project.url, [sql]);
      const before = await dumpDatabase(project.url);
      await project.migrator.upgrade();
      await project.migrator.downgrade('base');
      expect((await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'))).toEqual(before);
    });

    test.each([
      ['type d', 'CREATE DOMAIN d AS status'],
      ['column s of table p', 'CREATE TABLE p (s status) PARTITION BY LIST (s)'],
    ])('refuses %s by name, and changes nothing', async (name, sql) => {
      await executeSql(project.url, [sql]);
      const before = await dumpDatabase(project.url);
      await expect(project.migrator.upgrade()).rejects.toMatchObject({
        message: expect.stringContaining(
          `Enum "status" is used by what cannot follow its change (drop that before, create it again after): ${name}.`,
        ),
        details: { applied: 0 },
      });
      expect((await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'))).toEqual(before);
    });
  },
);
