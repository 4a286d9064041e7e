/** What other tools for TypeScript lost without a word, or could not do, in `reference/peers.md`, section 0.2. */
import { enumeration, integer, type MetaData, text, varchar } from 'aludel';
import { describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { useEach } from '../support/use-each.js';
import { createLossProject } from './losses-project.js';

describe.each(dialects)('losses of other tools on $name', (dialect) => {
  const loss = useEach(() => createLossProject(dialect));

  const family = (type: typeof integer | typeof text | (() => ReturnType<typeof varchar>)) => (m: MetaData) => {
    m.table('parents', { id: integer().primaryKey(), n: type().notNull() });
    m.table('children', {
      id: integer().primaryKey(),
      parent: integer().notNull().references('parents.id', { onDelete: 'cascade' }),
    });
  };

  test('drizzle-kit, MikroORM, Knex, Sequelize: a parent whose column changes keeps its cascading children', async () => {
    await loss.moveTo(family(() => varchar(20)));
    await loss.execute(
      "INSERT INTO parents (id, n) VALUES (1, 'one')",
      'INSERT INTO children (id, parent) VALUES (1, 1), (2, 1)',
    );
    await loss.moveTo(family(text));
    expect(await loss.rows('SELECT id, parent FROM children ORDER BY id')).toEqual(['1 1', '2 1']);
    expect(await loss.rows('SELECT id, n FROM parents')).toEqual(['1 one']);
    // And the key still works.
    await loss.project.migrator.downgrade('-1');
    expect(await loss.rows('SELECT count(*) FROM children')).toEqual(['2']);
    await loss.execute(...(dialect.name === 'sqlite' ? ['PRAGMA foreign_keys = ON'] : []), 'DELETE FROM parents');
    expect(await loss.rows('SELECT count(*) FROM children')).toEqual(['0']);
  });

  test.each([
    ['drizzle-orm: eight runs at once on a database with a log insert the rows of a revision once', true],
    ['drizzle-orm, TypeORM: eight runs at once on an empty database all succeed, and apply each revision once', false],
  ])('%s', async (_name, hasLog) => {
    const { project } = loss;
    if (hasLog) await project.migrator.ensureVersion();
    await project.write({ id: 'aaaa', upgrade: `op.createTable('t', [column('n', integer())]);` });
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `for (let n = 1; n <= 5; n++) op.execute('INSERT INTO t (n) VALUES (' + n + ')');`,
    });
    const runs = await Promise.all(Array.from({ length: 8 }, () => project.open().upgrade()));
    expect(runs.map(({ to }) => to)).toEqual(Array.from({ length: 8 }, () => ['bbbb']));
    expect(await loss.rows('SELECT n FROM t ORDER BY n')).toEqual(['1', '2', '3', '4', '5']);
    expect(await loss.rows('SELECT revision FROM aludel_log ORDER BY revision')).toEqual(['aaaa', 'bbbb']);
  });

  test.each([
    ['varchar(200)', () => varchar(200)],
    ['text', text],
  ])('TypeORM: varchar(100) to %s keeps the values', async (_to, type) => {
    await loss.moveTo((m) => void m.table('t', { id: integer().primaryKey(), name: varchar(100) }));
    await loss.execute("INSERT INTO t (id, name) VALUES (1, 'alice')");
    const lines = await loss.moveTo((m) => void m.table('t', { id: integer().primaryKey(), name: type() }));
    expect(lines).toEqual(['alter column "name" of "t" (type)']);
    expect(await loss.rows('SELECT name FROM t')).toEqual(['alice']);
  });

  const withStatus = (values: readonly string[], value: string) => (m: MetaData) =>
    void m.table('t', { id: integer().primaryKey(), s: enumeration('status', values).notNull().serverDefault(value) });

  test('drizzle-kit: a new enum value may be the default in the same change', async () => {
    await loss.moveTo(withStatus(['open', 'closed'], 'open'));
    await loss.execute('INSERT INTO t (id) VALUES (1)');
    await loss.moveTo(withStatus(['open', 'waiting', 'closed'], 'waiting'));
    await loss.execute('INSERT INTO t (id) VALUES (2)');
    expect(await loss.rows('SELECT s FROM t ORDER BY id')).toEqual(['open', 'waiting']);
  });

  test('drizzle-kit: an enum value that rows hold is not removed under them, and they are counted', async () => {
    await loss.moveTo(withStatus(['open', 'closed'], 'open'));
    await loss.execute("INSERT INTO t (id, s) VALUES (1, 'closed'), (2, 'closed'), (3, 'open')");
    const before = await dumpDatabase(loss.project.url);
    await expect(loss.moveTo(withStatus(['open'], 'open'))).rejects.toThrow(
      'Column "s" of table "t" holds values that are to go: "closed" in 2 rows.',
    );
    expect(await dumpDatabase(loss.project.url)).toEqual(before);
    expect(await loss.rows('SELECT s FROM t ORDER BY id')).toEqual(['closed', 'closed', 'open']);
  });

  test('drizzle-kit: text that is no number outlives a change of its column to integer', async () => {
    const declare = (type: typeof integer | (() => ReturnType<typeof varchar>)) => (m: MetaData) =>
      void m.table('t', { id: integer().primaryKey(), v: type() });
    await loss.moveTo(declare(() => varchar(20)));
    await loss.execute("INSERT INTO t (id, v) VALUES (1, 'abc'), (2, '42')");
    const before = await dumpDatabase(loss.project.url);
    const change = loss.moveTo(declare(integer));
    if (dialect.name === 'sqlite') {
      // SQLite keeps what is no number as it is, in a column of any type: https://www.sqlite.org/datatype3.html
      await change;
    } else {
      await expect(change).rejects.toMatchObject({ code: 'ALUDEL_REVISION_FAILED' });
      expect(await dumpDatabase(loss.project.url)).toEqual(before);
    }
    expect(await loss.rows('SELECT v FROM t ORDER BY id')).toEqual(['abc', '42']);
  });
});
