import { describe, expect, it } from 'vitest';
import { type CliProject, configFile, createCliProject, modelFiles, revisionFile } from '../support/cli-project.js';
import { useOnce } from '../support/use-each.js';

const TABLE = `op.execute('CREATE TABLE extra (id INTEGER)');`;

describe('diff and revision --from history', () => {
  const project = useOnce(() =>
    createCliProject({
      ...configFile('sqlite:./app.db'),
      ...modelFiles(),
      ...revisionFile({ id: 'aaaa', upgrade: TABLE }),
      'old.sql': 'CREATE TABLE users (id INTEGER NOT NULL, name TEXT);\n',
      'new.sql': 'CREATE TABLE users (id INTEGER NOT NULL, name TEXT, age INTEGER);\n',
      'renamed.sql': 'CREATE TABLE users (id INTEGER NOT NULL, full_name TEXT);\n',
    }),
  );
  const diff = (...args: readonly string[]): ReturnType<CliProject['run']> => project.run(['diff', ...args]);

  it('prints operations, SQL, TypeScript, JSON or a difference, and exits with 3', async () => {
    const sides = ['--from', 'old.sql', '--to', 'new.sql'];
    const text = await diff(...sides);
    expect(text).toMatchObject({ exitCode: 3, stderr: '' });
    expect(text.stdout).toBe(
      `From ${project.path('old.sql')} to ${project.path('new.sql')} it is 1 operation:\n  + add column "age" to "users"\n`,
    );
    expect((await diff(...sides, '--format', 'sql')).stdout).toBe(
      'BEGIN;\nALTER TABLE "users" ADD COLUMN "age" INTEGER;\nCOMMIT;\n',
    );
    expect((await diff(...sides, '--format', 'typescript')).stdout)
      .toBe(`import { column, integer, type Operations } from 'aludel';

export function upgrade(op: Operations): void {
  op.addColumn('users', column('age', integer()));
}

export function downgrade(op: Operations): void {
  op.dropColumn('users', 'age');
}
`);
    expect((await diff(...sides, '--format', 'diff')).stdout).toContain('\n+  "age" INTEGER\n');
    const json = await diff(...sides, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ isEqual: false, operations: [{ kind: 'addColumn' }] });
    const down = await diff(...sides, '--down');
    expect(down.stdout).toContain('! drop column "age" of "users"');
  });

  it('exits with 0 where both sides are the same', async () => {
    expect(await diff('--from', 'old.sql', '--to', 'old.sql')).toEqual({
      exitCode: 0,
      stdout: 'Both schemas are the same.\n',
      stderr: '',
    });
    expect(await project.succeed(['diff', '--from', 'old.sql', '--to', 'old.sql', '--format', 'sql'])).toBe('');
  });

  it('writes no SQL that drops what may have been renamed, before somebody says so', async () => {
    const sides = ['--from', 'old.sql', '--to', 'renamed.sql'];
    const text = await diff(...sides);
    expect(text.stdout).toContain(
      '? users.name may be a rename: --rename users.name:users.full_name or --drop users.name',
    );
    expect(await diff(...sides, '--format', 'sql')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('ALUDEL_RENAME_UNANSWERED'),
    });
    const answered = await diff(...sides, '--format', 'sql', '--rename', 'users.name:users.full_name');
    expect(answered.stdout).toContain('RENAME COLUMN "name" TO "full_name"');
    expect((await diff(...sides, '--format', 'sql', '--no-renames')).stdout).toContain('full_name');
  });

  it('refuses sources and formats that there are not', async () => {
    for (const args of [
      ['--from', 'old.sql', '--to', 'nowhere.sql'],
      ['--from', 'old.sql', '--to', 'new.sql', '--format', 'xml'],
      ['--from', 'old.sql'],
    ]) {
      expect(await diff(...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ALUDEL_USAGE') });
    }
    expect(await diff('--from', 'nobody', '--to', 'empty')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ALUDEL_REVISION_NOT_FOUND'),
    });
  });

  it('replays the history for a new revision without the database, and says what it cannot know', async () => {
    const run = await project.run(['revision', '--autogenerate', '--from', 'history', '--rev-id', 'bbbb']);
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('  aaaa runs SQL of its own\n') });
    expect(run.stdout).toContain('+ create table "users"');
    expect(await project.list('.')).not.toContain('app.db');
    for (const format of ['text', 'sql', 'typescript', 'diff']) {
      const compared = await diff('--from', 'empty', '--to', 'head', '--format', format);
      expect(compared).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('  aaaa runs SQL of its own\n') });
    }
    const again = await project.run(['revision', '--autogenerate', '--from', 'history']);
    expect(again.stdout).toBe('No changes: the revisions make what the models say. No file was written.\n');
    for (const args of [
      ['--from', 'history'],
      ['--autogenerate', '--from', 'x'],
      ['--dev-url', 'sqlite:x'],
    ]) {
      expect(await project.run(['revision', ...args])).toMatchObject({ exitCode: 2 });
    }
  });
});
