import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, type TestProject } from '../support/project.js';
import { createFixtureDatabase, type Fixture, loadFixture } from './load-fixture.js';

const sqlite = dialects.filter(({ name }) => name === 'sqlite');

describeEach(sqlite, 'a baseline on $name', (dialect) => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let fixture: Fixture;
  let project: TestProject;

  beforeEach(async () => {
    database = await createDatabase(dialect);
    fixture = await loadFixture('knex', dialect);
    await createFixtureDatabase(fixture, database.url);
    project = await createProject(database.url);
  });

  afterEach(async () => {
    await project.remove();
    await fixture.remove();
    await database.drop();
  });

  test('holds views, triggers and virtual tables, on the way down as well', async () => {
    await executeSql(database.url, [
      'CREATE VIEW cheap AS SELECT title FROM books WHERE price < 10 -- "`" and ${this}',
      "CREATE TRIGGER no_authors BEFORE DELETE ON authors BEGIN SELECT RAISE(ABORT, 'keep them'); END",
      'CREATE VIRTUAL TABLE words USING fts5(word)',
    ]);
    const before = (await dumpDatabase(database.url)).filter((sql) => !sql.includes('knex_migrations'));
    const report = await project.migrator.importHistory('knex', fixture.folder);
    expect(report.descriptions).toContain('create trigger "no_authors"');
    const empty = await createDatabase(dialect);
    try {
      const fresh = project.open({ url: empty.url });
      await fresh.upgrade();
      expect(await dumpDatabase(empty.url)).toEqual(before);
      await fresh.downgrade('base', { allowLoss: true });
      expect(await dumpDatabase(empty.url)).toEqual([]);
    } finally {
      await empty.drop();
    }
  });
});
