import { beforeEach, describe, expect, it } from 'vitest';
import { configFile, modelFiles, revisionFile, useCliProject } from '../support/cli-project.js';

const project = useCliProject({
  ...configFile('sqlite:./app.db'),
  ...modelFiles('teamId: integer().index(),', `export const { metadata } = Base;\n`),
  ...revisionFile({ id: 'aaaa' }),
});
beforeEach(async () => {
  await project.succeed(['upgrade']);
  await project.succeed(['revision', '--autogenerate', '--rev-id', 'bbbb']);
  await project.succeed(['upgrade']);
});

const CHANGED = 'teamId: integer().index(), age: integer(),';
const REDUNDANT = `export class Tag extends Base.table('tags', { id: integer().primaryKey(), a: integer().unique().index('ix_tags_a') }) {}\n`;

describe('check', () => {
  it('prints the operations and a unified difference of the schemas', async () => {
    await project.write(modelFiles(CHANGED));
    expect(await project.run(['check'])).toEqual({
      exitCode: 3,
      stdout: `The models and the database differ: 1 operation is missing.
  ~ add column "age" to "users"

--- database
+++ models
@@ -2,6 +2,7 @@
   "id" INTEGER NOT NULL,
   "email" VARCHAR(255) NOT NULL,
   "team_id" INTEGER,
+  "age" INTEGER,
   CONSTRAINT "pk_users" PRIMARY KEY ("id"),
   CONSTRAINT "uq_users_email" UNIQUE ("email")
 );

Next: npx aludel revision --autogenerate -m "..."
`,
      stderr: '',
    });
  });

  it('prints one format for other programs, with the place in the models, and exits with 3', async () => {
    await project.write(modelFiles(CHANGED));
    const github =
      '::error file=models/user.ts,line=6,title=aludel%3A pending-operation::Pending: add column "age" to "users".\n';
    expect(await project.run(['check', '--format', 'github'])).toEqual({ exitCode: 3, stdout: github, stderr: '' });
    const sarif = await project.run(['check', '--format', 'sarif']);
    expect(JSON.parse(sarif.stdout)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ level: 'error' }] }] });
    expect((await project.run(['check', '--format', 'junit'])).stdout).toContain('tests="1" failures="1"');
    const json = await project.run(['check', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ isInStep: false });
    const diff = await project.run(['check', '--format', 'diff']);
    expect(diff.stdout).toMatch(/^--- database\n\+\+\+ models\n[^]*\n\+ {2}"age" INTEGER,\n/u);
  });

  it('prints nothing but what the format asks for when there is nothing to say', async () => {
    expect(await project.succeed(['check', '--format', 'github'])).toBe('');
    expect(await project.succeed(['check', '--format', 'diff'])).toBe('');
    expect(await project.succeed(['check', '--format', 'junit'])).toContain('failures="0"');
  });

  it('warns, and exits with 3 for warnings under --strict only', async () => {
    await project.write(modelFiles('teamId: integer().index(),', REDUNDANT));
    await project.succeed(['revision', '--autogenerate', '--rev-id', 'cccc']);
    await project.succeed(['upgrade']);
    const message =
      'Index "ix_tags_a" of "tags" (a) repeats the beginning of the unique constraint "uq_tags_a" (a): writes pay for both, and queries need one.';
    expect(await project.succeed(['check'])).toBe(`The database is what the models say.\nWarning: ${message}\n`);
    expect((await project.run(['check', '--strict'])).exitCode).toBe(3);
    const annotation = (level: string): string =>
      `::${level} file=models/user.ts,line=11,title=aludel%3A redundant-index::${message}\n`;
    expect(await project.succeed(['check', '--format', 'github'])).toBe(annotation('warning'));
    const strict = await project.run(['check', '--format', 'github', '--strict']);
    expect(strict).toEqual({ exitCode: 3, stdout: annotation('error'), stderr: '' });
  });

  it('refuses formats that there are not, or that several databases cannot share', async () => {
    for (const args of [
      ['--format', 'xml'],
      ['--format', 'sarif', '--json'],
      ['--format', 'junit', '--all'],
    ]) {
      const run = await project.run(['check', ...args]);
      expect([args, run.exitCode, run.stdout + run.stderr]).toEqual([args, 2, expect.stringContaining('ALUDEL_USAGE')]);
    }
  });
});
