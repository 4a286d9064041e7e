import { beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const servers = dialects.filter(({ family }) => family === 'mysql');

/** Only MySQL and MariaDB have a mode in which they cut what does not fit. The others refuse it always. */
describeEach(servers, 'on $name, where the mode of the server is not strict', (dialect) => {
  const project = useProject(dialect);

  const upgrade = async (body: string): Promise<string> => {
    const engine = createEngine(project.url, {
      onConnect: async (connection) => void (await connection.execute("SET sql_mode = ''")),
    });
    try {
      await project.write({ id: 'aaaa', isAsync: true, upgrade: body });
      await project.open({ engine }).upgrade('head', { allowLoss: true });
      return 'done';
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await engine.dispose();
    }
  };

  beforeEach(async () => {
    await executeSql(project.url, [
      "SET sql_mode = ''",
      `CREATE TABLE t (id INT NOT NULL, name VARCHAR(50), n BIGINT, d DECIMAL(10, 2), u INT UNSIGNED, at DATETIME, size INT)
        CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
      "INSERT INTO t VALUES (0, 'as long as it is: 漢字', 5000000000, 123456.78, 4000000000, '0000-00-00 00:00:00', NULL)",
    ]);
  });

  const rows = async (): Promise<string> => JSON.stringify(await queryRows(project.url, 'SELECT * FROM t'));

  test.each([
    `op.alterColumn('t', 'name', { type: varchar(5) });`,
    `op.alterColumn('t', 'name', { type: integer() });`,
    `op.alterColumn('t', 'n', { type: integer() });`,
    `op.alterColumn('t', 'd', { type: numeric(5, 2) });`,
    `op.alterColumn('t', 'u', { type: integer() });`,
    `op.alterColumn('t', 'size', { nullable: false });`,
    `op.setTableOptions('t', { charset: 'latin1', collation: 'latin1_swedish_ci' });
     op.alterColumn('t', 'name', { collation: 'latin1_swedish_ci' });`,
    `op.createPrimaryKey(null, 't', ['size']);`,
  ])('%s cuts no value', async (body) => {
    const before = await rows();
    expect(await upgrade(body)).toBe('ALUDEL_REVISION_FAILED');
    expect(await rows()).toBe(before);
  });

  test('a revision that was refused goes on once its file is mended', async () => {
    const made = `op.createTable('other', [column('id', integer())]);`;
    const cut = await upgrade(`${made} op.alterColumn('t', 'name', { type: varchar(5) });`);
    expect(cut).toBe('ALUDEL_REVISION_FAILED');
    expect(await upgrade(`${made} op.alterColumn('t', 'name', { type: varchar(60) });`)).toBe('done');
  });

  test('what fits is changed, and dates and numbers of zero stay', async () => {
    const before = await rows();
    const body = `op.alterColumn('t', 'name', { type: varchar(60) });
      op.createPrimaryKey(null, 't', ['id']);
      op.alterColumn('t', 'id', { autoincrement: true });`;
    expect(await upgrade(body)).toBe('done');
    expect(await rows()).toBe(before);
  });

  test('the words of a revision mean what they did', async () => {
    const body = `op.alterColumn('t', 'name', { type: varchar(60) });
      op.execute("INSERT INTO t (id, size) VALUES (1, 'many')");`;
    expect(await upgrade(body)).toBe('done');
    expect(await queryRows(project.url, 'SELECT size FROM t WHERE id = 1')).toEqual([{ size: 0 }]);
  });
});
