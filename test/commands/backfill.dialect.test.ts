import { readFile } from 'node:fs/promises';
import { boolean, integer, MetaData, timestamp, varchar } from 'aludel';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BackfillQuestion } from '../../src/commands/decide-backfills.js';
import { connectTo, queryRows } from '../support/connect-to.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, type TestProject, useProject } from '../support/project.js';

type Columns = Parameters<MetaData['table']>[1];

function modelsOf(columns: Columns): MetaData {
  const metadata = new MetaData();
  metadata.table('people', { id: integer().primaryKey(), ...columns });
  return metadata;
}

describe.each(dialects)('columns that become required on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models: MetaData;

  beforeEach(async () => {
    models = modelsOf({ name: varchar(20) });
    await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
    await project.migrator.upgrade();
  });

  const insert = (): Promise<void> =>
    executeSql(project.url, ["INSERT INTO people (id, name) VALUES (1, 'a'), (2, NULL)"]);
  const people = (): Promise<unknown[][]> =>
    connectTo(project.url, async (connection) => {
      const { rows } = await connection.execute('SELECT * FROM people ORDER BY id');
      return rows.map((row) => Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value)));
    });
  const generate = (options: object = {}): ReturnType<TestProject['migrator']['revision']> =>
    project.migrator.revision({ autogenerate: true, revisionId: 'bbbb', ...options });

  /** The dump of a database that was made from the models at once. */
  async function freshDump(): Promise<string[]> {
    const other = await createDatabase(dialect);
    const fresh = await createProject(other.url, { models: async () => models });
    await fresh.migrator.revision({ autogenerate: true });
    await fresh.migrator.upgrade();
    const dump = await dumpDatabase(other.url);
    await fresh.remove();
    await other.drop();
    return [...dump];
  }

  it('stops without an answer, names what to pass, and writes no file', async () => {
    await insert();
    models = modelsOf({ name: varchar(20).notNull(), isNew: boolean().notNull() });
    await expect(generate()).rejects.toMatchObject({
      code: 'ALUDEL_BACKFILL_UNANSWERED',
      message: expect.stringContaining('"people.is_new" (2 rows), "people.name" (1 row)'),
      hint: expect.stringContaining(`--backfill people.is_new="false" --backfill people.name="''"`),
    });
    expect((await project.migrator.heads()).map(({ revision }) => revision)).toEqual(['aaaa']);
  });

  it('fills the rows between adding a column and requiring it, and goes back', async () => {
    await insert();
    const schema = await dumpDatabase(project.url);
    models = modelsOf({ name: varchar(20).notNull(), isNew: boolean().notNull(), size: integer().notNull() });
    const { file, descriptions } = await generate({
      backfills: ["people.name='it''s'", 'people.is_new=true', 'people.size=id + 1'],
    });
    expect(descriptions.filter((line) => line.startsWith('fill'))).toHaveLength(3);
    const source = await readFile(file ?? '', 'utf8');
    expect(source).toContain('export async function upgrade(op: Operations): Promise<void> {');
    expect(source).toContain(
      `await op.db.updateTable('people').set({ name: 'it\\'s' }).where('name', 'is', null).execute();`,
    );
    expect(source).toContain(
      "await op.db.updateTable('people').set({ size: sql`id + 1` }).where('size', 'is', null).execute();",
    );

    await project.migrator.upgrade();
    expect(await people()).toEqual(
      expect.arrayContaining([expect.arrayContaining([1, 'a', 1, 2]), expect.arrayContaining([2, "it's", 1, 3])]),
    );
    expect(await dumpDatabase(project.url)).toEqual(await freshDump());
    expect((await project.migrator.check()).isInStep).toBe(true);

    await project.migrator.downgrade('aaaa', { allowLoss: true });
    expect(await dumpDatabase(project.url)).toEqual(schema);
    expect(await people()).toEqual([
      [1, 'a'],
      [2, "it's"],
    ]);
  });

  // The other databases have no columns that every UPDATE sets.
  it.runIf(dialect.family === 'mysql')('leaves the time at which somebody changed a row', async () => {
    await executeSql(project.url, [
      'ALTER TABLE people ADD COLUMN `changed``at` timestamp NULL ON UPDATE CURRENT_TIMESTAMP',
      "INSERT INTO people VALUES (1, 'a', NULL), (2, NULL, '2020-01-02 03:04:05'), (3, NULL, NULL)",
    ]);
    models = new MetaData();
    models.table('persons', {
      id: integer().primaryKey(),
      title: varchar(20).notNull(),
      altered: timestamp({ precision: 0 }).name('changed`at').onUpdateNow(),
      size: integer().notNull(),
    });
    const renames = ['people:persons', 'persons.name:persons.title'];
    await generate({ renames, backfills: ["persons.title=''", 'persons.size=1'] });
    await project.migrator.upgrade();
    const sql = 'SELECT CAST(`changed``at` AS CHAR) AS at FROM persons ORDER BY id';
    expect(await queryRows(project.url, sql)).toEqual([{ at: null }, { at: '2020-01-02 03:04:05' }, { at: null }]);
    expect((await project.migrator.check()).isInStep).toBe(true);
  });

  it('asks for what was not said, and for nothing else', async () => {
    await insert();
    models = modelsOf({ name: varchar(20).notNull(), size: integer().notNull() });
    const asked: BackfillQuestion[] = [];
    const onBackfill = (question: BackfillQuestion): Promise<string> => {
      asked.push(question);
      return Promise.resolve("'nobody'");
    };
    await generate({ backfills: ['people.size=7'], onBackfill });
    expect(asked).toEqual([{ column: 'people.name', rows: 1, suggestion: "''" }]);
    await project.migrator.upgrade();
    expect((await people()).map((row) => row.includes('nobody'))).toEqual([false, true]);
  });

  it('writes the plain operation where there are no rows to fill', async () => {
    await executeSql(project.url, ["INSERT INTO people (id, name) VALUES (1, 'a')"]);
    models = modelsOf({ name: varchar(20).notNull() });
    expect((await generate()).descriptions).toHaveLength(1);
    await project.migrator.upgrade();
    await executeSql(project.url, ['DELETE FROM people']);
    models = modelsOf({ name: varchar(20).notNull(), size: integer().notNull() });
    expect((await generate({ revisionId: 'cccc' })).descriptions).toEqual(['add column "size" to "people"']);
    await project.migrator.upgrade();
    expect((await project.migrator.check()).isInStep).toBe(true);
  });

  it('writes a value that was given although no row here lacks one: other databases may have such rows', async () => {
    models = modelsOf({ name: varchar(20).notNull() });
    await generate({ backfills: ["people.name='nobody'"] });
    await insert();
    await project.migrator.upgrade();
    expect(await people()).toEqual([
      [1, 'a'],
      [2, 'nobody'],
    ]);
  });

  it('needs no value for a column that brings its own', async () => {
    await insert();
    models = modelsOf({ name: varchar(20), size: integer().notNull().serverDefault(3) });
    expect((await generate()).descriptions).toHaveLength(1);
  });

  it('counts in a table that is renamed under its old name', async () => {
    await insert();
    models = new MetaData();
    models.table('persons', { id: integer().primaryKey(), name: varchar(20), size: integer().notNull() });
    const renames = { renames: ['people:persons'] };
    await expect(generate(renames)).rejects.toMatchObject({
      details: { questions: [{ column: 'persons.size', rows: 2 }] },
    });
    await generate({ ...renames, backfills: ['persons.size=1'] });
    await project.migrator.upgrade();
    expect(await dumpDatabase(project.url)).toEqual(await freshDump());
  });

  it('refuses an answer that names nothing', async () => {
    await insert();
    models = modelsOf({ name: varchar(20).notNull() });
    await expect(generate({ backfills: ['people.nmae=1'] })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: 'No column "people.nmae" becomes required here (people.name).',
    });
    await expect(generate({ backfills: ['people.name'] })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });
});
