import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useProject, type RevisionText } from '../support/project.js';

const project = useProject('sqlite::memory:');

const write = async (...revisions: readonly RevisionText[]): Promise<void> => {
  for (const revision of revisions) await project.write(revision);
};
const table = (name: string): string => `op.createTable('${name}', [column('id', integer())]);`;
const LINE: readonly RevisionText[] = [
  { id: 'aaaa', upgrade: table('a'), downgrade: `op.dropTable('a');` },
  { id: 'bbbb', down: 'aaaa', upgrade: table('b'), downgrade: `op.dropTable('b');` },
  { id: 'cccc', down: 'bbbb', upgrade: table('c'), downgrade: `op.dropTable('c');` },
];
const files = async (): Promise<string[]> => (await readdir(join(project.folder, 'migrations'))).toSorted();

describe('squash', () => {
  it('writes nothing in a dry run', async () => {
    await write(...LINE);
    const report = await project.migrator.squash(':bbbb', { dryRun: true });
    expect(report).toMatchObject({
      revision: 'bbbb',
      file: null,
      down: [],
      replaces: ['aaaa'],
      descriptions: ['create table "a"', 'create table "b"'],
      irreversible: null,
    });
    expect(await files()).toEqual(['aaaa.ts', 'bbbb.ts', 'cccc.ts']);
  });

  it('takes a fork and its merge together', async () => {
    await write(
      ...LINE.slice(0, 2),
      { id: 'eeee', down: 'aaaa', header: `export const branchLabels = ['side'];` },
      { id: 'ffff', down: ['bbbb', 'eeee'] },
      { id: 'gggg', down: 'ffff', header: `export const dependsOn = ['side'];` },
    );
    // "side" is declared on "eeee", which is in the middle.
    await expect(project.migrator.squash('aaaa:ffff', { oldFiles: 'delete' })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: 'These revisions cannot become one: "gggg", which is not in the range, depends on "eeee".',
    });
    const report = await project.migrator.squash('aaaa:gggg', { oldFiles: 'delete' });
    expect(report.replaces.toSorted()).toEqual(['aaaa', 'bbbb', 'eeee', 'ffff']);
    expect(await project.migrator.show('head')).toMatchObject([{ revision: 'gggg', branchLabels: ['side'], down: [] }]);
  });

  it('keeps what they depend on outside of the range', async () => {
    await write(
      { id: 'base1' },
      { ...LINE[0], id: 'aaaa' },
      {
        id: 'bbbb',
        down: 'aaaa',
        header: `export const dependsOn = ['base1'];`,
      },
    );
    await project.migrator.squash('aaaa:bbbb', { oldFiles: 'delete' });
    expect(await project.migrator.show('bbbb')).toMatchObject([{ dependsOn: ['base1'], down: [] }]);
  });

  it('keeps operations outside of the transaction there', async () => {
    await write(
      { id: 'aaaa', upgrade: `op.autocommit(() => op.execute('VACUUM'));` },
      { id: 'bbbb', down: 'aaaa', upgrade: `op.addEnumValue('mood', 'ok');` },
    );
    const { file } = await project.migrator.squash(':head', { oldFiles: 'delete' });
    const source = await readFile(file ?? '', 'utf8');
    expect(source).toContain('  op.autocommit(() => op.execute(`VACUUM`));\n');
    // Where that has to run is found out when it runs.
    expect(source).toContain(`  op.addEnumValue('mood', 'ok');\n`);
  });

  it('throws on the way down where one of them does', async () => {
    await write(LINE[0] as RevisionText, { id: 'bbbb', down: 'aaaa', downgrade: `throw new Error("it's gone");` });
    const { file, irreversible } = await project.migrator.squash(':head', { oldFiles: 'delete' });
    expect(irreversible).toBe(`it's gone`);
    expect(await readFile(file ?? '', 'utf8')).toContain(`throw new Error('it\\'s gone');`);
  });

  it('keeps transaction = false where all have it', async () => {
    const header = 'export const transaction = false;';
    await write({ id: 'aaaa', header }, { id: 'bbbb', down: 'aaaa', header });
    const { file } = await project.migrator.squash(':head', { oldFiles: 'delete' });
    expect(await readFile(file ?? '', 'utf8')).toContain(header);
  });

  it('says what a squashed id is part of', async () => {
    await write(...LINE);
    await project.migrator.squash(':bbbb', { oldFiles: 'delete' });
    await expect(project.migrator.show('aaaa')).rejects.toMatchObject({
      message: 'Revision "aaaa" was squashed into "bbbb".',
      hint: 'Name "bbbb", or the one that it comes behind.',
    });
    await write({ id: 'late', down: 'aaaa' });
    await expect(project.migrator.heads()).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_MISSING_PARENT',
      hint: expect.stringContaining('Did you mean "bbbb"?'),
    });
  });

  it('tells when a squashed file is still there', async () => {
    await write(...LINE);
    const source = await readFile(join(project.folder, 'migrations', 'aaaa.ts'), 'utf8');
    await project.migrator.squash(':bbbb', { oldFiles: 'delete' });
    await writeFile(join(project.folder, 'migrations', 'aaaa.ts'), source);
    await expect(project.migrator.heads()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_DUPLICATE' });
  });
});

