import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { revisionSource } from '../support/project.js';
import { plainConfig, useCliProject } from '../support/cli-project.js';
import type { Finished } from '../support/start-program.js';

describe('commands that write revisions', () => {
  const source = (id: string, down?: string): string =>
    revisionSource({ id, down }).replaceAll(/: Operations|, type Operations/g, '');
  const project = useCliProject({
    ...plainConfig({ url: 'sqlite:app.db', revisionIds: 'sequence' }),
    'migrations/aaaa.js': source('aaaa'),
    'migrations/bbbb.js': source('bbbb', 'aaaa'),
    'migrations/cccc.js': source('cccc', 'aaaa'),
  });
  const run = (...args: readonly string[]): Promise<Finished> => project.run(args);

  test('revision takes a parent, labels, dependencies and the id that the config says', async () => {
    expect(await run('revision', '-m', 'x')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Run "aludel merge bbbb cccc" first, or add --head bbbb.'),
    });
    const args = ['--head', 'base', '--branch-label', 'net', '--depends-on', 'bbbb', '--depends-on', 'cccc'];
    const { stdout } = await run('revision', '-m', 'x', ...args);
    expect(stdout).toBe(
      `Wrote ${join('migrations', '0001_x.js')}\nReview the file, then run: npx aludel upgrade head\n`,
    );
    expect(JSON.parse((await run('show', 'net@head', '--json')).stdout)).toMatchObject([
      { revision: '0001', down: [], dependsOn: ['bbbb', 'cccc'], branchLabels: ['net'] },
    ]);
    expect(await run('revision', '--head', 'aaaa')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--splice'),
    });
    expect((await run('revision', '--head', 'aaaa', '--splice')).exitCode).toBe(0);
  });

  test('merge joins heads and says what comes next', async () => {
    expect(await run('merge', '-m', 'both')).toEqual({
      exitCode: 0,
      stdout: `bbbb, cccc -> 0001\nWrote ${join('migrations', '0001_both.js')}\nNext: npx aludel upgrade head\n`,
      stderr: '',
    });
    expect(await run('merge', '--auto')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Nothing to merge'),
    });
    expect(await run('merge')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('A merge needs two revisions'),
    });
    expect(await project.list('migrations')).toHaveLength(4);
  });

  test('rebase rewrites the parent, and refuses when the database has run the revision', async () => {
    await run('upgrade', 'bbbb');
    expect(await run('rebase', 'bbbb', '--onto', 'cccc')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ALUDEL_REVISION_APPLIED'),
    });
    expect(await run('rebase', 'cccc', '--onto', 'bbbb')).toEqual({
      exitCode: 0,
      stdout:
        'cccc has the parent bbbb now; it was aaaa.\n' +
        `Rewrote ${join('migrations', 'cccc.js')}\nNext: npx aludel heads --check\n`,
      stderr: '',
    });
    expect((await run('heads', '--check')).exitCode).toBe(0);
    expect(await run('rebase', 'cccc')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--onto') });
  });

  test('squash says what it would do, and needs to be told about the files', async () => {
    expect(await run('squash', 'aaaa:bbbb')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"cccc", which is not in the range, comes behind "aaaa".'),
    });
    await run('revision', '--head', 'bbbb', '--rev-id', 'dddd', '-m', 'x');
    expect(await run('squash', 'bbbb:dddd')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Add --delete, --move-to FOLDER, or --dry-run'),
    });
    expect(await run('squash', 'bbbb:dddd', '--dry-run')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('2 revisions become dddd:'),
    });
    expect(await run('squash', 'bbbb:dddd', '--delete', '--move-to', 'old')).toMatchObject({ exitCode: 2 });
    const { exitCode, stdout } = await run('squash', 'bbbb:dddd', '--move-to', 'old', '-m', 'one');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Moved migrations/bbbb.js to old/bbbb.js')]);
    expect(await project.list('migrations')).toEqual(['aaaa.js', 'cccc.js', 'dddd_one.js']);
  });
});
