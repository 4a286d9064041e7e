/** A database of Alembic's goes on as it is: its own version table is Aludel's. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMigrator } from '../../src/commands/create-migrator.js';
import type { Migrator } from '../../src/commands/migrator.js';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, useProject } from '../support/project.js';
import { LIBRARIES, type LibraryStep } from './library.js';
import { createFixtureDatabase, type Fixture, loadFixture } from './load-fixture.js';

const HEAD = 'f5f318cbfbf3';

const supported = dialects.filter(({ family }) =>
  LIBRARIES.some((library) => library.tool === 'alembic' && library.family === family),
);

describeEach(supported, 'alembic_version on $name', (dialect) => {
  const library = LIBRARIES.find(({ tool, family }) => tool === 'alembic' && family === dialect.family);
  let fixture: Fixture;
  const project = useProject(dialect, { versionTable: 'alembic_version' });

  beforeEach(async () => {
    fixture = await loadFixture('alembic', dialect);
    await createFixtureDatabase(fixture, project.url);
  });

  afterEach(async () => {
    await fixture.remove();
  });

  function at(step: LibraryStep): Migrator {
    const config = { ...project.config, models: () => Promise.resolve({ metadata: library?.build(step) }) };
    return createMigrator({ config, cwd: project.folder });
  }

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);
  const rows = async (): Promise<unknown[]> =>
    (await query('SELECT version_num FROM alembic_version ORDER BY version_num')).map((row) => row['version_num']);

  test('the baseline has the id of the head, so that every other database at it is at the baseline', async () => {
    const before = await dumpDatabase(project.url);
    const report = await project.migrator.importHistory('alembic', fixture.folder);
    expect(report).toMatchObject({ revision: HEAD, dropStatements: [], historyTables: ['alembic_version'] });
    expect(await rows()).toEqual([HEAD]);
    expect(await query('SELECT revision FROM aludel_log')).toEqual([]);
    expect((await at('now').check()).descriptions).toEqual([]);
    await at('next').revision({ autogenerate: true, revisionId: 'next' });
    await at('next').upgrade();
    expect(await rows()).toEqual(['next']);
    await at('next').downgrade('-1', { allowLoss: true });
    expect(await rows()).toEqual([HEAD]);
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  test('a database at another head of the same history is told that its revision is unknown', async () => {
    await project.migrator.importHistory('alembic', fixture.folder);
    await executeSql(project.url, [`UPDATE alembic_version SET version_num = '71b080fac4de'`]);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_UNKNOWN_IN_DATABASE' });
  });

  test('ids of more than 32 characters are refused before anything runs', async () => {
    await project.migrator.importHistory('alembic', fixture.folder);
    const before = await dumpDatabase(project.url);
    const long = 'a'.repeat(33);
    await project.write({ id: 'short', down: HEAD, upgrade: `op.execute('CREATE TABLE seats (id integer)');` });
    await project.write({ id: long, down: 'short', upgrade: `op.execute('CREATE TABLE rows (id integer)');` });
    const refusal = { code: 'ALUDEL_REVISION_INVALID', details: { limit: 32, revisions: [long] } };
    await expect(project.migrator.upgrade()).rejects.toMatchObject(refusal);
    await expect(project.migrator.stamp(long)).rejects.toMatchObject(refusal);
    expect(await rows()).toEqual([HEAD]);
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect((await project.migrator.upgrade('short')).to).toEqual(['short']);
  });

  test("Aludel's own table takes ids of more than 32 characters", async () => {
    const own = await createProject(project.url);
    try {
      const long = 'a'.repeat(33);
      await own.write({ id: long, upgrade: `op.execute('CREATE TABLE seats (id integer)');` });
      expect((await own.migrator.upgrade()).to).toEqual([long]);
    } finally {
      await own.remove();
    }
  });
});
