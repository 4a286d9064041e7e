import { beforeEach, describe, expect, test } from 'vitest';
import { connectTo } from '../support/connect-to.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { plainConfig, revisionFile, useCliProject } from '../support/cli-project.js';

const ROWS = 50;

/** Each portion adds one to its rows; at the fifth the process says so and waits to be killed, before or after its work. */
const upgradeBy = (work: string): string => `let portion = 0;
  const hold = async (where: string): Promise<void> => {
    if (portion !== 5 || process.env['HOLD'] !== where) return;
    console.log('holding');
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  };
  await op.batch('t', { size: 7, columns: ['id'] }, async (rows) => {
    portion += 1;
    await hold('before');
    ${work}
    await hold('after');
  });
  op.execute('INSERT INTO t (id, n) VALUES (1000, 1)');`;

const WORKS = {
  'op.db': `await op.db.updateTable('t').set({ n: sql\`n + 1\` }).where('id', 'in', rows.map((row) => row.id)).execute();`,
  'op.execute': `await op.execute('UPDATE t SET n = n + 1 WHERE id IN (' + rows.map((row) => row.id).join() + ')');`,
};

describe.each(dialects)('a batch that is killed on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const project = useCliProject(() => plainConfig({ url: database.url, migrations: './migrations' }));

  beforeEach(async () => {
    const values = Array.from({ length: ROWS }, (_, i) => `(${i * 2})`);
    await executeSql(database.url, [
      'CREATE TABLE t (id integer NOT NULL PRIMARY KEY, n integer NOT NULL DEFAULT 0)',
      `INSERT INTO t (id) VALUES ${values.join(', ')}`,
    ]);
  });

  const counts = (): Promise<number[]> =>
    connectTo(database.url, async (connection) => {
      const { rows } = await connection.execute('SELECT n, count(*) AS rows_of FROM t GROUP BY n ORDER BY n');
      return rows.flatMap((row) => [Number(row['n']), Number(row['rows_of'])]);
    });

  async function write(work: string): Promise<void> {
    const header = 'export const transaction = false;';
    await project.write(revisionFile({ id: 'aaaa', isAsync: true, header, upgrade: upgradeBy(work) }));
  }

  async function killAt(where: string): Promise<void> {
    const run = project.start(['upgrade'], { env: { HOLD: where } });
    await run.saying('holding');
    run.child.kill('SIGKILL');
    await run.finished;
  }

  const cases = Object.entries(WORKS).flatMap(([how, work]) =>
    ['before', 'after'].map((where) => ({ where, how, work })),
  );

  test.each(cases)(
    '$where the work of a portion by $how goes on there, and each row is touched once',
    async ({ where, work }) => {
      await write(work);
      await killAt(where);
      expect(await counts()).toEqual([0, ROWS - 28, 1, 28]);
      const next = await project.run(['upgrade']);
      expect([next.exitCode, next.stdout]).toEqual([0, expect.stringContaining('The database is at aaaa.')]);
      expect(await counts()).toEqual([1, ROWS + 1]);
    },
  );
});
