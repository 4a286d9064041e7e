import { chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { plainConfig, revisionFile, useCliProject } from '../support/cli-project.js';
import type { Finished } from '../support/start-program.js';

describe('commands that look at revisions', () => {
  const project = useCliProject({
    ...plainConfig({ url: 'sqlite:app.db' }),
    ...revisionFile({ id: 'aaaa', message: 'create users' }),
    ...revisionFile({ id: 'bbb1', down: 'aaaa', message: 'add age' }),
    ...revisionFile({
      id: 'bbb2',
      down: 'aaaa',
      header: `export const branchLabels = ['net'];
export const dependsOn = ['bbb1'];`,
    }),
  });
  const run = (...args: readonly string[]): Promise<Finished> => project.run(args);
  const fileOf = (id: string): string => project.path(`migrations/${id}.ts`);

  test('show prints one revision', async () => {
    expect(await run('show', 'bbb2')).toEqual({
      exitCode: 0,
      stdout: `bbb2 (head) [net], bbb2
    Parent:      aaaa
    Depends on:  bbb1
    File:        ${fileOf('bbb2')}
To change it: npx aludel edit bbb2
`,
      stderr: '',
    });
    expect(JSON.parse((await run('show', 'aaaa', '--json')).stdout)).toMatchObject([
      { revision: 'aaaa', next: ['bbb1', 'bbb2'], isBranchPoint: true, isHead: false },
    ]);
    expect(await run('show', 'base')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is no revision') });
    expect(await run('show', 'current')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('at base') });
  });

  test('branches prints where the history forks', async () => {
    expect((await run('branches')).stdout).toBe(`aaaa (branch point), create users
    -> bbb1 (head, required by another branch), add age
    -> bbb2 (head) [net], bbb2
To see how they lie: npx aludel history --graph
`);
    expect(JSON.parse((await run('branches', '--json')).stdout)).toMatchObject([
      { revision: 'aaaa', branches: [{ revision: 'bbb1' }, { revision: 'bbb2' }] },
    ]);
  });

  test('heads --check exits 3 when there are several', async () => {
    const several = await run('heads', '--check');
    expect(several).toMatchObject({ exitCode: 3, stderr: '' });
    expect(several.stdout).toContain('To join them: npx aludel merge heads');
    expect((await run('heads')).exitCode).toBe(0);
    const resolved = await run('heads', '--check', '--resolve-dependencies', '--json');
    expect(resolved.exitCode).toBe(0);
    expect(JSON.parse(resolved.stdout)).toMatchObject([{ revision: 'bbb2', isEffectiveHead: true }]);
  });

  test('current --check-heads exits 3 until nothing is left to run', async () => {
    expect(await run('current', '--check-heads')).toMatchObject({ exitCode: 3, stderr: '' });
    await run('upgrade', 'heads');
    expect(await run('current', '--check-heads')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('history draws lanes and marks the current revision', async () => {
    await run('stamp', 'bbb1');
    expect((await run('history', '--graph', '-i')).stdout).toBe(`* bbb2 (head) [net], bbb2
| * bbb1 (current, head, required by another branch), add age
|/
* aaaa (branch point), create users
`);
  });

  test('graph prints text for other programs', async () => {
    expect((await run('graph')).stdout).toMatch(/^flowchart BT\n/);
    expect((await run('graph', '--format', 'dot')).stdout).toMatch(/^digraph revisions \{\n/);
    expect((await run('graph', '--format', 'svg')).stdout).toMatch(/^<svg /);
    expect((await run('graph', '--format', 'html')).stdout).toMatch(/^<!doctype html>\n/);
    expect(JSON.parse((await run('graph', '--json')).stdout)).toMatchObject({ format: 'mermaid', revisions: 3 });
    expect(await run('graph', '--format', 'png')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('mermaid, dot, svg, html'),
    });
  });

  test('list-templates prints what init takes', async () => {
    expect((await run('list-templates')).stdout).toContain('generic ');
    const names = JSON.parse((await run('list-templates', '--json')).stdout).map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['generic', 'javascript', 'multi-database', 'sql']));
  });

  test('edit opens the editor, waits for it and reads the file again', async () => {
    const editor = project.path('my editor');
    const file = fileOf('bbb1');
    // Its first argument comes from EDITOR, the last is the file.
    await writeFile(editor, `#!/bin/sh\nsed -i "s/add age/$1/" "$2"\necho "// more" >> "$2"\n`);
    await chmod(editor, 0o755);
    const env = { EDITOR: `"${editor}" "add the age"`, VISUAL: '' };
    const comments = await project.run(['edit', 'bbb1'], { env });
    expect(comments).toEqual({
      exitCode: 0,
      stdout: 'as it was  bbb1, parent aaaa, add the age\nNext: npx aludel upgrade head\n',
      stderr: '',
    });
    await writeFile(editor, `#!/bin/sh\necho "export const more = 1;" >> "$1"\n`);
    const changed = await project.run(['edit', 'bbb1', '--json'], { env: { EDITOR: `"${editor}"`, VISUAL: '' } });
    expect(JSON.parse(changed.stdout)).toMatchObject({ changed: ['bbb1'], revisions: [{ revision: 'bbb1' }] });
    expect(await readFile(file, 'utf8')).toContain('export const more');
  });

  test('edit says what is wrong with the editor or with what it left', async () => {
    const edit = (EDITOR: string): Promise<Finished> => project.run(['edit', 'bbb1'], { env: { EDITOR, VISUAL: '' } });
    expect(await edit('')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('EDITOR=vi npx aludel edit bbb1'),
    });
    expect(await edit('false')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('exit code 1') });
    const broken = project.path('broken');
    await writeFile(broken, `#!/bin/sh\necho "export const x = 1;" > "$1"\n`);
    await chmod(broken, 0o755);
    expect(await edit(broken)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ALUDEL_REVISION_INVALID'),
    });
  });
});
