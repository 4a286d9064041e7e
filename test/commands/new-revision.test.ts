import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { parseHeader } from '../../src/revisions/parse-header.js';
import { useProject, revisionSource } from '../support/project.js';

const NOW = new Date('2026-11-21T10:45:00.000Z');

describe('a new revision', () => {
  const project = useProject('sqlite::memory:');

  const header = async (file: string | null): Promise<object> => parseHeader(await readFile(file ?? '', 'utf8'), null);

  async function branch(): Promise<void> {
    await project.write({ id: 'aaaa' });
    await project.write({ id: 'bbb1', down: 'aaaa', header: `export const branchLabels = ['net'];` });
    await project.write({ id: 'bbb2', down: 'aaaa' });
  }

  test('comes behind the head, or the one that is named', async () => {
    await branch();
    const { revision, open } = { ...project.migrator, open: project.open };
    await expect(revision()).rejects.toMatchObject({
      code: 'ALUDEL_MULTIPLE_HEADS',
      hint: 'Run "aludel merge bbb1 bbb2" first, or add --head bbb1.',
    });
    expect((await revision({ head: 'net@head', revisionId: 'cccc' })).down).toEqual(['bbb1']);
    expect((await revision({ head: 'bbb2', revisionId: 'dddd' })).down).toEqual(['bbb2']);
    expect((await open().heads()).map((entry) => entry.revision)).toEqual(['cccc', 'dddd']);
  });

  test('forks the history only with splice', async () => {
    await branch();
    const { revision } = project.migrator;
    await expect(revision({ head: 'aaaa' })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: expect.stringContaining('--splice'),
    });
    expect((await revision({ head: 'aaaa', splice: true })).down).toEqual(['aaaa']);
  });

  test('begins a labelled history of its own, with what it depends on', async () => {
    await branch();
    await project.write({ id: 'long_id', down: 'bbb2' });
    const { file } = await project.migrator.revision({
      head: 'base',
      message: 'begin shop',
      branchLabels: ['shop'],
      dependsOn: ['long', 'net', 'aaaa'],
      revisionId: 's001',
    });
    expect(await header(file)).toMatchObject({
      id: 's001',
      down: [],
      branchLabels: ['shop'],
      dependsOn: ['long_id', 'net', 'aaaa'],
    });
    expect((await project.migrator.show('shop@head'))[0]?.revision).toBe('s001');
  });

  test('refuses labels that are taken and ids that nothing could name', async () => {
    await branch();
    const { revision } = project.migrator;
    const first = { head: 'bbb1' };
    await expect(revision({ ...first, branchLabels: ['net'] })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_DUPLICATE',
    });
    await expect(revision({ ...first, branchLabels: ['a@b'] })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_INVALID',
    });
    await expect(revision({ ...first, revisionId: 'aaaa' })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await expect(revision({ ...first, dependsOn: ['zzzz'] })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_NOT_FOUND',
    });
    expect(await project.migrator.heads()).toHaveLength(2);
  });

  test('goes beside its parent, or into the folder that is named', async () => {
    const folders = ['one', 'two'].map((name) => join(project.folder, name));
    for (const folder of folders) await mkdir(folder);
    const { revision } = project.open({ config: { ...project.config, migrations: folders } });
    const place = async (options: Parameters<typeof revision>[0]): Promise<string> =>
      relative(project.folder, (await revision(options)).file ?? '');
    expect(await place({ revisionId: 'aaaa' })).toBe(join('one', 'aaaa.ts'));
    expect(await place({ revisionId: 'bbbb', versionPath: join(project.folder, 'two') })).toBe(join('two', 'bbbb.ts'));
    expect(await place({ revisionId: 'cccc' })).toBe(join('two', 'cccc.ts'));
    await expect(revision({ versionPath: join(project.folder, 'three') })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: expect.stringContaining('none of the migration folders'),
    });
  });

  test('is found in the folders below when they are read', async () => {
    const config = { ...project.config, recursive: true, fileTemplate: '{year}/{rev}_{slug}' };
    const { revision, history } = project.open({ config });
    const first = await revision({ revisionId: 'aaaa', message: 'one', now: NOW });
    expect(relative(project.folder, first.file ?? '')).toBe(join('migrations', '2026', 'aaaa_one.ts'));
    const second = await revision({ revisionId: 'bbbb', now: NOW });
    expect(relative(project.folder, second.file ?? '')).toBe(join('migrations', '2026', 'bbbb.ts'));
    const below = join(project.folder, 'migrations', 'x', 'y');
    await mkdir(below, { recursive: true });
    await writeFile(join(below, 'cccc.ts'), revisionSource({ id: 'cccc', down: 'bbbb' }));
    const third = await revision({ revisionId: 'dddd', versionPath: below, now: NOW });
    expect(third.down).toEqual(['cccc']);
    expect(await history()).toHaveLength(4);
  });

  test('gets its id by number, by date or from a function', async () => {
    const make = async (revisionIds: Config['revisionIds'], more: Partial<Config> = {}): Promise<string | null> => {
      const config: Config = { ...project.config, revisionIds, ...more };
      return (await project.open({ config }).revision({ message: 'x', now: NOW })).revision;
    };
    expect(await make('sequence')).toBe('0001');
    expect(await make('sequence')).toBe('0002');
    expect(await make('timestamp')).toBe('20261121104500');
    expect(await make('timestamp')).toBe('20261121104501');
    expect(await make('timestamp', { timezone: 'Asia/Tokyo' })).toBe('20261121194500');
    expect(await make(({ message, down, existing }) => `${message}_${down.join('_')}_${existing.length}`)).toBe(
      'x_20261121194500_5',
    );
    expect(await make('hex')).toMatch(/^[0-9a-f]{12}$/);
    await expect(make(() => 'a-b')).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: 'Correct "revisionIds" in the config file.',
    });
  });
});
