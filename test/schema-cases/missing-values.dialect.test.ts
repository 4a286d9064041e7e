import { integer, MetaData, varchar } from 'aludel';
import { beforeEach, describe, expect, it } from 'vitest';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { dumpRows } from '../support/dump-rows.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

describe.each(dialects)('values that are missing on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models: MetaData;

  beforeEach(async () => {
    models = new MetaData();
    models.table('people', { id: integer().primaryKey(), name: varchar(20) });
    await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
    await project.migrator.upgrade();
    await executeSql(project.url, ["INSERT INTO people (id, name) VALUES (1, 'a'), (2, NULL)"]);
  });

  async function upgradeTo(columns: Parameters<MetaData['table']>[1]): Promise<string> {
    models = new MetaData();
    models.table('people', { id: integer().primaryKey(), ...columns });
    // Generated where there are no rows, and run where there are some: else it would ask for their values.
    await executeSql(project.url, ['DELETE FROM people']);
    await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    await executeSql(project.url, ["INSERT INTO people (id, name) VALUES (1, 'a'), (2, NULL)"]);
    const [schema, rows] = [await dumpDatabase(project.url), await dumpRows(project.url)];
    const message = await project.migrator.upgrade().then(
      () => 'no error',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(await dumpDatabase(project.url)).toEqual(schema);
    expect(await dumpRows(project.url)).toEqual(rows);
    return message;
  }

  it('refuses a required column without a default for a table with rows', async () => {
    const message = await upgradeTo({ name: varchar(20), age: integer().notNull() });
    expect(message).toContain('"people"');
    expect(message).toContain('"age"');
  });

  it('refuses to require a column that holds NULL', async () => {
    const message = await upgradeTo({ name: varchar(20).notNull() });
    expect(message).toContain('people');
    expect(message).toContain('name');
  });

  it('adds a required column to a table without rows', async () => {
    await executeSql(project.url, ['DELETE FROM people']);
    models = new MetaData();
    models.table('people', { id: integer().primaryKey(), name: varchar(20).notNull(), age: integer().notNull() });
    await project.migrator.revision({ autogenerate: true });
    await project.migrator.upgrade();
    expect((await project.migrator.check()).isInStep).toBe(true);
  });
});