describe('squash refuses', () => {
  const refused: readonly (readonly [string, Partial<RevisionText>, string])[] = [
    [
      'reads',
      { isAsync: true, upgrade: `await op.execute('SELECT 1');` },
      'reads from the database, so that what it does cannot be told',
    ],
    [
      'op.offline',
      { upgrade: `if (!op.offline) op.execute('SELECT 1');` },
      'looks at "op.offline" or "op.context", so that it may do this or that',
    ],
    [
      'op.context',
      { upgrade: `if ('x' in op.context.x) op.execute('SELECT 1');` },
      'looks at "op.offline" or "op.context", so that it may do this or that',
    ],
    [
      'a parameter',
      { upgrade: `op.execute('SELECT ?', [new Date(0)]);` },
      'has a parameter that cannot be written down',
    ],
    [
      'another transaction mode',
      { header: 'export const transaction = false;' },
      'has no transaction, and "cccc" has one',
    ],
  ];
  it.each(refused)('%s, and changes nothing', async (_what, revision, problem) => {
    await write(LINE[0] as RevisionText, { id: 'bbbb', down: 'aaaa', ...revision }, LINE[2] as RevisionText);
    await expect(project.migrator.squash(':head', { oldFiles: 'delete' })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: `Revision "bbbb" ${problem}.`,
    });
    expect(await files()).toEqual(['aaaa.ts', 'bbbb.ts', 'cccc.ts']);
  });

  it.each([
    ['aaaa:aaaa', 'ALUDEL_USAGE', '"aaaa:aaaa" is not two revisions or more.'],
    ['cccc:aaaa', 'ALUDEL_REVISION_RANGE', '"cccc" is not below "aaaa".'],
    [':base', 'ALUDEL_USAGE', '":base" is not two revisions or more.'],
  ])('the range %s', async (range, code, message) => {
    await write(...LINE);
    await expect(project.migrator.squash(range, { oldFiles: 'delete' })).rejects.toMatchObject({ code, message });
  });

  it('a range that another branch leaves in the middle', async () => {
    await write(...LINE, { id: 'side', down: 'bbbb' });
    await expect(project.migrator.squash('aaaa:cccc', { oldFiles: 'delete' })).rejects.toMatchObject({
      message: 'These revisions cannot become one: "side", which is not in the range, comes behind "bbbb".',
    });
  });

  it('to leave the files to chance, or where they would be read again', async () => {
    await write(...LINE);
    await expect(project.migrator.squash(':head')).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    const oldFiles = { moveTo: join(project.folder, 'migrations') };
    await expect(project.migrator.squash(':head', { oldFiles })).rejects.toMatchObject({
      message: `"${oldFiles.moveTo}" is read for revisions, so the files would still count.`,
    });
    expect(await files()).toEqual(['aaaa.ts', 'bbbb.ts', 'cccc.ts']);
  });
});
