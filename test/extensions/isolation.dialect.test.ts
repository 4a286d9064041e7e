import { describe, expect, test } from 'vitest';
import { definePlugin, type Plugin } from '../../src/extensions/plugin.js';
import { defineOperation } from '../../src/extensions/define-operation.js';
import { connectTo } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

/** A plugin whose operation `mark` writes who defined it, one statement a letter. */
function marker(owner: string): Plugin {
  return definePlugin({
    name: `marker of ${owner}`,
    operations: [
      defineOperation<[times: number]>({
        name: 'mark',
        describe: ([times]) => `mark ${times} times for ${owner}`,
        compile: ([times]) => Array.from({ length: times }, () => `INSERT INTO marks (owner) VALUES ('${owner}')`),
      }),
    ],
  });
}

describe.each(dialects)('two migrators in one process on $name', (dialect) => {
  const pair = ['red', 'blue'].map((owner) => useProject(dialect, { plugins: [marker(owner)] }));
  const projects = [...pair, useProject(dialect)];

  test('run operations of one name at the same time, each its own, and one without the plugin has none', async () => {
    for (const project of projects) {
      await project.write({
        id: 'aaaa',
        isAsync: true,
        upgrade: `op.createTable('marks', [column('owner', varchar(10))]);
          for (let i = 0; i < 5; i++) { op.mark(2); await op.execute('SELECT 1'); }`,
      });
    }
    const [red, blue, none] = await Promise.allSettled(projects.map(({ migrator }) => migrator.upgrade()));
    expect([red?.status, blue?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(none).toMatchObject({
      status: 'rejected',
      reason: {
        message: expect.stringContaining('op.mark is not a function'),
        hint: expect.stringContaining('add it to "plugins"'),
      },
    });
    const owners = pair.map(({ url }) =>
      connectTo(url, async (connection) => {
        const { rows } = await connection.execute('SELECT owner, count(*) AS n FROM marks GROUP BY owner');
        return rows.map((row) => [row['owner'], Number(row['n'])]);
      }),
    );
    expect(await Promise.all(owners)).toEqual([[['red', 10]], [['blue', 10]]]);
  });

  test('describe their own operations in dry runs that overlap', async () => {
    for (const project of pair) await project.write({ id: 'aaaa', upgrade: 'op.mark(3);' });
    const runs = await Promise.all(pair.map(({ migrator }) => migrator.upgrade('head', { dryRun: true })));
    expect(runs.map(({ steps }) => steps[0]?.descriptions)).toEqual([
      ['mark 3 times for red'],
      ['mark 3 times for blue'],
    ]);
  });
});
