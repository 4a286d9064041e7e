import { readFile, writeFile } from 'node:fs/promises';
import { createEngine, MetaData } from 'aludel';
import { expect } from 'vitest';
import { connectTo } from '../support/connect-to.js';
import { createDatabase, type TestDialect } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { dumpRows } from '../support/dump-rows.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject } from '../support/project.js';
import { sqlTokens } from '../support/sql-tokens.js';
import type { SchemaCase } from './schema-case.js';
import { renameRows, survivingRows } from './surviving-rows.js';

/** True for a PostgreSQL before the one that has what the case is about. */
export async function isTooOld({ sincePostgres = 0 }: SchemaCase, url: string): Promise<boolean> {
  if (!url.startsWith('postgres')) return false;
  return connectTo(url, (connection) => Promise.resolve(connection.server.major < sincePostgres));
}

/**
 * From nothing to `from`, on to `to`, and all the way back, through files and the runner. The judges are the database's
 * own dump, the rows, and a second comparison. Gives the files that were written.
 */
export async function runCase(schemaCase: SchemaCase, dialect: TestDialect): Promise<string[]> {
  const { rows = [], afterwards = [], changedValues = [], byHand, renames } = schemaCase;
  const exception = schemaCase.except?.[dialect.name];
  if (exception !== undefined && exception.code === undefined) return [];
  let models = modelsOf(schemaCase.from);
  const { migrator, url, remove } = await createProject(dialect, { models: async () => models });
  const run = (statements: readonly string[]) =>
    executeSql(url, dialect.family === 'mysql' ? statements.map(withBackticks) : statements);
  const expectInStep = async (state: string) =>
    expect((await migrator.check()).operations, `the database is in step with "${state}"`).toEqual([]);
  try {
    if (await isTooOld(schemaCase, url)) return [];
    const first = migrator.revision({ autogenerate: true, message: 'from', revisionId: 'aaaa' });
    if (exception?.code !== undefined) {
      await expect(first).rejects.toMatchObject({ code: exception.code });
      return [];
    }
    const files = [(await first).file ?? ''];
    await migrator.upgrade('head', { allowLoss: true });
    await expectInStep('from');
    const dumpOfFrom = await dumpDatabase(url);
    await run(rows);
    const rowsOfFrom = await dumpRows(url);

    models = modelsOf(schemaCase.to);
    const second = await migrator.revision({
      autogenerate: byHand === undefined,
      message: 'to',
      revisionId: 'bbbb',
      ...(renames === undefined ? { noRenames: true } : { renames }),
    });
    if (schemaCase.sameOn?.includes(dialect.name) === true) {
      expect(second.descriptions).toEqual([]);
      return await readAll(files);
    }
    if (schemaCase.maySayNothing === true && second.file === null) return await readAll(files);
    expect(second.file, 'autogenerate finds the difference').not.toBeNull();
    files.push(second.file ?? '');
    if (byHand !== undefined) await writeByHand(second.file ?? '', byHand);
    await migrator.upgrade('head', { allowLoss: true });
    await expectInStep('to');
    const dumpOfTo = await dumpDatabase(url);
    if (schemaCase.dumpDiffersOn?.[dialect.name] === undefined) {
      expect(dumpOfTo, 'dump after the upgrade').toEqual(await dumpFresh(schemaCase, dialect));
    }
    const [lost, kept] = survivingRows(renameRows(rowsOfFrom, renames ?? []), await dumpRows(url), changedValues);
    expect(kept, 'rows after the upgrade').toEqual(lost);
    await run(afterwards);
    const rowsOfTo = await dumpRows(url);

    models = modelsOf(schemaCase.from);
    await migrator.downgrade('-1', { allowLoss: true });
    if (schemaCase.returnDiffersOn?.[dialect.name] === undefined) {
      expect(await dumpDatabase(url), 'dump after the downgrade').toEqual(dumpOfFrom);
    } else {
      expect((await migrator.diff({ from: url, to: 'models', devUrl: url })).descriptions, 'back at "from"').toEqual(
        [],
      );
    }
    const [before, after] = survivingRows(rowsOfTo, renameRows(await dumpRows(url), renames ?? []), changedValues);
    expect(after, 'rows after the downgrade').toEqual(before);
    await migrator.downgrade('base', { allowLoss: true });
    expect(await dumpDatabase(url), 'dump at base').toEqual([]);
    return await readAll(files);
  } finally {
    await remove();
  }
}

/** Names as MySQL and MariaDB quote them; strings stay. */
function withBackticks(sql: string): string {
  return sqlTokens(sql)
    .map(({ kind, text }) => (kind === 'name' ? text.replaceAll('"', '`') : text))
    .join('');
}

function modelsOf(declare: (metadata: MetaData) => void): MetaData {
  const metadata = new MetaData();
  declare(metadata);
  return metadata;
}

/** What `to` looks like in a database that never held anything else. */
async function dumpFresh(schemaCase: SchemaCase, dialect: TestDialect): Promise<string[]> {
  const database = await createDatabase(dialect);
  const engine = createEngine(database.url);
  try {
    await modelsOf(schemaCase.to).createAll(engine);
    return await dumpDatabase(database.url);
  } finally {
    await engine.dispose();
    await database.drop();
  }
}

async function writeByHand(
  file: string,
  { upgrade, downgrade }: { upgrade: string; downgrade: string },
): Promise<void> {
  const text = await readFile(file, 'utf8');
  const used = NAMES.filter((name) => new RegExp(`\\b${name}\\(`).test(upgrade + downgrade));
  const imported = [...used, 'type Operations'].join(', ');
  const header = text
    .slice(0, text.indexOf('export function'))
    .replace(/import .*\n/, `import { ${imported} } from 'aludel';\n`);
  const body = (name: string, lines: string) => `export function ${name}(op: Operations): void {\n${lines}\n}\n`;
  await writeFile(file, header + body('upgrade', upgrade) + body('downgrade', downgrade));
}

const NAMES = ['column', 'integer', 'text', 'varchar', 'enumeration', 'sql'];

function readAll(files: readonly string[]): Promise<string[]> {
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}
