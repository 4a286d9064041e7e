import { expect, it } from 'vitest';
import { configFile, revisionFile, useCliProject } from '../support/cli-project.js';

const project = useCliProject({
  ...configFile('sqlite:./app.db'),
  ...revisionFile({ id: 'aaaa', upgrade: `op.execute('CREATE TABLE users (id integer)');` }),
});

it('writes the SQL into a new file, the same as it would print', async () => {
  const printed = await project.succeed(['upgrade', '--sql']);
  expect(await project.succeed(['upgrade', '--sql', '-o', 'up.sql'])).toBe('Wrote up.sql\n');
  expect(await project.read('up.sql')).toBe(printed);
});

it('never writes over a file, and asks for --sql', async () => {
  await project.write({ 'up.sql': 'mine' });
  const taken = await project.run(['upgrade', '--sql', '--output', 'up.sql']);
  expect([taken.exitCode, taken.stderr]).toEqual([1, expect.stringContaining('"up.sql" exists already')]);
  expect(await project.read('up.sql')).toBe('mine');
  const plain = await project.run(['upgrade', '--output', 'new.sql']);
  expect([plain.exitCode, plain.stderr]).toEqual([2, expect.stringContaining('Add "--sql"')]);
});
