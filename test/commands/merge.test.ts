import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { useProject } from '../support/project.js';

const table = (name: string): string => `op.createTable('${name}', [column('id', integer())]);`;

describe('merging revisions', () => {
  const project = useProject('sqlite::memory:');
  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: table('users') });
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: table('posts') });
    await project.write({ id: 'cccc', down: 'aaaa', upgrade: table('tags') });
  });

  const headIds = async (): Promise<string[]> => (await project.migrator.heads()).map((entry) => entry.revision);

  test('joins all heads in a file without operations', async () => {
    const { revision, file, down } = await project.migrator.merge();
    expect(down).toEqual(['bbbb', 'cccc']);
    expect(file).toMatch(/_merge_bbbb_and_cccc\.ts$/);
    expect(await readFile(file ?? '', 'utf8')).toContain(`export const downRevision = ['bbbb', 'cccc'];`);
    expect(await headIds()).toEqual([revision]);
  });

  test('takes the revisions that are named, a message, an id and a label', async () => {
    await project.write({ id: 'dddd', down: 'aaaa' });
    const { file } = await project.migrator.merge(['bbbb', 'dddd'], {
      message: 'together',
      revisionId: 'eeee',
      branchLabels: ['both'],
    });
    expect(file).toMatch(/eeee_together\.ts$/);
    expect(await headIds()).toEqual(['cccc', 'eeee']);
    expect(await project.migrator.show('both@head')).toMatchObject([{ revision: 'eeee' }]);
  });

  test('refuses one revision, an ancestor, and what is no head', async () => {
    const { merge } = project.migrator;
    await expect(merge(['bbbb'])).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await expect(merge(['bbbb', 'bbbb'])).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await expect(merge(['bbbb', 'aaaa'])).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_RANGE',
      details: { reason: 'overlap', upper: 'bbbb', lower: 'aaaa' },
    });
    await project.write({ id: 'dddd', down: 'cccc' });
    await expect(merge(['bbbb', 'cccc'])).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: expect.stringContaining('--splice'),
    });
    expect((await merge(['bbbb', 'cccc'], { splice: true })).down).toEqual(['bbbb', 'cccc']);
  });

  describe('by itself', () => {
    test('joins branches that touch different tables, once', async () => {
      expect((await project.migrator.merge([], { auto: true })).down).toEqual(['bbbb', 'cccc']);
      expect(await project.migrator.merge([], { auto: true })).toMatchObject({ revision: null, file: null });
      expect(await headIds()).toHaveLength(1);
    });

    test('refuses branches that touch one table', async () => {
      await project.write({ id: 'dddd', down: 'cccc', upgrade: `op.renameTable('tags', 'posts');` });
      await expect(project.migrator.merge([], { auto: true })).rejects.toMatchObject({
        code: 'ALUDEL_USAGE',
        message: 'The branches of "bbbb" and "dddd" both touch the table "posts".',
        hint: 'Look at both, then run "aludel merge bbbb dddd".',
      });
      expect(await headIds()).toHaveLength(2);
    });

    const filled = `op.addColumn('tags', column('size', integer()));
      await op.db.updateTable('tags').set({ size: 1 }).where('size', 'is', null).execute();`;

    test('joins branches that fill their own tables', async () => {
      await project.write({ id: 'dddd', down: 'cccc', upgrade: filled, isAsync: true });
      await project.write({ id: 'eeee', down: 'bbbb', upgrade: `op.execute('UPDATE posts AS p SET id = 1;');` });
      expect((await project.migrator.merge([], { auto: true })).down).toEqual(['dddd', 'eeee']);
    });

    test.each([
      ['writes to', 'DELETE FROM "tags"'],
      ['reads', 'INSERT INTO posts (id) SELECT id FROM Tags'],
    ])('refuses a branch that %s a table that another one fills', async (_, sql) => {
      await project.write({ id: 'dddd', down: 'cccc', upgrade: filled, isAsync: true });
      await project.write({ id: 'eeee', down: 'bbbb', upgrade: `op.execute('${sql}');` });
      await expect(project.migrator.merge([], { auto: true })).rejects.toMatchObject({
        message: 'The branches of "dddd" and "eeee" both touch the table "tags".',
      });
    });

    test('refuses what it cannot read', async () => {
      for (const sql of [
        'CREATE VIEW v AS SELECT 1',
        'UPDATE tags, posts SET id = 1',
        'DELETE FROM tags; DROP TABLE posts',
      ]) {
        await project.write({ id: 'dddd', down: 'cccc', upgrade: `op.execute('${sql}');` });
        await expect(project.open().merge([], { auto: true })).rejects.toMatchObject({
          details: { revision: 'dddd' },
        });
      }
      await project.write({ id: 'dddd', down: 'cccc', upgrade: `await op.execute('SELECT 1');`, isAsync: true });
      await expect(project.open().merge([], { auto: true })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    });

    test('leaves labelled branches apart', async () => {
      await project.write({ id: 'dddd', down: 'cccc', header: `export const branchLabels = ['tags'];` });
      expect(await project.migrator.merge([], { auto: true })).toMatchObject({ revision: null });
    });
  });
});
