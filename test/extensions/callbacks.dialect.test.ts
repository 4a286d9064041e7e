import { describe, expect, onTestFinished, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import type { Row } from '../../src/engine/connection.js';
import type { IncludeContext, VersionEvent } from '../../src/extensions/callbacks.js';
import { definePlugin } from '../../src/extensions/plugin.js';
import { declarativeBase } from '../../src/orm/mapping/declarative.js';
import { integer, varchar } from '../../src/schema/columns.js';
import { index } from '../../src/schema/index-arg.js';
import { connectTo } from '../support/connect-to.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { createProject, type TestProject } from '../support/project.js';

function makeModels(): { readonly User: unknown } {
  const Base = declarativeBase();
  class User extends Base.table('users', {
    id: integer().primaryKey(),
    name: varchar(40).notNull().serverDefault('nobody'),
    note: varchar(10),
  }) {
    static override tableArgs = () => [index(User.c.name)];
  }
  return { User };
}

describe.each(dialects)('callbacks on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const open = async (config: Partial<Config> = {}): Promise<TestProject> => {
    const project = await createProject(database.url, { models: () => Promise.resolve(makeModels()), ...config });
    onTestFinished(() => project.remove());
    return project;
  };
  const query = (...statements: readonly string[]): Promise<readonly Row[]> =>
    connectTo(database.url, async (connection) => {
      let rows: readonly Row[] = [];
      for (const sql of statements) ({ rows } = await connection.execute(sql));
      return rows;
    });
  const descriptionsOf = async (config: Partial<Config>): Promise<readonly string[]> =>
    (await (await open(config)).migrator.check()).descriptions;

  test('include leaves out what it refuses, on both sides, and is told which side an object is of', async () => {
    await query(
      'CREATE TABLE legacy (id integer)',
      'CREATE TABLE users (id integer NOT NULL, extra integer, CONSTRAINT pk_users PRIMARY KEY (id))',
      'CREATE INDEX ix_extra ON users (extra)',
    );
    const asked: Pick<IncludeContext, 'type' | 'name' | 'table' | 'reflected'>[] = [];
    const descriptions = await descriptionsOf({
      include: (_object, { type, name, table, reflected, compareTo }) => {
        asked.push({ type, name, table, reflected });
        if (type === 'table') return compareTo !== null || !reflected;
        return type === 'column' && name !== 'extra' && name !== 'note';
      },
    });
    expect(descriptions.filter((line) => !line.startsWith('alter column "id"'))).toEqual([
      'add column "name" to "users"',
    ]);
    expect(asked).toContainEqual({ type: 'table', name: 'legacy', table: 'legacy', reflected: true });
    expect(asked).toContainEqual({ type: 'table', name: 'users', table: 'users', reflected: false });
    expect(asked).toContainEqual({ type: 'index', name: 'ix_extra', table: 'users', reflected: true });
    expect(asked).toContainEqual({ type: 'column', name: 'note', table: 'users', reflected: false });
  });

  test('a table that goes keeps the parts that include refuses, so that it can come back', async () => {
    await query('CREATE TABLE old (id integer, extra integer)', 'CREATE INDEX ix_extra ON old (extra)');
    const before = await dumpDatabase(database.url);
    const project = await open({ include: (_object, { name }) => name !== 'extra' && name !== 'ix_extra' });
    await project.migrator.revision({ message: 'x', autogenerate: true });
    await project.migrator.upgrade();
    await project.migrator.downgrade('base');
    await query('DROP TABLE aludel_version', 'DROP TABLE aludel_log');
    expect(await dumpDatabase(database.url)).toEqual(before);
  });

  test('compareType and compareServerDefault call columns the same, or different', async () => {
    const project = await open();
    await project.migrator.revision({ message: 'users', autogenerate: true, revisionId: 'aaaa' });
    await project.migrator.upgrade();
    const migrations = project.config.migrations ?? '';
    const Base = declarativeBase();
    class User extends Base.table('users', {
      id: integer().primaryKey(),
      name: varchar(60).notNull().serverDefault('somebody'),
      note: varchar(10),
    }) {
      static override tableArgs = () => [index(User.c.name)];
    }
    const models = (): Promise<unknown> => Promise.resolve({ User });
    const both = 'alter column "name" of "users" (type, default)';
    expect(await descriptionsOf({ models, migrations })).toEqual([both]);
    expect(await descriptionsOf({ models, migrations, compareType: false })).toEqual([
      'alter column "name" of "users" (default)',
    ]);
    expect(
      await descriptionsOf({
        models,
        migrations,
        compareServerDefault: ({ column, from, to }) =>
          column === 'name' && from.default !== to.default ? false : undefined,
        plugins: [definePlugin({ name: 'quiet', compareType: () => false })],
      }),
    ).toEqual([]);
    expect(
      await descriptionsOf({ migrations, compareType: ({ column }) => (column === 'note' ? true : undefined) }),
    ).toEqual(['alter column "note" of "users" (type)']);
  });

  test('onVersionApply hears of each step inside its transaction, and of stamps', async () => {
    const heard: Omit<VersionEvent, 'connection'>[] = [];
    await query('CREATE TABLE deployments (revision varchar(20))');
    const project = await open({
      onVersionApply: async ({ connection, ...event }) => {
        heard.push(event);
        await connection.execute(`INSERT INTO deployments (revision) VALUES ('${event.revision}')`);
      },
    });
    await project.write({ id: 'aaaa', message: 'one', upgrade: `op.execute('SELECT 1');` });
    await project.write({ id: 'bbbb', down: 'aaaa', message: 'two' });
    await project.migrator.upgrade();
    await project.migrator.downgrade('-1');
    await project.migrator.stamp('base');
    const common = { dialect: dialect.name };
    expect(heard).toEqual([
      { ...common, direction: 'upgrade', revision: 'aaaa', message: 'one', from: [], to: ['aaaa'] },
      { ...common, direction: 'upgrade', revision: 'bbbb', message: 'two', from: ['aaaa'], to: ['bbbb'] },
      { ...common, direction: 'downgrade', revision: 'bbbb', message: 'two', from: ['bbbb'], to: ['aaaa'] },
      { ...common, direction: 'stamp', revision: 'base', message: null, from: ['aaaa'], to: [] },
    ]);
    expect(await query('SELECT revision FROM deployments')).toHaveLength(4);
  });

  test('where it throws, the step is undone as far as the database can, and the version row always', async () => {
    const project = await open({
      onVersionApply: async ({ connection, revision }) => {
        if (revision === 'aaaa') return;
        await connection.execute(`INSERT INTO seats (id) VALUES (7)`);
        throw new Error('the announcer is down');
      },
    });
    const SEATS = `op.createTable('seats', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk' })]);`;
    await project.write({ id: 'aaaa', upgrade: SEATS });
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.addColumn('seats', column('name', varchar(5)));` });
    const isUndone = dialect.family !== 'mysql';
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_EXTENSION_FAILED',
      message: `Upgrade "bbbb" failed: "onVersionApply" in "${project.folder}/migrate.config.ts" threw: the announcer is down`,
      hint: expect.stringContaining(
        isUndone ? 'Nothing of this revision was applied' : 'The first statement took effect',
      ),
    });
    expect((await project.migrator.current()).revisions).toMatchObject([{ revision: 'aaaa' }]);
    expect(await query('SELECT * FROM seats')).toEqual([]);
    expect((await dumpDatabase(database.url)).join('\n').includes('name')).toBe(!isUndone);
  });
});
