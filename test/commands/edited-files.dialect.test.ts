import { readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { useProject } from '../support/project.js';

describe.each(dialects)('before anything runs on $name', (dialect) => {
  const project = useProject(dialect);
  let file: string;

  beforeEach(async () => {
    file = await project.write({
      id: 'aaaa',
      message: 'add seats',
      upgrade: `op.createTable('seats', [column('id', integer())]);`,
      downgrade: `op.dropTable('seats');`,
    });
  });

  const change = async (from: string, to: string): Promise<void> =>
    writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
  const editedIds = (report: { readonly edited: readonly { readonly revision: string }[] }): string[] =>
    report.edited.map(({ revision }) => revision);

  test('a changed file of an applied revision is told, one with other comments is not', async () => {
    await project.migrator.upgrade();
    await change('/** add seats */', '/** add some seats */\n\n// here');
    expect(editedIds(await project.migrator.current({ strict: true }))).toEqual([]);
    await change(`column('id', integer())`, `column('id', integer()), column('row', integer())`);
    const report = await project.migrator.current();
    expect(report.edited).toEqual([{ revision: 'aaaa', file, appliedAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
  });

  test('an upgrade warns when it has something to do, and refuses under strict', async () => {
    await project.migrator.upgrade();
    await change(`'seats'`, `'chairs'`);
    const events: MigrationEvent[] = [];
    const { upgrade } = project.open({ onEvent: (event) => events.push(event) });
    expect(editedIds(await upgrade())).toEqual([]);
    await expect(upgrade('head', { strict: true })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_EDITED',
      details: { edited: [{ revision: 'aaaa' }] },
    });
    await project.write({ id: 'bbbb', down: 'aaaa' });
    await expect(project.open().upgrade('head', { strict: true })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_EDITED',
    });
    expect((await project.open().current()).revisions).toMatchObject([{ revision: 'aaaa' }]);
    const next = await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    expect([next.to, editedIds(next)]).toEqual([['bbbb'], ['aaaa']]);
    expect(events.filter(({ kind }) => kind === 'edited')).toHaveLength(1);
  });

  test('what counts is the last time that a revision ran', async () => {
    await project.migrator.upgrade();
    await project.migrator.downgrade('base');
    await change(`column('id', integer())`, `column('id', integer()), column('row', integer())`);
    expect(editedIds(await project.open().current())).toEqual([]);
    await project.open().upgrade('head', { strict: true });
    expect(editedIds(await project.open().current())).toEqual([]);
  });

  test('a dry run says what would run, and runs nothing', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      isAsync: true,
      upgrade: `op.dropTable('seats');
        const rows = await op.execute('SELECT 1');
        if (rows.length > 0) op.execute('SELECT 2');`,
    });
    const report = await project.migrator.upgrade('head', { dryRun: true });
    expect(report).toMatchObject({ isDryRun: true, from: [], to: ['bbbb'], isAtHead: true });
    expect(report.steps.map(({ descriptions, losses }) => ({ descriptions, losses }))).toEqual([
      { descriptions: ['create table "seats"'], losses: [] },
      {
        descriptions: [
          'drop table "seats"',
          expect.stringContaining('SELECT 1'),
          'then read from the database; what follows cannot be told without running it',
        ],
        losses: ['drop table "seats"'],
      },
    ]);
    expect(await dumpDatabase(project.url)).toEqual([]);
    expect((await project.migrator.current()).revisions).toEqual([]);
    await project.migrator.upgrade('aaaa');
    const down = await project.migrator.downgrade('-1', { dryRun: true });
    expect(down).toMatchObject({ isDryRun: true, to: [], steps: [{ descriptions: ['drop table "seats"'] }] });
    expect(await dumpDatabase(project.url)).not.toEqual([]);
  });
});
