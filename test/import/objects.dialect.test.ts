import { expect, onTestFinished, test } from 'vitest';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { openProject } from '../support/project.js';
import { createFixtureDatabase, loadFixture } from './load-fixture.js';
import { historyDump } from './library.js';

const VIEWS = [
  'CREATE VIEW cheap AS SELECT id, title FROM books WHERE price < 10',
  'CREATE VIEW cheapest AS SELECT id FROM cheap',
];
const POSTGRES = [
  `CREATE FUNCTION trim_title() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.title := btrim(NEW.title); RETURN NEW; END'`,
  'CREATE TRIGGER trimmed BEFORE INSERT ON books FOR EACH ROW EXECUTE FUNCTION trim_title()',
  'CREATE MATERIALIZED VIEW counted AS SELECT author_id, count(*) AS books FROM books GROUP BY author_id',
  'CREATE UNIQUE INDEX ux_counted ON counted (author_id)',
  'CREATE POLICY own ON books USING (id > 0)',
];
const MYSQL = [
  'CREATE TRIGGER trimmed BEFORE INSERT ON books FOR EACH ROW SET NEW.title = TRIM(NEW.title)',
  'CREATE PROCEDURE forget(IN which INT) DELETE FROM books WHERE id = which',
];
const SQLITE = [
  'CREATE TRIGGER forgotten AFTER DELETE ON authors BEGIN DELETE FROM books WHERE author_id = OLD.id; END',
];
const OBJECTS = { postgres: POSTGRES, mysql: MYSQL, mariadb: MYSQL, sqlite: SQLITE };

test.each(dialects)('a baseline on $name has the views, routines and triggers of the database', async (dialect) => {
  const fixture = await loadFixture('knex', dialect);
  onTestFinished(() => fixture.remove());
  const project = await openProject(dialect);
  await createFixtureDatabase(fixture, project.url);
  await executeSql(project.url, [...VIEWS, ...OBJECTS[dialect.name]]);
  const own = (await dumpDatabase(project.url)).filter((statement) => !historyDump('knex', statement));
  // PostgreSQL knows what a view stands on: one over a table that is left out would fail.
  const left = dialect.name === 'postgres' ? ['CREATE VIEW applied AS SELECT name FROM knex_migrations'] : [];
  await executeSql(project.url, left);

  const { descriptions } = await project.migrator.importHistory('knex', fixture.folder);
  expect(descriptions).toEqual(expect.arrayContaining([expect.stringMatching(/view "cheapest"/)]));
  expect(descriptions.join()).not.toContain('applied');
  const empty = await createDatabase(dialect);
  onTestFinished(() => empty.drop());
  const other = project.open({ url: empty.url });
  await other.upgrade();
  expect(await dumpDatabase(empty.url)).toEqual(own);
  await other.downgrade('base', { allowLoss: true });
  expect(await dumpDatabase(empty.url)).toEqual([]);
});
