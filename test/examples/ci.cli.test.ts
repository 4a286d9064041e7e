import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cleanEnvironment, useCliProject } from '../support/cli-project.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { type Finished, startProgram } from '../support/start-program.js';

const root = join(import.meta.dirname, '../..');
const REVISION = 'migrations/9e27b4c3d810_add_tickets.ts';

describe.each(dialects)('examples/ci on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const project = useCliProject();
  beforeEach(() => cp(join(root, 'examples/ci'), project.folder, { recursive: true }));

  const check = (): Promise<Finished> => {
    const env = cleanEnvironment({ DATABASE_URL: database.url });
    return startProgram(process.execPath, ['check-migrations.mjs'], { cwd: project.folder, env }).finished;
  };
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const text = await project.read(file);
    expect(text).toContain(from);
    await project.write({ [file]: text.replace(from, to) });
  };

  it('ends with 0 when the migrations run up, down and up again and give what the models say', async () => {
    expect(await check()).toEqual({
      exitCode: 0,
      stdout:
        'Upgraded: 2 revisions ran.\nChecked: the database is what the models say.\n' +
        'Downgraded: every revision can be taken back.\nUpgraded again.\n',
      stderr: '',
    });
  });

  it('ends with 3 when a model changed and no revision says so', async () => {
    await edit('models/user.ts', 'name: varchar(100)', 'name: varchar(100), age: integer()');
    const { exitCode, stderr } = await check();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'The models have changed and no revision says so:\n  add column "age" to "users"\n' +
        'Run "npx aludel revision --autogenerate" and commit the file.\n',
    });
  });

  it('ends with 1 and names the file and line when a downgrade fails', async () => {
    await edit(REVISION, "op.dropTable('tickets')", "op.dropTable('tocktets')");
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^ALUDEL_\w+: Downgrade "9e27b4c3d810" failed at .*9e27b4c3d810_add_tickets\.ts:\d+/);
  });
});
