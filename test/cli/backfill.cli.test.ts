import { beforeEach, describe, expect, test } from 'vitest';
import { executeSql } from '../support/execute-sql.js';
import { plainConfig, useCliProject } from '../support/cli-project.js';
import type { Finished } from '../support/start-program.js';

const model = (columns: string): string => `import { integer, MetaData, varchar } from 'aludel';
export const metadata = new MetaData();
metadata.table('people', { id: integer().primaryKey()${columns} });
`;

describe('a column that becomes required', () => {
  const project = useCliProject({
    ...plainConfig({ url: 'sqlite:app.db', models: './model.js' }),
    'model.js': model(''),
    'migrations/.keep': '',
  });
  const run = (...args: readonly string[]): Promise<Finished> => project.run(args);

  beforeEach(async () => {
    await run('revision', '--autogenerate', '-m', 'people');
    await run('upgrade');
    await executeSql(`sqlite:${project.path('app.db')}`, ['INSERT INTO people (id) VALUES (1), (2)']);
    await project.write({ 'model.js': model(', size: integer().notNull()') });
  });

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
    await project.write({
      'migrations/zzzz.js': `export const revision = 'zzzz';
       export const downRevision = null;
       export const transaction = false;
       export const upgrade = (op) => op.batch('people', { size: 1 }, () => undefined);
       export const downgrade = () => undefined;\n`,
    });
    expect(await run('upgrade', 'zzzz')).toMatchObject({ exitCode: 0, stderr: '  people: 2 of 2 rows (100 %)\n' });
  });
});
