import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { revisionSource, useProject } from '../support/project.js';

const SEATS = `op.createTable('seats', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk' })]);`;
const insert = (id: number): string => `op.execute('INSERT INTO seats (id) VALUES (${id})');`;

// What MySQL and MariaDB do to every revision, the others do to those without a transaction.
describe.each(dialects)('a revision that failed half way on $name', (dialect) => {
  const project = useProject(dialect);
  let files = 0;

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: SEATS, downgrade: `op.dropTable('seats');` });
    await project.migrator.upgrade();
  });

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);
  const ids = async (): Promise<number[]> =>
    (await query('SELECT id FROM seats ORDER BY id')).map((row) => Number(row['id']));
  const write = (
    upgrade: string,
    more: { readonly isAsync?: boolean; readonly downgrade?: string } = {},
  ): Promise<string> =>
    project.write({ id: 'bbbb', down: 'aaaa', header: 'export const transaction = false;', upgrade, ...more });
  /** The loader keeps modules, as a process does: what is written anew gets a new file. */
  const rewrite = async (upgrade: string): Promise<void> => {
    const folder = join(project.folder, 'migrations');
    for (const name of await readdir(folder)) if (name.startsWith('bbbb')) await rm(join(folder, name));
    const source = revisionSource({ id: 'bbbb', down: 'aaaa', header: 'export const transaction = false;', upgrade });
    files += 1;
    await writeFile(join(folder, `bbbb_${files}.ts`), source);
  };

  test('goes on at the statement that failed, once the data is mended', async () => {
    await query('INSERT INTO seats (id) VALUES (3)');
    await write(
      `op.addColumn('seats', column('row', varchar(9))); ${insert(1)} ${insert(2)} ${insert(3)} ${insert(4)}`,
    );
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      hint: expect.stringContaining('The first 3 statements took effect'),
    });
    await query('DELETE FROM seats WHERE id = 3');
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    expect(events.filter(({ kind }) => kind === 'resumed')).toMatchObject([{ statement: 4 }]);
    expect(events.filter(({ kind }) => kind === 'statement')).toHaveLength(2);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    const current = await project.migrator.current();
    expect([current.isAtHead, current.unfinished]).toEqual([true, null]);
    const log = await query("SELECT revision FROM aludel_log WHERE revision = 'bbbb'");
    expect(log).toHaveLength(1);
  });

  test('may be mended from the statement that failed, and nowhere before', async () => {
    await write(`${insert(1)} ${insert(2)} ${insert(1)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 2 } });
    await rewrite(`${insert(1)} ${insert(5)} ${insert(3)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_RESUME_REFUSED' });
    await rewrite(insert(1));
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_RESUME_REFUSED' });
    await rewrite(`${insert(1)} ${insert(2)} ${insert(3)}`);
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('keeps other steps from running until it has ended or was stamped', async () => {
    await write(`${insert(1)} ${insert(1)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
    await expect(project.migrator.downgrade('base', { allowLoss: true })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_UNFINISHED',
      hint: expect.stringContaining('aludel upgrade bbbb'),
    });
    // Nobody is asked about rows that would not go.
    const confirmLoss = (): never => expect.fail('asked');
    await expect(project.migrator.downgrade('base', { confirmLoss })).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_UNFINISHED',
    });
    expect(await ids()).toEqual([1]);
    await project.migrator.stamp('aaaa');
    await project.migrator.downgrade('base', { allowLoss: true });
    expect((await project.migrator.current()).unfinished).toBeNull();
  });

  test('is gone on with in a downgrade too, which a run with nothing to do reports', async () => {
    await write(insert(1), { downgrade: `op.execute('DELETE FROM seats'); op.execute('DELETE FROM nowhere');` });
    await project.migrator.upgrade();
    await expect(project.migrator.downgrade('-1')).rejects.toMatchObject({ details: { applied: 1 } });
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    expect(events).toMatchObject([{ kind: 'unfinished', step: { revision: 'bbbb', direction: 'downgrade' } }]);
    await query('CREATE TABLE nowhere (id int)');
    expect((await project.migrator.downgrade('-1')).to).toEqual(['aaaa']);
  });

  test('reads awaited rows again, and does no awaited write twice', async () => {
    const body = `
      await op.execute('INSERT INTO seats (id) VALUES (1)');
      const rows = await op.execute('SELECT id FROM seats WHERE id = 1');
      op.execute('INSERT INTO seats (id) VALUES (' + (Number(rows[0].id) + 1) + ')');
      op.execute('INSERT INTO seats (id) VALUES (9)');`;
    await query('INSERT INTO seats (id) VALUES (9)');
    await write(body, { isAsync: true });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 3 } });
    await query('DELETE FROM seats WHERE id = 9');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2, 9]);
  });

  test('refuses an answer that nobody asked for', async () => {
    await write(insert(1));
    await expect(project.migrator.upgrade('head', { resumeAt: 'done' })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
    });
    expect(await ids()).toEqual([]);
  });

  test('is kept by a log that an earlier version made', async () => {
    await query('ALTER TABLE aludel_log DROP COLUMN progress');
    expect((await project.migrator.current()).unfinished).toBeNull();
    await query('INSERT INTO seats (id) VALUES (2)');
    await write(`${insert(1)} ${insert(2)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
    await query('DELETE FROM seats WHERE id = 2');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2]);
  });

  test.runIf(dialect.name === 'postgres')('goes on behind what it ran outside its transaction', async () => {
    const upgrade = `${insert(1)} op.autocommit(() => op.execute('CREATE INDEX CONCURRENTLY ix ON seats (id)')); ${insert(2)} ${insert(3)}`;
    await query('INSERT INTO seats (id) VALUES (3)');
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 2 } });
    expect(await ids()).toEqual([1, 3]);
    await query('DELETE FROM seats WHERE id = 3');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2, 3]);
  });
});
