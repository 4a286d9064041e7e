import { describe, expect, it } from 'vitest';
import {
  cleanEnvironment,
  type CliProject,
  configFile,
  createCliProject,
  revisionFile,
} from '../support/cli-project.js';
import { useOnce } from '../support/use-each.js';
import { startProgram } from '../support/start-program.js';

const project = useOnce(() =>
  createCliProject({
    ...configFile('sqlite:./app.db'),
    ...revisionFile({
      id: 'aaaa1111',
      upgrade: `op.execute('CREATE TABLE a (id INTEGER)');`,
      downgrade: `op.execute('DROP TABLE a');`,
    }),
    ...revisionFile({ id: 'bbbb2222', down: 'aaaa1111' }),
    ...revisionFile({ id: 'cccc3333', down: 'bbbb2222' }),
    'other.config.mjs': `export default { url: 'sqlite:./other.db', migrations: './migrations' };\n`,
  }),
);

const at = async (options?: Parameters<CliProject['run']>[1]): Promise<string> => {
  const { revisions } = JSON.parse(await project.succeed(['current', '--json'], options)) as {
    readonly revisions: readonly { readonly revision: string }[];
  };
  return revisions.map(({ revision }) => revision).join();
};

describe('targets', () => {
  it('may be steps, parts of ids, ids with steps, head and base', async () => {
    const steps = [
      ['upgrade', '+1', 'aaaa1111'],
      ['upgrade', '+2', 'cccc3333'],
      ['downgrade', '-1', 'bbbb2222'],
      ['downgrade', '-2', ''],
      ['upgrade', 'bbbb', 'bbbb2222'],
      ['upgrade', 'bbbb+1', 'cccc3333'],
      ['downgrade', 'cccc-2', 'aaaa1111'],
      ['upgrade', 'head', 'cccc3333'],
      ['downgrade', 'base', ''],
    ] as const;
    for (const [command, target, expected] of steps) {
      await project.succeed([command, target]);
      expect([command, target, await at()]).toEqual([command, target, expected]);
    }
  });

  it('below the head leave a way on', async () => {
    expect(await project.succeed(['upgrade', '+1'])).toMatch(
      /The database is at aaaa1111\.\nTo go on: npx aludel upgrade heads\n$/,
    );
    expect(await project.succeed(['current'])).toBe('aaaa1111, aaaa1111\nNext: npx aludel upgrade head\n');
    await project.succeed(['downgrade', '-1']);
  });

  it('of history may be a range, and current is where the database is', async () => {
    await project.succeed(['upgrade', 'bbbb']);
    const ids = async (range: string) =>
      (await project.succeed(['history', '-r', range])).match(/(?<=-> )\w+/g)?.map((id) => id.slice(0, 4)) ?? [];
    expect(await ids('aaaa:')).toEqual(['cccc', 'bbbb', 'aaaa']);
    expect(await ids(':bbbb')).toEqual(['bbbb', 'aaaa']);
    expect(await ids('current:head')).toEqual(['cccc', 'bbbb']);
    expect(await ids('-1:')).toEqual(['cccc', 'bbbb']);
    await project.succeed(['downgrade', 'base']);
  });
});

describe('--quiet', () => {
  it('leaves nothing but errors', async () => {
    expect(await project.succeed(['upgrade', '-q'])).toBe('');
    expect(await project.succeed(['current', '--quiet'])).toBe('');
    const failed = await project.run(['upgrade', 'zzzz', '-q']);
    expect(failed).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('"zzzz"') });
    expect(await project.succeed(['downgrade', 'base', '-q'])).toBe('');
  });

  it('prints what was asked for by name: SQL and JSON', async () => {
    expect(await project.succeed(['upgrade', '--sql', '-q'])).toContain('CREATE TABLE a (id INTEGER);');
    expect(JSON.parse(await project.succeed(['heads', '--json', '-q']))).toMatchObject([{ revision: 'cccc3333' }]);
  });
});

describe('--verbose', () => {
  it('shows statements, times, files and the database', async () => {
    const output = await project.succeed(['upgrade', '-v']);
    expect(output).toContain('Running upgrade base -> aaaa1111, aaaa1111\n  CREATE TABLE a (id INTEGER)\n  done in ');
    expect(await project.succeed(['current', '--verbose'])).toContain(`Database: sqlite:${project.path('app.db')}\n`);
    expect(await project.succeed(['history', '-v'])).toContain(
      `File:       ${project.path('migrations/aaaa1111.ts')}\n`,
    );
    await project.succeed(['downgrade', 'base']);
  });
});

describe('the config', () => {
  it('is what -c says, else ALUDEL_CONFIG, else the nearest one', async () => {
    const env = { ALUDEL_CONFIG: project.path('other.config.mjs') };
    await project.succeed(['upgrade', 'aaaa', '-c', 'other.config.mjs']);
    expect(await at()).toBe('');
    expect(await at({ env })).toBe('aaaa1111');
    await project.write({ 'src/deep/file.txt': '' });
    await project.succeed(['upgrade', 'bbbb'], { cwd: 'src/deep' });
    expect(await at()).toBe('bbbb2222');
    expect(
      JSON.parse(await project.succeed(['current', '--json', '--config', 'migrate.config.ts'], { env })),
    ).toMatchObject({ revisions: [{ revision: 'bbbb2222' }] });
    await project.succeed(['downgrade', 'base']);
  });
});

describe('colour', () => {
  const ESCAPE = '\u001B[';
  /** Runs the command on a pseudo-terminal: https://man7.org/linux/man-pages/man1/script.1.html */
  async function onTerminal(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const bin = project.path('node_modules/aludel/bin/aludel.js');
    const args = ['-qec', `${process.execPath} ${bin} ${command}`, '/dev/null'];
    const options = { cwd: project.folder, env: cleanEnvironment({ TERM: 'xterm-256color', ...env }) };
    return (await startProgram('script', args, options).finished).stdout;
  }

  it('is there on a terminal, for results and for errors', async () => {
    expect(await onTerminal('heads')).toContain(`${ESCAPE}33mcccc3333${ESCAPE}39m`);
    expect(await onTerminal('upgrade zzzz')).toContain(`${ESCAPE}31mError${ESCAPE}39m ALUDEL_REVISION_NOT_FOUND`);
  });

  it('is not there under NO_COLOR, on a dumb terminal, in a pipe or in JSON', async () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(await onTerminal('heads', env)).toBe('cccc3333 (head), cccc3333\r\n');
      expect(await onTerminal('upgrade zzzz', env)).not.toContain(ESCAPE);
    }
    expect(await onTerminal('heads --json')).not.toContain(ESCAPE);
    expect(await project.succeed(['heads'])).toBe('cccc3333 (head), cccc3333\n');
  });
});

describe('a reader that closes the pipe', () => {
  it('ends the command without an error', async () => {
    const bin = project.path('node_modules/aludel/bin/aludel.js');
    const command = `set -o pipefail; '${process.execPath}' '${bin}' history -v --json | true`;
    const run = await startProgram('bash', ['-c', command], { cwd: project.folder, env: cleanEnvironment() }).finished;
    expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});
