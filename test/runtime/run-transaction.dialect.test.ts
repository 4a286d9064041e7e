import { beforeEach, describe, expect, test } from 'vitest';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { useProject } from '../support/project.js';

const SEATS = `op.createTable('seats', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk' })]);`;
const insert = (id: number): string => `op.execute('INSERT INTO seats (id) VALUES (${id})');`;

describe.each(dialects)('one transaction for a run on $name', (dialect) => {
  const project = useProject(dialect, { transaction: 'run' });
  /** What a failure undoes: everything, or nothing that MySQL and MariaDB have committed by themselves. */
  const isUndone = dialect.family !== 'mysql';

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: SEATS, downgrade: `op.dropTable('seats');` });
  });

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);
  const current = async (): Promise<string[]> =>
    (await project.migrator.current()).revisions.map(({ revision }) => revision);

  test('applies every revision, logs each, and takes all of them back', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: insert(1),
      downgrade: `op.execute('DELETE FROM seats');`,
    });
    const { steps, to } = await project.migrator.upgrade();
    expect([steps.map(({ revision }) => revision), to]).toEqual([['aaaa', 'bbbb'], ['bbbb']]);
    expect(await query('SELECT id FROM seats')).toEqual([{ id: 1 }]);
    const log = await query('SELECT revision FROM aludel_log WHERE ended_at IS NOT NULL');
    expect(log.map((row) => row['revision']).toSorted()).toEqual(['aaaa', 'bbbb']);
    expect((await project.migrator.downgrade('base', { allowLoss: true })).to).toEqual([]);
  });

  test('a failure in the last revision undoes the first, where the database can undo DDL', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: insert(1) + insert(1) });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      details: { revision: 'bbbb' },
      hint: expect.stringContaining(isUndone ? 'Nothing of this run was applied' : 'The first statement took effect'),
    });
    expect(await current()).toEqual(isUndone ? [] : ['aaaa']);
    expect((await dumpDatabase(project.url)).join('\n').includes('seats')).toBe(!isUndone);
  });

  test('MySQL and MariaDB are told that DDL commits by itself; nobody else is told anything', async () => {
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    const told = events.filter(({ kind }) => kind === 'noRunTransaction');
    expect(told).toEqual(isUndone ? [] : [{ kind: 'noRunTransaction', dialect: dialect.name }]);
  });

  test.runIf(isUndone)('revisions that cannot be in it are refused by name before anything runs', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', header: 'export const transaction = false;', upgrade: insert(1) });
    await project.write({ id: 'cccc', down: 'bbbb', header: 'export const transaction = false;', upgrade: insert(2) });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_TRANSACTION_MODE',
      message: 'Revisions "bbbb" and "cccc" say "transaction = false", and the whole run is to be one transaction.',
      hint: 'Nothing was run. Run "aludel upgrade bbbb --transaction revision" to get past "bbbb".',
    });
    await expect(project.migrator.upgrade('head', { dryRun: true })).rejects.toMatchObject({
      code: 'ALUDEL_TRANSACTION_MODE',
    });
    expect(await current()).toEqual([]);
    const dry = await project.migrator.upgrade('head', { dryRun: true, transaction: 'revision' });
    expect(dry.to).toEqual(['cccc']);
    expect((await project.migrator.upgrade('head', { transaction: 'revision' })).to).toEqual(['cccc']);
  });

  test.runIf(isUndone)('a revision that leaves it by op.autocommit is refused before anything runs', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.autocommit(() => ${insert(1).slice(0, -1)});` });
    const refusal = {
      code: 'ALUDEL_TRANSACTION_MODE',
      message: 'Revision "bbbb" uses op.autocommit, and the whole run is to be one transaction.',
    };
    await expect(project.migrator.upgrade()).rejects.toMatchObject(refusal);
    expect(await current()).toEqual([]);
    await expect(project.migrator.upgrade('aaaa:bbbb', { sql: true })).rejects.toMatchObject(refusal);
    await expect(project.migrator.upgrade('head', { dryRun: true })).rejects.toMatchObject(refusal);
  });

  test.runIf(isUndone)('one that leaves it where nobody could foresee it undoes the run', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      isAsync: true,
      upgrade: `${insert(1)} const rows = await op.execute('SELECT id FROM seats');
        if (rows.length > 0) op.autocommit(() => ${insert(2).slice(0, -1)});`,
    });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_TRANSACTION_MODE' });
    expect(await current()).toEqual([]);
    expect((await dumpDatabase(project.url)).join('\n')).not.toContain('seats');
  });

  test('runs at once still apply each revision exactly once', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: insert(1) });
    const runs = await Promise.all(Array.from({ length: 4 }, () => project.open().upgrade()));
    expect(runs.map(({ to }) => to)).toEqual(Array.from({ length: 4 }, () => ['bbbb']));
    expect(await query('SELECT id FROM seats')).toEqual([{ id: 1 }]);
  });

  test('printed SQL has one BEGIN and one COMMIT, or says why not', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: insert(1) });
    const { sql } = await project.migrator.upgrade('head', { sql: true });
    const lines = (sql ?? '')
      .split('\n')
      .filter((line) => /^(?:BEGIN|COMMIT|PRAGMA|INSERT INTO seats|-- my|-- mar)/.test(line));
    expect(lines).toEqual(
      isUndone
        ? ['BEGIN;', 'INSERT INTO seats (id) VALUES (1);', 'COMMIT;']
        : [`-- ${dialect.name} commits each DDL statement by itself.`, 'INSERT INTO seats (id) VALUES (1);'],
    );
  });

  test('"none" runs every revision without one', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: insert(1) + insert(1) });
    const run = project.migrator.upgrade('head', { transaction: 'none' });
    await expect(run).rejects.toMatchObject({ hint: expect.stringContaining('The first statement took effect') });
    expect(await current()).toEqual(['aaaa']);
    expect(await query('SELECT id FROM seats')).toEqual([{ id: 1 }]);
    const { sql } = await project.migrator.upgrade('aaaa:bbbb', { sql: true, transaction: 'none' });
    expect(sql).not.toContain('BEGIN');
  });

  test('a mode that is none is refused', async () => {
    const run = project.migrator.upgrade('head', { transaction: 'each' as 'run' });
    await expect(run).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });

  describe.runIf(dialect.name === 'sqlite')('with tables that are built anew', () => {
    const REBUILD = `op.alterColumn('seats', 'id', { type: text() });`;
    beforeEach(async () => {
      await project.write({
        id: 'bbbb',
        down: 'aaaa',
        upgrade: `${insert(1)} op.execute('CREATE TABLE guests (seat integer REFERENCES seats (id) ON DELETE CASCADE)');
          op.execute('INSERT INTO guests VALUES (1)');`,
      });
    });

    test('keeps the rows that refer to them, foreign keys being off from the first', async () => {
      await project.write({ id: 'cccc', down: 'bbbb', upgrade: REBUILD });
      const sent: string[] = [];
      await project
        .open({
          config: { ...project.config, echo: false },
          onEvent: (event) => event.kind === 'stepStarted' && sent.push(event.step.revision.id),
        })
        .upgrade();
      expect(sent).toEqual(['aaaa', 'bbbb', 'cccc']);
      expect(await query('SELECT seat FROM guests')).toEqual([{ seat: 1 }]);
      const { sql } = await project.migrator.upgrade('base:cccc', { sql: true });
      const lines = (sql ?? '').split('\n').filter((line) => /^(?:BEGIN|COMMIT|PRAGMA foreign)/.test(line));
      expect(lines).toEqual([
        'PRAGMA foreign_keys = OFF;',
        'BEGIN;',
        'PRAGMA foreign_key_check;',
        'COMMIT;',
        'PRAGMA foreign_keys = ON;',
      ]);
    });

    test('begins again where a rebuild comes up that nobody could foresee', async () => {
      await project.write({
        id: 'cccc',
        down: 'bbbb',
        isAsync: true,
        upgrade: `await op.execute('SELECT 1'); ${REBUILD}`,
      });
      const sent: string[] = [];
      await project
        .open({ onEvent: (event) => event.kind === 'stepStarted' && sent.push(event.step.revision.id) })
        .upgrade();
      expect(sent).toEqual(['aaaa', 'bbbb', 'cccc', 'aaaa', 'bbbb', 'cccc']);
      expect(await query('SELECT seat FROM guests')).toEqual([{ seat: 1 }]);
    });

    test('undoes the run that leaves rows which refer to nothing', async () => {
      await project.write({ id: 'cccc', down: 'bbbb', upgrade: `op.execute('DELETE FROM seats'); ${REBUILD}` });
      await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_FOREIGN_KEY_CHECK_FAILED' });
      expect(await current()).toEqual([]);
    });
  });
});
