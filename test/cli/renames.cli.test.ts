import { beforeEach, expect, test } from 'vitest';
import { configFile, useCliProject } from '../support/cli-project.js';

const model = (column: string): string => `import { declarativeBase, integer, varchar } from 'aludel';
export class User extends declarativeBase().table('users', { id: integer().primaryKey(), ${column}: varchar(40) }) {}
`;

const project = useCliProject({
  ...configFile('sqlite:app.db'),
  'models/user.ts': model('name'),
  'migrations/.gitkeep': '',
});
beforeEach(async () => {
  await project.succeed(['revision', '--autogenerate', '-m', 'first']);
  await project.succeed(['upgrade', 'head']);
  await project.write({ 'models/user.ts': model('fullName') });
});

test('a drop that may be a rename ends a run without a terminal with exit code 2', async () => {
  expect(await project.run(['revision', '--autogenerate', '-m', 'second'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: [
      'Error ALUDEL_RENAME_UNANSWERED: The comparison found a drop that may be a rename, and a wrong guess would lose data:',
      '  users.name: --rename users.name:users.full_name or --drop users.name',
      '  Run the command again with one of these for each, or with --no-renames if all of it goes.',
      '',
    ].join('\n'),
  });
  expect(await project.run(['check'])).toMatchObject({
    exitCode: 3,
    stdout: expect.stringContaining('  ? users.name may have become users.full_name\n'),
  });
  const renamed = ['revision', '--autogenerate', '-m', 'second', '--rename', 'users.name:users.full_name'];
  expect(await project.succeed(renamed)).toContain('+ rename column "name" of "users" to "full_name"');
});

test('answers come from options and files, and need --autogenerate', async () => {
  await project.write({ 'answers.json': '{ "drops": ["users.name"] }' });
  const kept = await project.succeed(['revision', '--autogenerate', '-m', 'x', '--answers', 'answers.json']);
  expect(kept).toContain('! drop column "name" of "users"');
  expect(await project.run(['revision', '-m', 'x', '--drop', 'users.name'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('need --autogenerate'),
  });
});
