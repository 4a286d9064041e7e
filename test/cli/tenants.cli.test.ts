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
