import { realpath } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { revisionFile, useCliProject } from '../support/cli-project.js';

const COMMAND = `{
  usage: 'greet <name> [others...]',
  description: 'say hello',
  options: [{ flags: '-l, --loud', description: 'louder', default: false }, { flags: '--times <n>', description: 'how often' }],
  run: ({ args: [name, others], options, print, config }) => {
    if (name === 'nobody') throw new Error('nobody is there');
    print([options.loud ? 'HELLO' : 'hello', name, ...others, String(options.times), config].join(' '));
    return name === 'ada' ? 3 : undefined;
  },
}`;

const plugin = (commands: string, more = ''): string =>
  `globalThis.process.emitWarning('the plugin was loaded');
export default () => ({ name: 'greeter', commands: [${commands}], ${more} });
`;

/** Commands do not depend on the database: SQLite stands for all. */
describe('the commands of plugins', () => {
  const project = useCliProject({
    'migrate.config.mjs': `export default { url: 'sqlite:./app.db', plugins: ['aludel-greeter'] };\n`,
    'node_modules/aludel-greeter/package.json':
      '{ "name": "aludel-greeter", "type": "module", "exports": { ".": { "import": "./lib/index.js" } } }',
    'node_modules/aludel-greeter/lib/index.js': plugin(COMMAND),
    ...revisionFile({ id: 'aaaa' }),
  });

  const config = async (): Promise<string> => realpath(project.path('migrate.config.mjs'));

  test('run with their arguments and options, and what they give is the exit code', async () => {
    const run = await project.run(['greet', 'ada', 'bob', 'eve', '-l', '--times', '2']);
    expect(run).toMatchObject({ exitCode: 3, stdout: `HELLO ada bob eve 2 ${await config()}\n` });
    expect(await project.run(['greet', 'eve', '-q'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  test('are in the help, and have a help of their own', async () => {
    const { stdout } = await project.run(['--help']);
    expect(stdout).toMatch(/^ {2}greet \[options\] <name> \[others\.\.\.\] +say hello$/m);
    expect((await project.run(['greet', '--help'])).stdout).toMatch(/^ {2}-l, --loud +louder$/m);
  });

  test('are found by the config that -c names', async () => {
    await project.write({ 'other.config.mjs': `export default { url: 'sqlite:./app.db' };\n` });
    const { exitCode, stderr } = await project.run(['greet', 'ada', '-c', 'other.config.mjs']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Unknown command "greet"')]);
  });

  test('are told by name where they throw', async () => {
    const { exitCode, stderr } = await project.run(['greet', 'nobody']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `ALUDEL_EXTENSION_FAILED: Command "greet" of plugin "greeter" in "${await config()}" threw: nobody is there`,
    );
  });

  test.each([
    [
      'a name that Aludel has',
      COMMAND.replace('greet <name>', 'upgrade <name>'),
      'has a command "upgrade", which Aludel has itself',
    ],
    ['no name', COMMAND.replace('greet <name>', '<name>'), 'begins with no name'],
    [
      'an option that every command has',
      COMMAND.replace('-l, --loud', '-l, --json'),
      'The option "-l, --json" of command "greet"',
    ],
  ])('cannot have %s', async (_name, command, message) => {
    await project.write({ 'node_modules/aludel-greeter/lib/index.js': plugin(command) });
    const { exitCode, stderr } = await project.run(['something']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ALUDEL_EXTENSION_INVALID');
    expect(stderr).toContain(message);
    // The built-in commands and help are there all the same.
    const help = await project.run(['--help']);
    expect([help.exitCode, help.stdout]).toEqual([
      0,
      expect.stringContaining('The commands of plugins are not listed.'),
    ]);
    expect((await project.run(['upgrade'])).exitCode).toBe(0);
  });

  test('a package is not loaded by an upgrade with nothing to do, nor by commands that need nothing of it', async () => {
    const loads = async (...args: string[]): Promise<boolean> => {
      const { exitCode, stderr } = await project.run(args);
      expect(exitCode).toBe(0);
      return stderr.includes('the plugin was loaded');
    };
    expect(await loads('upgrade')).toBe(true);
    for (const args of [['upgrade'], ['current'], ['heads'], ['upgrade', '--help']])
      expect(await loads(...args)).toBe(false);
  });

  test('a package that is not installed is told with the command that installs it', async () => {
    await project.write({ 'migrate.config.mjs': `export default { url: 'sqlite:./app.db', plugins: ['nowhere'] };\n` });
    const { exitCode, stderr } = await project.run(['upgrade']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`ALUDEL_EXTENSION_INVALID: Plugin "nowhere" of "${await config()}" is not installed.`);
    expect(stderr).toContain('npm install -D nowhere');
    await project.write({
      'migrate.config.mjs': `export default { url: 'sqlite:./app.db', plugins: ['./greeter.js'] };\n`,
    });
    await project.write({ 'greeter.js': `export const greeter = 1;\n` });
    expect((await project.run(['upgrade'])).stderr).toContain('has no default export');
  });
});
