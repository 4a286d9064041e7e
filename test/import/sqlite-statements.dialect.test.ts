import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';
import { createFixtureDatabase, type Fixture, loadFixture } from './load-fixture.js';

const sqlite = dialects.filter(({ name }) => name === 'sqlite');

describeEach(sqlite, 'a baseline on $name', (dialect) => {
  let fixture: Fixture;
  const project = useProject(dialect);

  beforeEach(async () => {
    fixture = await loadFixture('knex', dialect);
    await createFixtureDatabase(fixture, project.url);
  });

  afterEach(async () => {
    await fixture.remove();
  });

  test('holds views, triggers and virtual tables, on the way down as well', async () => {
    await executeSql(project.url, [
      'CREATE VIEW cheap AS SELECT title FROM books WHERE price < 10 -- "`" and ${this}',
      "CREATE TRIGGER no_authors BEFORE DELETE ON authors BEGIN SELECT RAISE(ABORT, 'keep them'); END",
      'CREATE VIRTUAL TABLE words USING fts5(word)',
    ]);
    const before = (await dumpDatabase(project.url)).filter((sql) => !sql.includes('knex_migrations'));
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
