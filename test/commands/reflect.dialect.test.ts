import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createEngine, createMigrator, MetaData } from 'aludel';
import { describe, expect, it } from 'vitest';
import { checkTypes } from '../schema-cases/check-types.js';
import { CASES } from '../schema-cases/cases.js';
import { isTooOld } from '../schema-cases/run-case.js';
import type { SchemaCase } from '../schema-cases/schema-case.js';
import { createDatabase, dialects, type TestDialect } from '../support/databases.js';

const files = new Map<string, string>();

/** The case's tables in a database, written as models in a project of their own, and compared with them. */
async function reflectAndCompare(schemaCase: SchemaCase, dialect: TestDialect, split: boolean): Promise<string[]> {
  const database = await createDatabase(dialect);
  const engine = createEngine(database.url);
  // Inside the repository, so that "aludel" is found from there.
  const folder = await mkdtemp(resolve('.reflect-'));
  try {
    if (await isTooOld(schemaCase, database.url)) return [];
    await mkdir(join(folder, 'migrations'));
    const metadata = new MetaData();
    schemaCase.to(metadata);
    await metadata.createAll(engine);
    const config = { url: database.url, migrations: 'migrations', models: split ? 'models/*.ts' : 'models.ts' };
    const migrator = createMigrator({ cwd: folder, config });
    await migrator.reflect({ output: join(folder, split ? 'models' : 'models.ts'), split });
    const home = split ? join(folder, 'models') : folder;
    for (const name of (await readdir(home)).filter((one) => one.endsWith('.ts'))) {
      const text = await readFile(join(home, name), 'utf8');
      if (!split) files.set(`${dialect.name}-${CASES.indexOf(schemaCase)}.ts`, text);
    }
    return [...(await migrator.check()).descriptions];
  } finally {
    await engine.dispose();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

describe.concurrent.each(dialects)('models reflected from $name', (dialect) => {
  const cases = CASES.filter(({ except }) => except?.[dialect.name] === undefined);

  it.each(cases.map((schemaCase) => [schemaCase.name, schemaCase] as const))('%s', async (_name, schemaCase) => {
    expect(await reflectAndCompare(schemaCase, dialect, false)).toEqual([]);
  });

  it.each(cases.slice(0, 3).map((schemaCase) => [schemaCase.name, schemaCase] as const))(
    'as one file a table: %s',
    async (_name, schemaCase) => {
      expect(await reflectAndCompare(schemaCase, dialect, true)).toEqual([]);
    },
  );
});

it('writes models that pass the strict type check', async () => {
  expect(files.size).toBeGreaterThan(0);
  expect(await checkTypes(files)).toBe('');
});
