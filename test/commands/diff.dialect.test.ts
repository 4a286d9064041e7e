import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, enumeration, foreignKey, index, integer, MetaData, sql, varchar } from 'aludel';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { DiffOptions, DiffReport } from '../../src/commands/diff.js';
import { splitSql } from '../../src/dialects/split-sql.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, type TestProject } from '../support/project.js';

const models = () => {
  const metadata = new MetaData();
  metadata.table('teams', { id: integer().primaryKey(), name: varchar(20).notNull().serverDefault('a team') });
  metadata.table(
    'users',
    {
      id: integer().primaryKey(),
      price: integer().serverDefault(3),
      status: enumeration('user_status', ['open', 'shut']).notNull(),
      team_id: integer(),
    },
    () => [
      check('ck_price', sql`price > 0 AND price IN (1, 2, 3)`),
      foreignKey(['team_id'], 'teams', ['id'], { name: 'fk_users_team', onDelete: 'cascade' }),
      index('ix_users_team', ['team_id']),
    ],
  );
  metadata.view('cheap', sql`SELECT id FROM users WHERE price < 3`);
  return Promise.resolve({ metadata });
};

const TEAMS = `op.createTable('teams', [column('id', integer(), { nullable: false }), column('name', varchar(9)), primaryKey(['id'], { name: 'pk_teams' })]);`;

