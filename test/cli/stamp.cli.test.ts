import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFolder, runAludel } from '../support/run-aludel.js';
import { revisionSource } from '../support/project.js';

describe('aludel stamp and ensure-version', () => {
  let folder: Awaited<ReturnType<typeof createFolder>>;
  const run = (...args: readonly string[]): ReturnType<typeof runAludel> => runAludel(folder.path, args);

  beforeAll(async () => {
    folder = await createFolder();
    await writeFile(join(folder.path, 'migrate.config.js'), `export default { url: 'sqlite:app.db' };\n`);
    await writeFile(join(folder.path, 'migrations', 'aaaa.ts'), revisionSource({ id: 'aaaa' }));
    await writeFile(join(folder.path, 'migrations', 'bbbb.ts'), revisionSource({ id: 'bbbb', down: 'aaaa' }));
  });
  afterAll(() => folder.remove());

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
