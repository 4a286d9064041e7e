import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { openProject, useProject } from '../support/project.js';

describe.each(dialects)('rebasing a revision on $name', (dialect) => {
  const project = useProject(dialect);
  const files: Record<string, string> = {};

  beforeEach(async () => {
    files['aaaa'] = await project.write({ id: 'aaaa' });
    files['main'] = await project.write({ id: 'main', down: 'aaaa' });
    files['mine'] = await project.write({ id: 'mine', down: 'aaaa' });
    files['next'] = await project.write({ id: 'next', down: 'mine' });
  });

  test('puts it and what comes behind it on another parent', async () => {
    await project.migrator.upgrade('main');
    expect(await project.migrator.rebase('mine', { onto: 'main' })).toEqual({
      revision: 'mine',
      file: files['mine'],
      from: ['aaaa'],
      to: ['main'],
      isDatabaseChecked: true,
    });
    expect(await readFile(files['mine'] ?? '', 'utf8')).toContain(`export const downRevision = 'main';`);
    expect((await project.open().upgrade()).steps.map((step) => step.revision)).toEqual(['mine', 'next']);
  });

  test('refuses a revision that the database has applied, and changes nothing', async () => {
    await project.migrator.upgrade('next');
    const before = await readFile(files['mine'] ?? '', 'utf8');
    await expect(project.migrator.rebase('mine', { onto: 'main' })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_APPLIED',
      details: { revision: 'mine' },
      hint: expect.stringContaining('aludel downgrade aaaa'),
    });
    expect(await readFile(files['mine'] ?? '', 'utf8')).toBe(before);
    await project.migrator.downgrade('aaaa');
    expect((await project.migrator.rebase('mine', { onto: 'main' })).to).toEqual(['main']);
  });

  test('refuses circles and merges', async () => {
    const { rebase } = project.migrator;
    await expect(rebase('mine', { onto: 'next' })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: 'Did you mean "aludel rebase next --onto mine"?',
    });
    await expect(rebase('mine', { onto: 'mine' })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await expect(rebase('heads', { onto: 'base' })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await expect(rebase('mine', { onto: 'head' })).rejects.toMatchObject({ code: 'ALUDEL_MULTIPLE_HEADS' });
    await project.write({ id: 'join', down: ['main', 'next'] });
    await expect(project.open().rebase('join', { onto: 'main' })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });
});

test('without a database a revision is rebased, and the report says that nobody was asked', async () => {
  const project = await openProject('sqlite:/no/such/folder/app.db');
  await project.write({ id: 'aaaa' });
  await project.write({ id: 'bbbb', down: 'aaaa' });
  expect(await project.migrator.rebase('bbbb', { onto: 'base' })).toMatchObject({ to: [], isDatabaseChecked: false });
});
