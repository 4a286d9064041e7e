/** Defects of Alembic 1.19.2 that lose something, in `reference/alembic.md`, section 5; the number is that of its table. */
import { integer, type MetaData } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { describeEach } from '../support/describe-each.js';
import { useEach } from '../support/use-each.js';
import { createLossProject } from './losses-project.js';

describe.each(dialects)('losses of Alembic on $name', (dialect) => {
  const loss = useEach(() => createLossProject(dialect));

  test('1: tables that refer to each other are dropped from the end of the chain, in the same order each time', async () => {
    await loss.moveTo((m: MetaData) => {
      m.table('b', { id: integer().primaryKey(), d: integer().references('d.id') });
      m.table('d', { id: integer().primaryKey(), a: integer().references('a.id') });
      m.table('a', { id: integer().primaryKey(), c: integer().references('c.id') });
      m.table('c', { id: integer().primaryKey() });
      m.table('kept', { id: integer().primaryKey() });
    });
    const lines = await loss.moveTo((m) => void m.table('kept', { id: integer().primaryKey() }));
    expect(lines).toEqual(['b', 'd', 'a', 'c'].map((name) => `drop table "${name}"`));
  });

  test('2: an unnamed CHECK survives a change of its table, and is checked', async () => {
    // Everywhere else the server gives it a name.
    await loss.execute('CREATE TABLE t (id integer PRIMARY KEY, n integer CHECK (n > 0), m integer)');
    await loss.execute('INSERT INTO t VALUES (1, 5, 6)');
    await loss.project.write({ id: 'aaaa', upgrade: `op.alterColumn('t', 'm', { nullable: false });` });
    await loss.project.migrator.upgrade();
    await expect(loss.execute('INSERT INTO t VALUES (2, -5, 6)')).rejects.toThrow();
    expect(await loss.rows('SELECT id, n, m FROM t')).toEqual(['1 5 6']);
  });

  test('3: a change that fails half-way leaves no table of its own behind, and the next run goes through', async () => {
    await loss.execute('CREATE TABLE t (id integer PRIMARY KEY, n integer)');
    await loss.execute('INSERT INTO t VALUES (1, NULL)', 'CREATE VIEW v AS SELECT id, n FROM t');
    const before = await dumpDatabase(loss.project.url);
    await loss.project.write({
      id: 'aaaa',
      upgrade: `op.alterColumn('t', 'n', { nullable: false });`,
    });
    await expect(loss.project.migrator.upgrade()).rejects.toMatchObject({ code: expect.stringMatching(/^ALUDEL_/) });
    expect(await dumpDatabase(loss.project.url)).toEqual(before);
    await loss.execute('UPDATE t SET n = 7');
    await loss.project.migrator.upgrade();
    expect(await loss.rows('SELECT id, n FROM v')).toEqual(['1 7']);
  });
});

const TABLE = `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE UNIQUE, n INTEGER, CHECK (n < 100), CONSTRAINT small CHECK (n < 50))`;

describeEach(
  dialects.filter(({ name }) => name === 'sqlite'),
  'losses of Alembic in a rebuild on $name',
  (dialect) => {
    const loss = useEach(() => createLossProject(dialect));

    beforeEach(async () => {
      await loss.execute(
        TABLE,
        "INSERT INTO t (id, name, n) VALUES (1, 'Ada', 1), (9, 'Eve', 2)",
        'DELETE FROM t WHERE id = 9',
        'CREATE INDEX by_lower ON t (lower(name))',
        'CREATE TABLE seen (n INTEGER)',
        'CREATE TRIGGER remember AFTER UPDATE ON t BEGIN INSERT INTO seen VALUES (new.n); END',
        'CREATE VIEW v AS SELECT name, n FROM t',
      );
      await loss.project.write({ id: 'aaaa', upgrade: `op.alterColumn('t', 'n', { nullable: false });` });
      await loss.project.migrator.upgrade();
    });

    test('makes the alteration that was asked for', async () => {
      expect(await loss.rows("SELECT sql FROM sqlite_master WHERE name = 't'")).toEqual([
        expect.stringContaining('n INTEGER NOT NULL'),
      ]);
    });

    test('2: AUTOINCREMENT goes on where it was, and gives no key twice', async () => {
      await loss.execute("INSERT INTO t (name, n) VALUES ('Bob', 3)");
      expect(await loss.rows('SELECT max(id) FROM t')).toEqual(['10']);
    });

    test('2: COLLATE NOCASE still holds', async () => {
      await expect(loss.execute("INSERT INTO t (name, n) VALUES ('ADA', 3)")).rejects.toThrow('UNIQUE');
    });

    test('2: a named CHECK on the same line as the rest still holds', async () => {
      await expect(loss.execute("INSERT INTO t (name, n) VALUES ('Bob', 60)")).rejects.toThrow('small');
    });

    test('2: an index on an expression is there', async () => {
      expect(await loss.rows("SELECT sql FROM sqlite_master WHERE name = 'by_lower'")).toEqual([
        'CREATE INDEX by_lower ON t (lower(name))',
      ]);
    });

    test('2: a trigger is there, and fires', async () => {
      await loss.execute('UPDATE t SET n = 4');
      expect(await loss.rows('SELECT n FROM seen')).toEqual(['4']);
    });

    test('3: a view on the table is no obstacle, and works', async () => {
      expect(await loss.rows('SELECT name, n FROM v')).toEqual(['Ada 1']);
    });
  },
);

describeEach(
  dialects.filter(({ name }) => name === 'sqlite'),
  'losses of Alembic in generated columns on $name',
  (dialect) => {
    const loss = useEach(() => createLossProject(dialect));

    test.each([' STRICT', ''])(
      '4: a generated column written on one line is read, and survives a rebuild%s',
      async (strict) => {
        await loss.execute(
          `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER AS (a * 2) STORED, c TEXT)${strict}`,
          "INSERT INTO t (id, a, c) VALUES (1, 21, 'x')",
        );
        await loss.project.write({ id: 'aaaa', upgrade: `op.alterColumn('t', 'c', { nullable: false });` });
        await loss.project.migrator.upgrade();
        await loss.execute('UPDATE t SET a = 4');
        expect(await loss.rows('SELECT a, b, c FROM t')).toEqual(['4 8 x']);
        const [sqlText] = await loss.rows("SELECT sql FROM sqlite_master WHERE name = 't'");
        expect(sqlText).toBe(
          `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER AS (a * 2) STORED, c TEXT NOT NULL)${strict}`,
        );
      },
    );

    test('2: a CHECK without a name in a structural revision stays without one', async () => {
      await loss.project.write({
        id: 'aaaa',
        upgrade: `op.createTable('u', [column('n', integer()), check(null, sql\`n > 0\`)]);
          op.createCheckConstraint(null, 'u', sql\`n < 9\`);`,
        downgrade: `op.dropUnnamedConstraint('u', check(null, sql\`n < 9\`)); op.dropTable('u');`,
      });
      await loss.project.migrator.upgrade();
      const [sqlText] = await loss.rows("SELECT sql FROM sqlite_master WHERE name = 'u'");
      expect(sqlText).not.toContain('CONSTRAINT');
      await expect(loss.execute('INSERT INTO u VALUES (0)')).rejects.toThrow('CHECK');
      await expect(loss.execute('INSERT INTO u VALUES (9)')).rejects.toThrow('CHECK');
      await loss.project.migrator.downgrade('base');
      expect(await loss.rows("SELECT name FROM sqlite_master WHERE name = 'u'")).toEqual([]);
    });
  },
);
