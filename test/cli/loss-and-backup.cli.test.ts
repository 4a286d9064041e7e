import { beforeAll, describe, expect, test } from 'vitest';
import { createCliProject, plainConfig, revisionFile } from '../support/cli-project.js';
import type { Finished } from '../support/start-program.js';
import { useOnce } from '../support/use-each.js';

describe('--allow-loss, --backup and --resume-at', () => {
  const project = useOnce(() =>
    createCliProject({
      ...plainConfig({ url: 'sqlite:app.db' }),
      ...revisionFile({
        id: 'aaaa',
        upgrade: `op.createTable('seats', [column('id', integer())]); op.execute('INSERT INTO seats VALUES (1), (2)');`,
        downgrade: `op.dropTable('seats');`,
      }),
    }),
  );
  const run = (...args: readonly string[]): Promise<Finished> => project.run(args);
  const copies = async (): Promise<string[]> =>
    (await project.list('.')).filter((name) => /^app-[\d-]+T[\d-]+Z(?:-\d+)?\.db$/.test(name));

  beforeAll(() => run('upgrade'));

  test('without an answer nothing runs and nothing is copied; with one, what goes and the copy are named', async () => {
    const loss = 'This takes data away for good:\n  aaaa: drop table "seats", 2 rows\n';
    expect(await run('downgrade', 'base', '--backup')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        `Error ALUDEL_DATA_LOSS: ${loss}` +
        '  Nothing was run. If that is meant, run the command again with --allow-loss (and with --backup to keep a copy).\n',
    });
    expect(await copies()).toEqual([]);
    const down = await run('downgrade', 'base', '--allow-loss', '--backup');
    const [copy] = await copies();
    expect(down).toEqual({
      exitCode: 0,
      stdout: `Backed up to ${copy}\nRunning downgrade aaaa -> base, aaaa\nThe database is at base.\nTo go up again: npx aludel upgrade head\n`,
      stderr: loss,
    });
    const up = await run('upgrade', '--backup-to', 'copies', '--json');
    expect(JSON.parse(up.stdout)).toMatchObject({
      to: ['aaaa'],
      backup: { file: expect.stringContaining('/copies/app-') },
    });
  });

  test('an answer that nobody asked for is a mistake', async () => {
    expect(await run('upgrade', '--resume-at', 'done')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Nothing is in doubt'),
    });
    expect(await run('upgrade', '--resume-at', 'maybe')).toMatchObject({ exitCode: 2 });
  });
});
