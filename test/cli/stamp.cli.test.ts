import { describe, expect, test } from 'vitest';
import { createCliProject, plainConfig, revisionFile } from '../support/cli-project.js';
import type { Finished } from '../support/start-program.js';
import { useOnce } from '../support/use-each.js';

describe('aludel stamp and ensure-version', () => {
  const project = useOnce(() =>
    createCliProject({
      ...plainConfig({ url: 'sqlite:app.db' }),
      ...revisionFile({ id: 'aaaa' }),
      ...revisionFile({ id: 'bbbb', down: 'aaaa' }),
    }),
  );
  const run = (...args: readonly string[]): Promise<Finished> => project.run(args);

  test('say what they did and what comes next', async () => {
    expect(await run('ensure-version')).toEqual({
      exitCode: 0,
      stdout:
        'Created "aludel_version".\n' +
        'Next: npx aludel upgrade head, or npx aludel stamp head if the tables exist already\n',
      stderr: '',
    });
    expect((await run('ensure-version')).stdout).toContain('"aludel_version" exists already.');
    expect((await run('stamp', 'aaaa')).stdout).toBe(
      'Stamped base -> aaaa. No revision ran: the tables are as they were.\nNext: npx aludel upgrade heads\n',
    );
    expect((await run('stamp', 'head')).stdout).toBe(
      'Stamped aaaa -> bbbb. No revision ran: the tables are as they were.\nNext: npx aludel check\n',
    );
    expect((await run('stamp', 'head')).stdout).toContain('Nothing to do: the version table says bbbb.');
  });

  test('say that there is nothing to stamp without revisions, and what to type', async () => {
    const empty = await createCliProject({ ...plainConfig({ url: 'sqlite:app.db' }), 'migrations/.keep': '' });
    expect(await empty.run(['stamp', 'head'])).toEqual({
      exitCode: 0,
      stdout: `There are no revisions yet, so there is nothing to stamp.
Next: npx aludel revision --autogenerate -m "..."
To begin a history with what is there: npx aludel revision --autogenerate --from history -m baseline && npx aludel stamp head
`,
      stderr: '',
    });
  });

  test('print JSON and SQL', async () => {
    const json = await run('stamp', 'base', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ from: ['bbbb'], to: [], isAtHead: false });
    const { stdout } = await run('stamp', 'aaaa:bbbb', '--sql');
    expect(stdout).toBe(`BEGIN;
-- stamp: aaaa -> bbbb
UPDATE "aludel_version" SET version_num = 'bbbb' WHERE version_num = 'aaaa';
COMMIT;
`);
  });

  test('refuse what they cannot do', async () => {
    expect(await run('stamp')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('aludel stamp --help') });
    expect(await run('stamp', 'zzzz')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ALUDEL_REVISION_NOT_FOUND'),
    });
    expect((await run('stamp', 'aaaa:bbbb')).exitCode).toBe(2);
  });
});
