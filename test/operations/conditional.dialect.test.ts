import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const TABLE = `op.createTable('t', [column('id', integer(), { nullable: false }), column('n', integer()), primaryKey(['id'], { name: 'pk' })]);`;

describe.each(dialects)('IF EXISTS and IF NOT EXISTS on $name', (dialect) => {
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: TABLE });
    await project.migrator.upgrade();
    await executeSql(project.url, ['INSERT INTO t (id, n) VALUES (1, 2)']);
  });

  const isMysql = dialect.name === 'mysql';
  const hasColumns = dialect.name === 'postgres' || dialect.name === 'mariadb';
  const INDEX = `op.createIndex('ix', 't', ['n'], { ifNotExists: true });`;
  const upgrade = async (body: string): Promise<void> => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: body });
    await project.migrator.upgrade('head', { allowLoss: true });
  };

  test('a table that is there is left as it is, one that is not need not be dropped', async () => {
    const before = await dumpDatabase(project.url);
    await upgrade(
      `op.createTable('t', [column('other', integer())], { ifNotExists: true });
       op.dropTable('missing', { ifExists: true });
       op.createTable('u', [column('id', integer())], { ifNotExists: true });
       op.dropTable('u', { ifExists: true });`,
    );
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  test.skipIf(isMysql)('so it is with an index', async () => {
    const before = await dumpDatabase(project.url);
    await upgrade(
      `${INDEX} ${INDEX} op.dropIndex('ix', 't', { ifExists: true }); op.dropIndex('ix', 't', { ifExists: true });`,
    );
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  test.runIf(hasColumns)('so it is with columns and constraints', async () => {
    const before = await dumpDatabase(project.url);
    await upgrade(
      `op.addColumn('t', column('n', varchar(10)), { ifNotExists: true });
       op.addColumn('t', column('m', integer(), { nullable: false, serverDefault: 1 }), { ifNotExists: true });
       op.dropColumn('t', 'm', { ifExists: true });
       op.dropColumn('t', 'm', { ifExists: true });
       op.createCheckConstraint('ck', 't', sql\`n > 0\`);
       op.dropConstraint('ck', 't', { type: 'check', ifExists: true });
       op.dropConstraint('ck', 't', { type: 'check', ifExists: true });
       op.dropConstraint('fk', 't', { ifExists: true });`,
    );
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  test
    .skipIf(hasColumns)
    .each<readonly [string, string]>([
      ['a column that is added', `op.addColumn('t', column('m', integer()), { ifNotExists: true });`],
      ['a column that is dropped', `op.dropColumn('t', 'n', { ifExists: true });`],
      ['a constraint', `op.dropConstraint('ck', 't', { type: 'check', ifExists: true });`],
      ...(isMysql ? [['an index', INDEX] as [string, string]] : []),
    ])('%s is refused by name, and nothing changes', async (_what, body) => {
    const before = await dumpDatabase(project.url);
    await expect(upgrade(body)).rejects.toMatchObject({
      code: 'ALUDEL_OPERATION_UNSUPPORTED',
      message: expect.stringMatching(/"t".* has no IF (?:NOT )?EXISTS for it/),
    });
    expect(await dumpDatabase(project.url)).toEqual(before);
  });
});
