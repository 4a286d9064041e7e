import { enumeration, integer, MetaData } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import { connectTo } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

/** PostgreSQL lets a new value be used once it is committed; elsewhere enums are part of their columns. */
describe.each(dialects)('a new enum value on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models: MetaData;

  const declare = (values: readonly string[], value: string): MetaData => {
    const metadata = new MetaData();
    const columns = { id: integer().primaryKey(), s: enumeration('status', values).serverDefault(value) };
    metadata.table('t', columns);
    return metadata;
  };

  beforeEach(async () => {
    models = declare(['open'], 'open');
    await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
    await project.migrator.upgrade();
    await executeSql(project.url, ['INSERT INTO t (id) VALUES (1)']);
  });

  const values = (): Promise<unknown[]> =>
    connectTo(project.url, async (connection) => {
      const { rows } = await connection.execute('SELECT s FROM t ORDER BY id');
      return rows.map((row) => row['s']);
    });

  test('is the default in the revision that adds it, and every row keeps its value', async () => {
    const before = await dumpDatabase(project.url);
    models = declare(['fresh', 'open', 'late'], 'fresh');
    await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    await project.migrator.upgrade();
    await executeSql(project.url, ['INSERT INTO t (id) VALUES (2)']);
    expect(await values()).toEqual(['open', 'fresh']);
    expect((await project.migrator.check()).operations).toEqual([]);
    expect((await project.migrator.current()).unfinished).toBeNull();
    await executeSql(project.url, ["DELETE FROM t WHERE s = 'fresh'"]);
    await project.migrator.downgrade('-1');
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect(await values()).toEqual(['open']);
  });

  test('that rows hold is not taken away: they are counted, and nothing changes', async () => {
    models = declare(['open', 'late'], 'open');
    await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    await project.migrator.upgrade();
    await executeSql(project.url, ["INSERT INTO t (id, s) VALUES (2, 'late'), (3, 'late')"]);
    const before = await dumpDatabase(project.url);
    await expect(project.migrator.downgrade('-1')).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_FAILED',
      message: expect.stringContaining('Column "s" of table "t" holds values that are to go: "late" in 2 rows.'),
    });
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect(await values()).toEqual(['open', 'late', 'late']);
  });

  describe.runIf(dialect.name === 'postgres')('in a file', () => {
    const write = (upgrade: string, isAsync = false): Promise<string> =>
      project.write({ id: 'bbbb', down: 'aaaa', isAsync, upgrade });

    test.each([
      ['an update', `op.addEnumValue('status', 'fresh'); op.execute("UPDATE t SET s = 'fresh'");`],
      [
        'a check and an index',
        `op.addEnumValue('status', 'fresh');
         op.createCheckConstraint('ck', 't', sql\`s <> 'fresh' OR id > 0\`);
         op.createIndex('ix', 't', ['s'], { where: sql\`s = 'fresh'\` });
         op.execute("UPDATE t SET s = 'fresh'");`,
      ],
      [
        'what is put next to another new one',
        `op.addEnumValue('status', 'later', { before: 'open' });
         op.addEnumValue('status', 'fresh', { after: 'later' });
         op.execute("UPDATE t SET s = 'fresh'");`,
      ],
    ])('serves %s', async (_what, upgrade) => {
      await write(upgrade);
      await project.migrator.upgrade();
      expect(await values()).toEqual(['fresh']);
    });

    test('serves what is awaited behind it', async () => {
      await write(
        `op.execute('SELECT 1');
         op.addEnumValue('status', 'fresh');
         await op.execute("UPDATE t SET s = 'fresh'");`,
        true,
      );
      await project.migrator.upgrade();
      expect(await values()).toEqual(['fresh']);
    });

    test('stays in the transaction when nothing uses it, and goes with it', async () => {
      const before = await dumpDatabase(project.url);
      await write(`op.addEnumValue('status', 'fresh'); op.execute('SELECT 1 / 0');`);
      await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 0 } });
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('that was added before a failure is met again by the next run', async () => {
      await write(`op.addEnumValue('status', 'fresh'); op.execute("UPDATE t SET s = 'fresh' WHERE 1 / (id - 1) > 0");`);
      await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
      expect(await values()).toEqual(['open']);
      await executeSql(project.url, ['UPDATE t SET id = 2']);
      await project.migrator.upgrade();
      expect(await values()).toEqual(['fresh']);
    });

    test('is added before BEGIN in a script', async () => {
      await write(`op.addEnumValue('status', 'fresh'); op.execute("UPDATE t SET s = 'fresh'");`);
      const { sql } = await project.migrator.upgrade('aaaa:bbbb', { sql: true });
      expect((sql ?? '').split('\n').slice(1, 4)).toEqual([
        `ALTER TYPE "status" ADD VALUE IF NOT EXISTS 'fresh';`,
        'BEGIN;',
        "UPDATE t SET s = 'fresh';",
      ]);
    });
  });
});
