import { describe, expect, test } from 'vitest';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { plainConfig, revisionFile, useCliProject } from '../support/cli-project.js';
import { queryRows } from '../support/connect-to.js';

describe.each(dialects)('several processes on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const project = useCliProject(() => plainConfig({ url: database.url, migrations: './migrations' }));

  const write = (id: string, down: string | null, upgrade: string): Promise<void> =>
    project.write(revisionFile({ id, down, upgrade }));

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(database.url, sql);

  test.each([2, 50])('%i upgrades at once apply each revision exactly once and all succeed', async (count) => {
    await write('aaaa', null, `op.createTable('seats', [column('id', integer())]);`);
    await write('bbbb', 'aaaa', `op.execute('INSERT INTO seats (id) VALUES (1)');`);
    await write('cccc', 'bbbb', `op.execute('INSERT INTO seats (id) VALUES (2)');`);
    const runs = await Promise.all(Array.from({ length: count }, () => project.run(['upgrade', 'head'])));
    expect(runs.map((run) => [run.exitCode, run.stderr.replace(/^Waiting for another run.*\n/, '')])).toEqual(
      Array.from({ length: count }, () => [0, '']),
    );
    expect((await query('SELECT id FROM seats ORDER BY id')).map((row) => Number(row['id']))).toEqual([1, 2]);
    expect(await query('SELECT count(*) AS n FROM aludel_log')).toEqual([
      { n: expect.toSatisfy((n) => Number(n) === 3) },
    ]);
  });

  test('a run that is killed frees the lock, and the next one goes on', async () => {
    await write('aaaa', null, `op.createTable('seats', [column('id', integer())]);`);
    // Says that it has begun, then waits for a file that never comes.
    await write(
      'bbbb',
      'aaaa',
      `await op.execute('INSERT INTO seats (id) VALUES (1)');
       if (process.env['HOLD'] === '1') {
         console.log('holding');
         await new Promise((resolve) => setTimeout(resolve, 600_000));
       }`,
    );
    const holder = project.start(['upgrade', 'head'], { env: { HOLD: '1' } });
    await holder.saying('holding');
    holder.child.kill('SIGKILL');
    await holder.finished;
    const next = await project.run(['upgrade', 'head']);
    expect([next.exitCode, next.stdout]).toEqual([0, expect.stringContaining('The database is at bbbb.')]);
    expect(await query('SELECT id FROM seats')).toHaveLength(1);
  });

  test('a run that is killed in the middle of a statement is waited for only as long as that lasts', async () => {
    await write(
      'aaaa',
      null,
      // Where statements are on record, the second run has to be the same as the first.
      `if (process.env['HOLD'] === '1' || ${dialect.family === 'mysql'}) {
         await op.execute('SELECT 1 AS one');
         console.log('holding');
         await op.execute(${JSON.stringify(longStatement(dialect))});
       }`,
    );
    const holder = project.start(['upgrade', 'head'], { env: { HOLD: '1' } });
    await holder.saying('holding');
    while (!(await isRunning(longStatement(dialect)))) await new Promise((resolve) => setTimeout(resolve, 20));
    holder.child.kill('SIGKILL');
    await holder.finished;
    const next = await project.run(['upgrade', 'head']);
    expect([next.exitCode, next.stdout]).toEqual([0, expect.stringContaining('The database is at aaaa.')]);
    // PostgreSQL may have noticed by then, and SQLite runs nothing by itself.
    if (dialect.family === 'mysql') {
      expect(next.stderr).toMatch(/^Waiting for another run to end: session \d+ \(.+\), which runs: .*SLEEP\(\*\*\*\)/);
    }
  });

  async function isRunning(sql: string): Promise<boolean> {
    if (dialect.family === 'sqlite') return true;
    const [table, text] =
      dialect.family === 'postgres' ? ['pg_stat_activity', 'query'] : ['information_schema.PROCESSLIST', 'INFO'];
    const rows = await query(`SELECT ${text} AS text FROM ${table}`);
    return rows.some((row) => row['text'] === sql);
  }
});

/** PostgreSQL 14+ ends it when the client is gone; MySQL and MariaDB run it to its end. */
function longStatement({ family }: { readonly family: 'sqlite' | 'postgres' | 'mysql' }): string {
  if (family === 'postgres') return 'SELECT pg_sleep(600)';
  if (family === 'mysql') return 'SELECT SLEEP(5)';
  return 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
}
