import { describe, expect, test } from 'vitest';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';
import { queryRows } from '../support/connect-to.js';

const USERS = `op.createTable('users', [
  column('id', integer(), { nullable: false }),
  column('name', varchar(50)),
  primaryKey(['id'], { name: 'pk_users' }),
]);`;

describe.each(dialects)('running revisions on $name', (dialect) => {
  const isTransactional = dialect.family !== 'mysql';
  const project = useProject(dialect);

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);

  test('steps go up and down one at a time and are logged', async () => {
    await project.write({ id: 'aaaa', upgrade: USERS, downgrade: `op.dropTable('users');` });
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.addColumn('users', column('age', integer()));`,
      downgrade: `op.dropColumn('users', 'age');`,
    });
    expect((await project.migrator.upgrade('+1')).to).toEqual(['aaaa']);
    const first = await dumpDatabase(project.url);
    expect((await project.migrator.upgrade()).to).toEqual(['bbbb']);
    expect((await project.migrator.upgrade()).steps).toEqual([]);
    expect((await project.migrator.downgrade('-1')).to).toEqual(['aaaa']);
    expect(await dumpDatabase(project.url)).toEqual(first);
    expect((await project.migrator.downgrade('base')).to).toEqual([]);
    expect(await dumpDatabase(project.url)).toEqual([]);
    const log = await query('SELECT revision, direction, ended_at FROM aludel_log ORDER BY started_at, ended_at');
    expect(log.map((row) => [row['revision'], row['direction']])).toEqual([
      ['aaaa', 'upgrade'],
      ['bbbb', 'upgrade'],
      ['bbbb', 'downgrade'],
      ['aaaa', 'downgrade'],
    ]);
    expect(log.every((row) => row['ended_at'] !== null)).toBe(true);
  });

  test('a revision that throws half-way applies nothing, or is shown where it stopped', async () => {
    await project.write({ id: 'aaaa', upgrade: USERS });
    await project.migrator.upgrade();
    const before = await dumpDatabase(project.url);
    const file = await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.addColumn('users', column('age', integer()));\nop.execute('INSERT INTO nowhere VALUES (1)');`,
    });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_FAILED',
      details: { revision: 'bbbb', at: `${file}:9`, statement: 2 },
    });
    const current = await project.migrator.current();
    expect(current.revisions.map((entry) => entry.revision)).toEqual(['aaaa']);
    if (isTransactional) {
      expect(await dumpDatabase(project.url)).toEqual(before);
      expect(current.unfinished).toBeNull();
    } else {
      expect(current.unfinished).toMatchObject({
        revision: 'bbbb',
        statement: 2,
        statementText: 'INSERT INTO nowhere VALUES (1)',
      });
    }
  });

  test.runIf(dialect.family === 'postgres')(
    'the kept statement of the version outlives what revisions do to statements and to our own tables',
    async () => {
      const between = [
        `op.execute('DEALLOCATE ALL');`,
        `op.execute('ALTER TABLE aludel_version ALTER COLUMN version_num TYPE varchar(300)');`,
        `op.execute('ALTER TABLE aludel_log ADD COLUMN team text');`,
        `op.autocommit(() => op.execute('DISCARD ALL'));`,
        `op.execute('CREATE SCHEMA elsewhere'); op.execute('SET search_path TO public, elsewhere');`,
      ];
      const ids = between.map((_, i) => `step${i}`);
      for (const [i, upgrade] of between.entries()) {
        await project.write({ id: ids[i] ?? '', ...(i === 0 ? {} : { down: ids[i - 1] ?? '' }), upgrade });
      }
      await project.write({ id: 'last', down: ids.at(-1) ?? '', upgrade: USERS });
      expect((await project.migrator.upgrade()).to).toEqual(['last']);
      const log = await query(
        'SELECT revision FROM aludel_log WHERE ended_at IS NOT NULL ORDER BY ended_at, started_at',
      );
      expect(log.map((row) => row['revision'])).toEqual([...ids, 'last']);
    },
  );

  test('a first revision that meets its tables says how to take over a database, and a later one does not', async () => {
    await project.write({ id: 'aaaa', upgrade: USERS });
    await executeSql(project.url, ['CREATE TABLE users (id integer)']);
    const hint =
      'If the database holds all that this revision makes, run "aludel stamp aaaa". Nothing of this revision';
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ hint: expect.stringContaining(hint) as string });
    await project.migrator.stamp('aaaa');
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: USERS });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      hint: expect.not.stringContaining('aludel stamp') as string,
    });
  });

  test('a column of an enum that no operation made runs where enums live in columns, and elsewhere what is missing is named', async () => {
    await project.write({
      id: 'aaaa',
      upgrade: `op.createTable('cards', [column('mood', enumeration('mood', ['sad', 'ok'])), column('id', integer())]);`,
    });
    const run = project.migrator.upgrade();
    if (dialect.name !== 'postgres') {
      expect((await run).to).toEqual(['aaaa']);
      return;
    }
    await expect(run).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_FAILED',
      hint: expect.stringMatching(
        /write op\.createEnum\('mood', \[\.\.\.\]\) before.* Nothing of this revision was applied/,
      ),
    });
  });

  test('awaited SQL gives rows, and sees what was recorded before it', async () => {
    await project.write({
      id: 'aaaa',
      isAsync: true,
      upgrade: `${USERS}
        await op.execute("INSERT INTO users (id, name) VALUES (1, 'a')");
        const rows = await op.execute('SELECT name FROM users');
        op.execute("INSERT INTO users (id, name) VALUES (2, '" + rows[0].name + "b')");`,
    });
    await project.migrator.upgrade();
    expect((await query('SELECT name FROM users ORDER BY id')).map((row) => row['name'])).toEqual(['a', 'ab']);
  });

  test('a handle that outlives its revision is refused', async () => {
    const key = `late${project.url.length}${Math.abs(hash(project.url))}`;
    await project.write({
      id: 'aaaa',
      upgrade: `${USERS}\n(globalThis as Record<string, unknown>)['${key}'] = () => op.execute('SELECT 1');`,
    });
    await project.migrator.upgrade();
    const late = (globalThis as Record<string, unknown>)[key] as () => unknown;
    expect(late).toThrow(expect.objectContaining({ code: 'ALUDEL_REVISION_OVER' }));
  });

  test('eight runs at once apply each revision exactly once', async () => {
    await project.write({ id: 'aaaa', upgrade: USERS });
    for (let i = 1; i < 5; i++) {
      await project.write({
        id: `aaaa${i}`,
        down: i === 1 ? 'aaaa' : `aaaa${i - 1}`,
        upgrade: `op.execute("INSERT INTO users (id, name) VALUES (${i}, 'row')");`,
      });
    }
    const runs = await Promise.all(Array.from({ length: 8 }, () => project.open().upgrade('head')));
    expect(runs.map((run) => run.to)).toEqual(Array.from({ length: 8 }, () => ['aaaa4']));
    expect(runs.flatMap((run) => run.steps).length).toBe(5);
    expect(await query('SELECT id FROM users ORDER BY id')).toHaveLength(4);
    expect(await query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'aaaa4' }]);
  });

  test('events tell of steps and statements in order', async () => {
    await project.write({ id: 'aaaa', upgrade: USERS });
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    expect(events.map((event) => event.kind)).toEqual(['stepStarted', 'statement', 'stepEnded']);
  });

  test('an empty revision moves the database and does nothing else', async () => {
    await project.write({ id: 'aaaa', upgrade: '' });
    expect((await project.migrator.upgrade()).to).toEqual(['aaaa']);
  });

  test('a revision without its function is refused before anything runs', async () => {
    const file = await project.write({ id: 'aaaa', upgrade: USERS });
    const { readFile, writeFile } = await import('node:fs/promises');
    await writeFile(file, (await readFile(file, 'utf8')).replace('export function upgrade', 'function upgrade'));
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_INVALID' });
    expect((await project.migrator.current()).revisions).toEqual([]);
  });
});

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
}
