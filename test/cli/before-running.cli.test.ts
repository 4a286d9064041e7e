import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { revisionSource } from '../support/project.js';
import { createFolder, runAludel } from '../support/run-aludel.js';

describe('--dry-run and --strict', () => {
  let folder: Awaited<ReturnType<typeof createFolder>>;
  const run = (...args: readonly string[]): ReturnType<typeof runAludel> => runAludel(folder.path, args);
  const write = (table: string): Promise<void> =>
    writeFile(
      join(folder.path, 'migrations', 'aaaa.ts'),
      revisionSource({
        id: 'aaaa',
        message: 'add seats',
        upgrade: `op.createTable('${table}', [column('id', integer())]);`,
        downgrade: `op.dropTable('seats');`,
      }),
    );

  beforeAll(async () => {
    folder = await createFolder();
    await writeFile(join(folder.path, 'migrate.config.js'), `export default { url: 'sqlite:app.db' };\n`);
    await write('seats');
  });
  afterAll(() => folder.remove());

  test('say what would run, and what is not as it was', async () => {
    expect(await run('upgrade', '--dry-run')).toEqual({
      exitCode: 0,
      stdout:
        'Would upgrade aaaa, add seats\n  + create table "seats"\nNothing was run. To run it, leave out --dry-run.\n',
      stderr: '',
    });
    expect((await run('upgrade', '--strict')).exitCode).toBe(0);
    expect((await run('downgrade', '-1', '--dry-run')).stdout).toContain('  ! drop table "seats"\n');

    await write('chairs');
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
