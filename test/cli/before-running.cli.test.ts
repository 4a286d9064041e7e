import { describe, expect, test } from 'vitest';
import { createCliProject, plainConfig, revisionFile } from '../support/cli-project.js';
import type { Files } from '../support/folder.js';
import type { Finished } from '../support/start-program.js';
import { useOnce } from '../support/use-each.js';

describe('--dry-run and --strict', () => {
  const creating = (table: string): Files =>
    revisionFile({
      id: 'aaaa',
      message: 'add seats',
      upgrade: `op.createTable('${table}', [column('id', integer())]);`,
      downgrade: `op.dropTable('seats');`,
    });
  const project = useOnce(() => createCliProject({ ...plainConfig({ url: 'sqlite:app.db' }), ...creating('seats') }));
  const run = (...args: readonly string[]): Promise<Finished> => project.run(args);

  test('say what would run, and what is not as it was', async () => {
    expect(await run('upgrade', '--dry-run')).toEqual({
      exitCode: 0,
      stdout:
        'Would upgrade aaaa, add seats\n  + create table "seats"\nNothing was run. To run it, leave out --dry-run.\n',
      stderr: '',
    });
    expect((await run('upgrade', '--strict')).exitCode).toBe(0);
    expect((await run('downgrade', '-1', '--dry-run')).stdout).toContain('  ! drop table "seats"\n');

    await project.write(creating('chairs'));
    const told = expect.stringContaining('Warning: The file of an applied revision has changed since.');
    expect(await run('current')).toMatchObject({ exitCode: 0, stderr: told });
    expect(await run('current', '--strict')).toMatchObject({ exitCode: 3, stderr: told });
    expect(await run('upgrade', '--strict')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('ALUDEL_REVISION_EDITED'),
    });
    expect(await run('upgrade')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await run('downgrade', 'base')).toMatchObject({ exitCode: 0, stderr: told });
  });
});
