import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { revisionFile, useCliProject } from '../support/cli-project.js';
import { startProgram } from '../support/start-program.js';

const project = useCliProject({
  'migrate.config.ts': `import { defineConfig } from 'aludel';
export default defineConfig({
  url: 'sqlite:./app.db',
  targets: () => ['a', 'b', 'c'].map((name) => ({ name, url: \`sqlite:\${import.meta.dirname}/\${name}.db\` })),
});
`,
  ...revisionFile({
    id: 'aaaa',
    upgrade: `op.execute('CREATE TABLE users (id integer)');`,
    downgrade: `op.execute('DROP TABLE users');`,
  }),
});

it('upgrades every target with a line for each, and finds nothing to do the second time', async () => {
  const first = await project.succeed(['upgrade', '--each-target', '--concurrency', '1']);
  expect(first).toBe(`[1/3] a is at aaaa (1 revision)
[2/3] b is at aaaa (1 revision)
[3/3] c is at aaaa (1 revision)
The upgrade of all 3 tenants is done.
`);
  expect(await project.succeed(['upgrade', '--each-target', '--concurrency', '1'])).toContain('(nothing to do)');
  expect(await project.succeed(['downgrade', 'base', '--each-target', '--concurrency', '1'])).toContain('c is at base');
});

it('says what a dry run would do, and does nothing', async () => {
  const printed = await project.succeed(['upgrade', '--each-target', '--concurrency', '1', '--dry-run']);
  expect(printed).toContain('[1/3] a would be at aaaa (1 revision)\n');
  expect(printed).toMatch(/Nothing was run\. To run it, leave out --dry-run\.\n$/);
  expect(await project.succeed(['upgrade', '--each-target', '--concurrency', '1'])).toContain(
    'a is at aaaa (1 revision)',
  );
});

it('says which failed and why, goes on with the others, and exits 1', async () => {
  await project.write({
    'b.mjs': `import Database from 'better-sqlite3';\nnew Database('b.db').exec('CREATE TABLE users (id integer)');\n`,
  });
  await startProgram(process.execPath, ['b.mjs'], { cwd: project.folder, env: process.env }).finished;
  const { exitCode, stdout, stderr } = await project.run(['upgrade', '--each-target', '--concurrency', '1']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('[2/3] failed b\n[3/3] c is at aaaa (1 revision)\n2 of 3 tenants are done. Failed: b\n');
  expect(stderr).toMatch(/^b: ALUDEL_REVISION_FAILED Upgrade "aaaa" failed/);
  expect(stderr).toContain('Nothing of this revision was applied: mend the file');
});

it('shows, checks and stamps every target', async () => {
  const flags = ['--each-target', '--concurrency', '1'];
  await project.succeed(['upgrade', ...flags]);
  await rm(project.path('b.db'));
  expect(await project.run(['current', '--check-heads', ...flags])).toMatchObject({
    exitCode: 3,
    stdout: '[1/3] a is at aaaa (head)\n[2/3] b is at base\n[3/3] c is at aaaa (head)\n',
  });
  expect(await project.succeed(['stamp', 'head', ...flags])).toBe(
    '[1/3] a is at aaaa\n[2/3] b is at aaaa\n[3/3] c is at aaaa\n',
  );
  await project.succeed(['current', '--check-heads', ...flags]);
  await project.write({
    'models.ts': `import { declarativeBase, integer } from 'aludel';
export const Base = declarativeBase();
export const users = Base.metadata.table('users', { id: integer(), age: integer() });
`,
    'check.config.ts': `import config from './migrate.config.ts';\nexport default { ...config, models: './models.ts' };\n`,
  });
  const checked = await project.run(['check', '-c', 'check.config.ts', ...flags]);
  expect(checked.exitCode).toBe(3);
  expect(checked.stdout).toContain(
    '[1/3] a differs from the models: 1 operation is missing\n  ~ add column "age" to "users"',
  );
  const both = await project.run(['check', '-c', 'check.config.ts', '--format', 'github', ...flags]);
  expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('is for one database')]);
});

it('prints the report as JSON', async () => {
  const report: unknown = JSON.parse(await project.succeed(['upgrade', '--each-target', '--json']));
  expect(report).toMatchObject({
    direction: 'upgrade',
    failed: [],
    targets: ['a', 'b', 'c'].map((target) => ({ target, error: null, report: { to: ['aaaa'] } })),
  });
});

it.each([
  [['--each-target', '--each-schema', 'x'], 'cannot both be meant'],
  [['--each-target', '--sql'], 'the same for each of them'],
  [['--each-schema', 'x*'], 'no schemas'],
  [['--each-target', '--concurrency', 'many'], 'whole number'],
  [['--concurrency', '2'], 'is for many tenants'],
])('refuses %j', async (args, message) => {
  const { exitCode, stderr } = await project.run(['upgrade', ...args]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
});
