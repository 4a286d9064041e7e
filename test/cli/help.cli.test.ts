import { describe, expect, it } from 'vitest';
import { createCliProject } from '../support/cli-project.js';
import { useOnce } from '../support/use-each.js';

const COMMANDS =
  'init list-templates revision merge rebase squash edit upgrade downgrade stamp ensure-version import reflect current history heads branches show graph check diff'.split(
    ' ',
  );

const golden = (name: string): string => new URL(`../../fixtures/golden/help/${name}.txt`, import.meta.url).pathname;

const project = useOnce(() => createCliProject());

describe('help', () => {
  it('of the program lists every command', async () => {
    const help = await project.succeed(['--help']);
    expect([...help.matchAll(/^ {2}([a-z][a-z-]*) .*$/gm)].map(([, name]) => name)).toEqual(COMMANDS);
    await expect(help).toMatchFileSnapshot(golden('aludel'));
  });

  it('is what the program prints without arguments, which is a usage error', async () => {
    const run = await project.run([]);
    expect(run).toMatchObject({ exitCode: 2, stderr: '' });
    expect(run.stdout).toBe(await project.succeed(['-h']));
  });

  for (const command of COMMANDS) {
    it(`of ${command} is the same from run to run`, async () => {
      await expect(await project.succeed([command, '--help'])).toMatchFileSnapshot(golden(command));
    });
  }

  it('needs no config, while the version is that of the package', async () => {
    const manifest: unknown = JSON.parse(await project.read('node_modules/aludel/package.json'));
    const version = `${(manifest as { readonly version: string }).version}\n`;
    expect(await project.succeed(['--version'])).toBe(version);
    expect(await project.succeed(['-V'])).toBe(version);
  });
});
