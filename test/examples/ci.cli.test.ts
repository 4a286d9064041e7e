import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, dialects, type TestDatabase } from '../support/databases.js';

const root = join(import.meta.dirname, '../..');
const REVISION = 'migrations/9e27b4c3d810_add_tickets.ts';

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe.each(dialects)('examples/ci on $name', (dialect) => {
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await createDatabase(dialect);
    folder = await mkdtemp(join(tmpdir(), 'aludel-example-'));
    await cp(join(root, 'examples/ci'), folder, { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/aludel'), 'junction');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  });

  const check = (): Promise<Outcome> =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { ...process.env, DATABASE_URL: database.url } };
      execFile(process.execPath, ['check-migrations.mjs'], options, (error, stdout, stderr) => {
        resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    expect(text).toContain(from);
    await writeFile(path, text.replace(from, to));
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
