import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { executeSql } from '../support/execute-sql.js';
import { createFolder, runAludel } from '../support/run-aludel.js';

const model = (columns: string): string => `import { integer, MetaData, varchar } from 'aludel';
export const metadata = new MetaData();
metadata.table('people', { id: integer().primaryKey()${columns} });
`;

describe('a column that becomes required', () => {
  let folder: Awaited<ReturnType<typeof createFolder>>;
  const run = (...args: readonly string[]): ReturnType<typeof runAludel> => runAludel(folder.path, args);

  beforeEach(async () => {
    folder = await createFolder();
    const config = { url: 'sqlite:app.db', models: './model.js' };
    await writeFile(join(folder.path, 'migrate.config.js'), `export default ${JSON.stringify(config)};\n`);
    await writeFile(join(folder.path, 'model.js'), model(''));
    await run('revision', '--autogenerate', '-m', 'people');
    await run('upgrade');
    await executeSql(`sqlite:${join(folder.path, 'app.db')}`, ['INSERT INTO people (id) VALUES (1), (2)']);
    await writeFile(join(folder.path, 'model.js'), model(', size: integer().notNull()'));
  });
  afterEach(() => folder.remove());

  test('exits with 2 and says what to pass, and takes it', async () => {
    expect(await run('revision', '--autogenerate', '-m', 'size')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'Error ALUDEL_BACKFILL_UNANSWERED: A column becomes required and rows have no value for it: "people.size" (2 rows).\n' +
        '  Say what to fill in, as SQL: --backfill people.size="0". Or give the model a serverDefault().\n',
    });
    const written = await run('revision', '--autogenerate', '-m', 'size', '--backfill', 'people.size=id + 1');
    expect(written).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('+ fill "size" of "people" where it is NULL\n'),
    });
    expect(await run('upgrade', '--quiet')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect((await run('check')).stdout).toBe('The database is what the models say.\n');
  });

  test('is nothing to answer without autogenerate', async () => {
    expect(await run('revision', '--backfill', 'people.size=0')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('op.batch shows at its end how many rows there were', async () => {
    await writeFile(
      join(folder.path, 'migrations', 'zzzz.js'),
      `export const revision = 'zzzz';
       export const downRevision = null;
       export const transaction = false;
       export const upgrade = (op) => op.batch('people', { size: 1 }, () => undefined);
       export const downgrade = () => undefined;\n`,
    );
    expect(await run('upgrade', 'zzzz')).toMatchObject({ exitCode: 0, stderr: '  people: 2 of 2 rows (100 %)\n' });
  });
});
