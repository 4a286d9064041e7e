import { describe, expect, it } from 'vitest';
import { createEngine, declarativeBase, select, sessionMaker, varchar } from 'aludel';
import { expectQueries, testMigrations } from 'aludel/testing';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const Base = declarativeBase();
class User extends Base.table('users', { name: varchar(50).primaryKey() }) {}
Base.register(User);

const CREATE = `op.createTable('users', [
  column('name', varchar(50), { nullable: false }),
  primaryKey(['name'], { name: 'pk_users' }),
]);`;
const DROP = `op.dropTable('users');`;

describe.each(dialects)('$name', (dialect) => {
  describe('expectQueries', () => {
    const database = useEmptyDatabase(dialect);

    it('gives what the function gives when it sends as many statements, and lists them when not', async () => {
      const engine = createEngine(database.url);
      await Base.metadata.createAll(engine);
      const db = sessionMaker(engine);
      await expectQueries(1, () => db.begin(async (s) => s.add(new User({ name: 'Ann' }), new User({ name: 'Bob' }))));
      const names = await expectQueries(2, () =>
        db.begin(async (s) => [await s.count(select(User)), (await s.all(select(User))).map(({ name }) => name)]),
      );
      expect(names).toEqual([2, ['Ann', 'Bob']]);
      const count = expectQueries(2, () => db.begin((s) => s.execute('SELECT 1')));
      await expect(count).rejects.toThrow('Expected 2 statements, and 1 was sent:\n  1. SELECT 1');
      await engine.dispose();
    });

    it('counts its own statements alone', async () => {
      const engine = createEngine(database.url);
      const db = sessionMaker(engine, { mode: 'deferred' });
      const one = (): Promise<unknown> => db.begin((s) => s.execute('SELECT 1'));
      const calls = [expectQueries(1, one), expectQueries(2, async () => [await one(), await one()]), one()];
      await expect(Promise.all(calls)).resolves.toHaveLength(3);
      await engine.dispose();
    });
  });

  describe('testMigrations', () => {
    const project = useProject(dialect, { models: () => Promise.resolve({ Base }) });
    const run = (): Promise<void> => testMigrations(project.config, { url: project.url });

    it('holds where there is one head, both ways lead back, and the models are in step', async () => {
      await project.write({ id: 'aaaa', upgrade: CREATE, downgrade: DROP });
      await run();
      await run();
    });

    it('finds a second head', async () => {
      await project.write({ id: 'aaaa', upgrade: CREATE, downgrade: DROP });
      await project.write({ id: 'bbbb' });
      await expect(run()).rejects.toThrow('The revisions have 2 heads: run "aludel merge aaaa bbbb".');
    });

    it('finds models that are not in step', async () => {
      await project.write({ id: 'aaaa' });
      await expect(run()).rejects.toThrow('The models and the revisions are not in step:\n  create table "users"');
    });

    it('finds a downgrade that leaves something behind', async () => {
      await project.write({ id: 'aaaa', upgrade: CREATE });
      await expect(run()).rejects.toThrow('The downgrades leave something behind.');
    });

    it('refuses a database that holds something', async () => {
      await project.write({ id: 'aaaa', upgrade: CREATE, downgrade: DROP });
      await executeSql(project.url, ['CREATE TABLE precious (id integer)']);
      await expect(run()).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    });
  });
});
