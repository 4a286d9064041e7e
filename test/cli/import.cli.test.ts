import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { executeSql } from '../support/execute-sql.js';
import { loadFixture } from '../import/load-fixture.js';
import { configFile, useCliProject } from '../support/cli-project.js';

describe('aludel import', () => {
  const project = useCliProject({ 'migrations/.keep': '' });
  beforeEach(async () => {
    await project.write(configFile(`sqlite:${project.path('library.db')}`));
    const fixture = await loadFixture('knex', { name: 'sqlite', family: 'sqlite' });
    await executeSql(`sqlite:${project.path('library.db')}`, fixture.statements);
    await cp(fixture.folder, project.path('db/migrations'), { recursive: true });
    await fixture.remove();
  });

  it('says what it made, what is left of the tool, and what comes next', async () => {
    const text = await project.succeed(['import', 'knex', 'db/migrations', '--rev-id', 'base1']);
    expect(text).toBe(`3 migrations of knex, all applied, become one baseline:
  + create table "authors"
  + create table "books"
  + create index "authors_email_unique"
  + create index "books_author_id_title_index"
Wrote migrations/base1_baseline_from_knex.ts
The database is at base1. No revision ran: the tables are as they were.
Other databases at the same place: npx aludel stamp base1
What knex keeps in knex_migrations, knex_migrations_lock was left alone. When nobody needs it any more:
  DROP TABLE "knex_migrations";
  DROP TABLE "knex_migrations_lock";
Next: npx aludel check
`);
    expect(await project.list('migrations')).toContain('base1_baseline_from_knex.ts');
  });

  it('gives the same as JSON, and writes nothing on a dry run', async () => {
    const text = await project.succeed(['import', 'knex', 'db/migrations', '--dry-run', '--json']);
    expect(JSON.parse(text)).toMatchObject({ tool: 'knex', dryRun: true, file: null, applied: { length: 3 } });
    expect(await project.list('migrations')).toEqual(['.keep']);
  });

  it('takes a table by another name, and says what to exclude', async () => {
    await executeSql(`sqlite:${project.path('library.db')}`, [
      'ALTER TABLE knex_migrations RENAME TO history',
      'ALTER TABLE knex_migrations_lock RENAME TO history_lock',
    ]);
    const text = await project.succeed(['import', 'knex', join('db', 'migrations'), '--table', 'history']);
    expect(text).toContain("exclude: ['history', 'history_lock']");
  });

  it.each([
    [['import', 'knex', 'nowhere'], 'ALUDEL_USAGE'],
    [['import', 'liquibase', 'db/migrations'], 'ALUDEL_USAGE'],
    [['import', 'prisma', 'db/migrations'], 'ALUDEL_USAGE'],
    [['import', 'kysely', 'db/migrations'], 'ALUDEL_IMPORT_DISAGREES'],
  ])('%j is refused with exit code 2', async (args, code) => {
    const run = await project.run(args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(`Error ${code}: `);
    expect(await project.list('migrations')).toEqual(['.keep']);
  });

  it('is refused when there is a revision, or the database is at one', async () => {
    await project.succeed(['import', 'knex', 'db/migrations', '--rev-id', 'base1']);
    expect((await project.run(['import', 'knex', 'db/migrations'])).stderr).toContain('holds a revision already');
    await project.write({
      'migrate.config.ts': (await project.read('migrate.config.ts')).replace('});', `migrations: './other' });`),
      'other/.keep': '',
    });
    expect((await project.run(['import', 'knex', 'db/migrations'])).stderr).toContain(
      'The database is at "base1" already',
    );
  });
});
