import { readFile, rm } from 'node:fs/promises';
import { check, foreignKey, index, integer, enumeration, MetaData, sql, text, varchar } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Migrator } from '../../src/commands/migrator.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

/** Expressions that a server spells in its own way, enums, counters, a foreign key and a view. */
const models = (step: number) => () => {
  const metadata = new MetaData();
  metadata.table('teams', { id: integer().primaryKey(), name: varchar(20).notNull().serverDefault('a team') });
  metadata.table(
    'users',
    {
      id: integer().primaryKey(),
      price: integer().serverDefault(3),
      status: enumeration('user_status', step === 1 ? ['open', 'shut'] : ['open', 'held', 'shut']).notNull(),
      team_id: integer(),
      ...(step > 1 && { total: integer().generatedAs(sql`price + 1`), note: text() }),
    },
    () => [
      check('ck_price', step === 3 ? sql`price > 1` : sql`price > 0 AND price IN (1, 2, 3)`),
      foreignKey(['team_id'], 'teams', ['id'], { name: 'fk_users_team', onDelete: 'cascade' }),
      index('ix_users_team', ['team_id']),
    ],
  );
  metadata.view('cheap', sql`SELECT id FROM users WHERE price < 3`);
  return Promise.resolve({ metadata });
};

const now = new Date('2026-01-02T03:04:05Z');

describe.each(dialects)('revision --from history on $name', (dialect) => {
  const project = useProject(dialect);
  let devUrl: string | undefined;

  beforeEach(async () => {
    devUrl = dialect.name === 'sqlite' ? undefined : project.url;
  });

  const at = (step: number): Migrator => project.open({ config: { ...project.config, models: models(step) } });
  const generate = async (step: number, revisionId: string, from: 'database' | 'history'): Promise<string> => {
    const { file } = await at(step).revision({ autogenerate: true, revisionId, from, devUrl, now, message: 'x' });
    const source = file === null ? '' : await readFile(file, 'utf8');
    return source.replaceAll(revisionId, 'ID');
  };

  test('writes the same bytes as from the live database', async () => {
    expect(await generate(1, 'aaaa', 'history')).toContain('createTable');
    await at(1).upgrade();
    for (const step of [2, 3]) {
      const [replayed, live] = [`rep${step}`, `live${step}`];
      const source = await generate(step, replayed, 'history');
      await rm((await at(step).show(replayed))[0]?.file ?? '');
      expect(source).toContain('op.');
      expect(await generate(step, live, 'database')).toBe(source);
      await at(step).upgrade();
    }
    expect(await generate(3, 'dddd', 'history')).toBe('');
  });

  test('names the revisions of which it cannot know all', async () => {
    await project.write({ id: 'aaaa', upgrade: `op.execute('CREATE TABLE extra (id INTEGER)');` });
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.execute('INSERT INTO extra VALUES (1)');` });
    await project.write({
      id: 'cccc',
      down: 'bbbb',
      isAsync: true,
      upgrade: `const rows = await op.execute('SELECT 1');`,
    });
    const report = await at(1).revision({ autogenerate: true, from: 'history', devUrl });
    expect(report.unknown?.map(({ revision, reason }) => [revision, reason])).toEqual([
      ['aaaa', 'runs SQL of its own'],
      ['cccc', 'reads from the database'],
    ]);
    expect(report.descriptions).toContain('create table "users"');
  });

  test('knows what stands behind a step that fills a column', async () => {
    const filled = (isRequired: boolean) => () => {
      const metadata = new MetaData();
      metadata.table('seats', { id: integer().primaryKey(), ...(isRequired && { size: integer().notNull() }) });
      return Promise.resolve({ metadata });
    };
    const open = (isRequired: boolean): Migrator =>
      project.open({ config: { ...project.config, models: filled(isRequired) } });
    await open(false).revision({ autogenerate: true });
    await open(false).upgrade();
    const backfills = ['seats.size=1'];
    const { file } = await open(true).revision({ autogenerate: true, backfills });
    expect(await readFile(file ?? '', 'utf8')).toContain('op.db');
    const again = await open(true).revision({ autogenerate: true, from: 'history', devUrl });
    expect(again).toMatchObject({ file: null, unknown: [] });
  });

  test('leaves the database whose server it uses as it is', async () => {
    await executeSql(project.url, ['CREATE TABLE kept (id INTEGER)']);
    const before = await dumpDatabase(project.url);
    await generate(1, 'aaaa', 'history');
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  test('needs a server for its scratch databases, of the same kind', async () => {
    const url = dialect.name === 'postgres' ? 'mysql://u@localhost/x' : 'postgresql://u@localhost/x';
    const revision = (wrong: string | undefined): Promise<unknown> =>
      at(1).revision({ autogenerate: true, from: 'history', devUrl: wrong });
    await expect(revision(url)).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: expect.stringContaining('same kind'),
    });
    const missing = { code: 'ALUDEL_USAGE', hint: expect.stringContaining('--dev-url') };
    // PGlite stands in for PostgreSQL, see pglite.test.ts; without it the package's own test says what is missing.
    if (dialect.family === 'mysql') await expect(revision(undefined)).rejects.toMatchObject(missing);
  });

  test.runIf(dialect.name === 'postgres')('makes the functions and types of a table before it', async () => {
    const metadata = new MetaData();
    metadata.object('function', 'zap', {
      definition: 'CREATE FUNCTION zap(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(a) $$',
      signature: '(text)',
    });
    metadata.table('t', { id: integer().primaryKey(), a: text(), b: text().generatedAs(sql`zap(a)`) });
    const migrator = project.open({ config: { ...project.config, models: () => Promise.resolve({ metadata }) } });
    await migrator.revision({ autogenerate: true, from: 'history', devUrl });
    expect((await migrator.revision({ autogenerate: true, from: 'history', devUrl })).file).toBeNull();
  });

  test.runIf(dialect.name === 'postgres')(
    'makes partitions and heirs behind their tables, whatever they are called',
    async () => {
      const metadata = new MetaData();
      const options = (said: Readonly<Record<string, string>>) => ({ options: { postgres: said } });
      metadata.table(
        'a_part',
        { kind: text().notNull() },
        undefined,
        options({ partitionOf: "whole FOR VALUES IN ('a')" }),
      );
      metadata.table('whole', { kind: text().notNull() }, undefined, options({ partitionBy: 'LIST (kind)' }));
      metadata.table('b_heir', {}, undefined, options({ inherits: 'remarks' }));
      metadata.table('remarks', { body: text() });
      const migrator = project.open({ config: { ...project.config, models: () => Promise.resolve({ metadata }) } });
      await migrator.revision({ autogenerate: true, from: 'history', devUrl, message: 'tables' });
      expect(await migrator.revision({ autogenerate: true, from: 'history', devUrl, message: 'again' })).toMatchObject({
        descriptions: [],
        file: null,
      });
      expect((await migrator.diff({ from: 'head', to: 'models', devUrl })).descriptions).toEqual([]);
    },
  );
});