describe.each(dialects)('diff on $name', (dialect) => {
  let project: TestProject;
  let url: string;
  const open = async (): Promise<string> => {
    const database = await createDatabase(dialect);
    onTestFinished(() => database.drop());
    // A SQLite database is a file, which has to be there.
    await executeSql(database.url, ['CREATE TABLE made (id INTEGER)', 'DROP TABLE made']);
    return database.url;
  };
  const diff = (from: string, to: string, more: Partial<DiffOptions> = {}): Promise<DiffReport> =>
    project.migrator.diff({ from, to, devUrl: dialect.name === 'sqlite' ? undefined : url, ...more });
  const run = (target: string, script: string): Promise<void> =>
    executeSql(
      target,
      splitSql(script, dialect.name).map(({ sql: statement }) => statement),
    );

  beforeEach(async () => {
    url = await open();
    project = await createProject(url, { models });
    onTestFinished(() => project.remove());
    await project.write({ id: 'aaaa', upgrade: TEAMS });
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.addColumn('teams', column('size', integer()));` });
  });

  test('gives SQL that makes one side the other, and the way back', async () => {
    const empty = await dumpDatabase(url);
    const up = await diff('empty', 'models');
    expect(up).toMatchObject({ from: 'empty', to: 'models', isEqual: false, questions: [], unknown: [] });
    expect(up.descriptions).toEqual(expect.arrayContaining(['create table "teams"', 'create table "users"']));
    await run(url, up.sql);
    const same = { isEqual: true, operations: [], sql: '', typescript: '', diff: '' };
    expect(await diff(url, 'models')).toMatchObject(same);
    expect(await diff('models', url)).toMatchObject(same);
    const down = await diff('empty', 'models', { down: true });
    expect([down.from, down.to]).toEqual(['models', 'empty']);
    await run(url, down.sql);
    expect(await dumpDatabase(url)).toEqual(empty);
  });

  test.runIf(dialect.name === 'postgres')('finds what models have in namespaces of their own', async () => {
    const metadata = new MetaData();
    metadata.table('app.t', { id: integer().primaryKey(), kind: enumeration('app.kind', ['a', 'b']) });
    const migrator = project.open({ config: { ...project.config, models: () => Promise.resolve({ metadata }) } });
    const up = await migrator.diff({ from: 'empty', to: 'models', devUrl: url });
    expect(up.descriptions).toEqual(['create namespace "app"', 'create enum "app.kind"', 'create table "app.t"']);
    await run(url, up.sql);
    expect((await migrator.diff({ from: url, to: 'models', devUrl: url })).descriptions).toEqual([]);
  });

  test('replays revisions, and leaves the tables of Aludel out', async () => {
    expect((await diff('aaaa', 'head')).descriptions).toEqual(['add column "size" to "teams"']);
    expect((await diff('head', 'aaaa')).losses).toEqual(['drop column "size" of "teams"']);
    expect(await diff('base', 'empty')).toMatchObject({ isEqual: true });
    await project.migrator.upgrade('aaaa');
    expect(await diff(url, 'aaaa')).toMatchObject({ isEqual: true });
    const { operations, typescript, diff: text } = await diff(url, 'head');
    expect(operations).toMatchObject([{ kind: 'addColumn', column: { name: 'size' } }]);
    expect(typescript).toContain(`op.addColumn('teams', column('size', integer()));`);
    expect(typescript).toContain(`op.dropColumn('teams', 'size'`);
    expect(text).toMatch(/^--- [^\n]+\n\+\+\+ head\n@@ /u);
    expect(text.match(/^\+ .*size.*$/gmu)).toHaveLength(1);
  });

  test('runs SQL files and folders in the order of their names', async () => {
    const folder = join(project.folder, 'sql');
    await mkdir(folder);
    await writeFile(join(folder, '1.sql'), 'CREATE TABLE a (id INTEGER);\n-- more\nCREATE TABLE b (id INTEGER);');
    await writeFile(join(folder, '2.sql'), 'ALTER TABLE a ADD COLUMN size INTEGER;');
    expect((await diff('sql/1.sql', 'sql')).descriptions).toEqual(['add column "size" to "a"']);
    await run(url, 'CREATE TABLE a (id INTEGER, size INTEGER); CREATE TABLE b (id INTEGER);');
    expect(await diff(url, 'sql')).toMatchObject({ isEqual: true });
    await writeFile(join(folder, '3.sql'), '\n\nALTER TABLE nowhere ADD COLUMN size INTEGER;');
    await expect(diff('empty', 'sql')).rejects.toMatchObject({ message: expect.stringContaining('3.sql" line 3: ') });
    await expect(diff('empty', 'sql/4.sql')).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });

  test('compares two databases, asks about renames, and takes answers', async () => {
    const other = await open();
    await executeSql(url, ['CREATE TABLE a (id INTEGER, name VARCHAR(20))']);
    await executeSql(other, ['CREATE TABLE a (id INTEGER, full_name VARCHAR(20))']);
    const asked = await diff(url, other);
    expect(asked.questions.map(({ dropped }) => dropped)).toEqual(['a.name']);
    expect(asked.from).not.toMatch(/:(?!\*\*\*@)[^/:@]+@/u);
    const { descriptions, questions, sql: script } = await diff(url, other, { renames: ['a.name:a.full_name'] });
    expect([descriptions.length, questions]).toEqual([1, []]);
    await run(url, script);
    expect(await diff(url, other)).toMatchObject({ isEqual: true });
  });

  test('names the revisions of which it cannot know all', async () => {
    await project.write({ id: 'cccc', down: 'bbbb', upgrade: `op.execute('CREATE TABLE extra (id INTEGER)');` });
    expect((await diff('aaaa', 'head')).unknown.map(({ revision }) => revision)).toEqual(['cccc']);
  });

  test('needs a server for what is no database, except on SQLite and where PGlite stands in for PostgreSQL', async () => {
    const request = diff('empty', 'models', { devUrl: undefined });
    if (dialect.family === 'mysql') {
      await expect(request).rejects.toMatchObject({ code: 'ALUDEL_USAGE', hint: expect.stringContaining('--dev-url') });
    } else expect((await request).isEqual).toBe(false);
  });

  test('opens no SQLite file that is not there', async () => {
    const missing = diff('sqlite:./nowhere.db', 'empty');
    await expect(missing).rejects.toMatchObject({ code: 'ALUDEL_DATABASE_NOT_FOUND' });
  });
});
