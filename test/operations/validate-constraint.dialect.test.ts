import { check, foreignKey, integer, MetaData, sql } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const NOT_VALID = `op.createCheckConstraint('ck', 't', sql\`n > 0\`, { notValid: true });`;
const declare = (notValid: boolean): MetaData => {
  const metadata = new MetaData();
  metadata.table('p', { id: integer().primaryKey() });
  metadata.table('t', { id: integer().primaryKey(), n: integer() }, (c) => [
    check('positive', sql`n > 0`, { notValid, comment: 'why' }),
    foreignKey([c.n], 'p', ['id'], { name: 'fk', notValid }),
  ]);
  return metadata;
};

describe.each(dialects)('constraints that leave rows from before out on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models: MetaData;

  beforeEach(async () => {
    models = declare(true);
    await project.write({
      id: 'aaaa',
      upgrade: `op.createTable('p', [column('id', integer(), { nullable: false, autoincrement: true }), primaryKey(['id'], { name: 'pk_p' })]);
        op.createTable('t', [column('id', integer(), { nullable: false, autoincrement: true }), column('n', integer()), primaryKey(['id'], { name: 'pk_t' })]);`,
    });
    await project.migrator.upgrade();
  });

  test.runIf(dialect.name === 'postgres')(
    'are added, hold for new rows, and are validated later, both ways',
    async () => {
      await executeSql(project.url, ['INSERT INTO t (n) VALUES (-1)']);
      await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
      await project.migrator.upgrade();
      expect((await project.migrator.check()).operations).toEqual([]);
      await expect(executeSql(project.url, ['INSERT INTO t (n) VALUES (-1)'])).rejects.toThrow('ck_t_positive');
      const before = await dumpDatabase(project.url);

      models = declare(false);
      const { descriptions } = await project.migrator.revision({ autogenerate: true, revisionId: 'cccc' });
      expect(descriptions).toEqual(['validate constraint "fk" of "t"', 'validate constraint "ck_t_positive" of "t"']);
      await expect(project.migrator.upgrade()).rejects.toMatchObject({ message: expect.stringContaining('violate') });
      expect(await dumpDatabase(project.url)).toEqual(before);
      await executeSql(project.url, ['DELETE FROM t']);
      await project.migrator.upgrade();
      expect((await project.migrator.check()).operations).toEqual([]);
      expect((await dumpDatabase(project.url)).join()).not.toContain('NOT VALID');

      await project.migrator.downgrade('-1');
      expect(await dumpDatabase(project.url)).toEqual(before);
    },
  );

  test.skipIf(dialect.name === 'postgres').each([
    ['add', NOT_VALID, 'says NOT VALID, which'],
    ['validate', `op.validateConstraint('ck', 't');`, 'constraints always hold for every row here'],
    ['exclude', `op.createExclusionConstraint('ck', 't', [['n', '=']]);`, 'says an exclusion constraint, which'],
  ])('are refused by name: %s', async (_what, upgrade, reason) => {
    const before = await dumpDatabase(project.url);
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_OPERATION_UNSUPPORTED',
      message: expect.stringMatching(new RegExp(`"ck".*${reason}`)),
    });
    expect(await dumpDatabase(project.url)).toEqual(before);
  });
});
