import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMigrator } from '../../src/commands/create-migrator.js';
import type { Migrator } from '../../src/commands/migrator.js';
import { forgetLast, historyDump, LIBRARIES, type Library } from './library.js';
import { createFixtureDatabase, type Fixture, loadFixture } from './load-fixture.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { dumpRows } from '../support/dump-rows.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const cases = dialects.flatMap((dialect) =>
  LIBRARIES.filter((library) => library.family === dialect.family).map((library) => ({
    name: `${library.tool} on ${dialect.name}`,
    dialect,
    library,
  })),
);

describe.each(cases)('importing $name', ({ dialect, library }) => {
  const { tool } = library;
  let fixture: Fixture;
  const project = useProject(dialect);

  beforeEach(async () => {
    fixture = await loadFixture(tool, dialect);
    await createFixtureDatabase(fixture, project.url);
  });

  afterEach(async () => {
    await fixture.remove();
  });

  /** A migrator with the project's models, before or after one more change. */
  function at(step: Parameters<Library['build']>[0], url = project.url): Migrator {
    const config = { ...project.config, url, models: () => Promise.resolve({ metadata: library.build(step) }) };
    return createMigrator({ config, cwd: project.folder });
  }

  const files = (): Promise<string[]> => readdir(join(project.folder, 'migrations'));

  test('makes a baseline that gives the same database on an empty server, and goes on from it', async () => {
    const before = await dumpDatabase(project.url);
    const own = before.filter((statement) => !historyDump(tool, statement));
    const rows = await dumpRows(project.url);
    const plan = await project.migrator.importHistory(tool, fixture.folder, { dryRun: true });
    expect(plan).toMatchObject({ dryRun: true, file: null });
    await expectUntouched();

    const report = await project.migrator.importHistory(tool, fixture.folder);
    expect(await files()).toHaveLength(1);
    expect(report.descriptions).toEqual(plan.descriptions);
    expect(report.applied).toHaveLength(library.migrations);
    expect(report.dropStatements.length).toBeGreaterThan(0);
    expect(report.tablesToExclude).toEqual([]);

    // The import ran nothing, and the tool's own tables are as they were.
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect(await dumpRows(project.url)).toBe(rows);
    expect((await project.migrator.current()).revisions.map(({ revision }) => revision)).toEqual([report.revision]);

    // Models that are reflected now would make the tool's tables on every database: only who asks gets one.
    const [history = ''] = report.historyTables;
    const reflected = await project.migrator.reflect();
    expect(reflected.leftOut).toContain(`table "${history}": another tool's history`);
    expect(reflected.files.map(({ text }) => text).join()).not.toContain(history);
    expect(await project.migrator.reflect({ include: [history] })).toMatchObject({ tables: 1, leftOut: [] });

    const empty = await createDatabase(dialect);
    try {
      await at('now', empty.url).upgrade();
      expect(await dumpDatabase(empty.url)).toEqual(own);
      await at('now', empty.url).downgrade('base', { allowLoss: true });
      expect(await dumpDatabase(empty.url)).toEqual([]);
    } finally {
      await empty.drop();
    }

    // The models say what the tool made, and its tables are not in the way.
    expect((await at('now').check()).descriptions).toEqual([]);
    const next = await at('next').revision({ autogenerate: true, message: 'next' });
    expect(next.losses).toEqual([]);
    expect(next.descriptions).toHaveLength(2);
    await at('next').upgrade();
    expect((await at('next').check()).descriptions).toEqual([]);
    await at('next').downgrade('-1', { allowLoss: true });
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect(await dumpRows(project.url)).toBe(rows);
  });

  /** Expects that the import is refused, and that neither the database nor the folder is touched. */
  async function expectRefusal(error: object): Promise<void> {
    const before = [await dumpDatabase(project.url), await dumpRows(project.url)];
    await expect(project.migrator.importHistory(tool, fixture.folder)).rejects.toMatchObject(error);
    expect([await dumpDatabase(project.url), await dumpRows(project.url)]).toEqual(before);
    await expectUntouched();
  }

  /** Nothing of ours is there. */
  async function expectUntouched(): Promise<void> {
    expect(await files()).toEqual([]);
    await expect(executeSql(project.url, ['SELECT * FROM aludel_version'])).rejects.toThrow(/aludel_version/u);
  }

  test('refuses while files and table disagree, and names what is missing where', async () => {
    const all = await readdir(fixture.folder, { recursive: true });
    // The file itself, or the folder that Prisma makes of it; not the snapshots of drizzle-kit.
    const last = all.find((name) => /index.?books/iu.test(name)) ?? '';
    await rename(join(fixture.folder, last), `${fixture.folder}.away`);
    const missing = [expect.stringMatching(/^(V2|f5f318cbfbf3|202611211125\d\d|.*index.?books.*)$/iu) as string];
    await expectRefusal({ code: 'ALUDEL_IMPORT_DISAGREES', details: { missing } });
    await rename(`${fixture.folder}.away`, join(fixture.folder, last));

    await executeSql(project.url, [forgetLast(library)]);
    const pending = [expect.stringMatching(/index.?books/iu) as string];
    await expectRefusal({ code: 'ALUDEL_IMPORT_DISAGREES', details: { pending, missing: [], changed: [] } });
  });
});
