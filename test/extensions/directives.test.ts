import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { defineOperation } from '../../src/extensions/define-operation.js';
import { definePlugin, type Plugin } from '../../src/extensions/plugin.js';
import { Rewriter } from '../../src/extensions/rewriter.js';
import type { Operation } from '../../src/operations/operation.js';
import { declarativeBase } from '../../src/orm/mapping/declarative.js';
import { customType, integer, varchar } from '../../src/schema/columns.js';
import { type TestProject, useProject } from '../support/project.js';

const models = (): Promise<unknown> => {
  const Base = declarativeBase();
  class User extends Base.table('users', {
    id: integer().primaryKey(),
    name: varchar(40).notNull().serverDefault('x'),
    email: customType<string>('GEOMETRY').notNull(),
  }) {}
  return Promise.resolve({ User });
};

/** What is written does not depend on the database: SQLite stands for all. */
describe('what a config does to a new revision', () => {
  const project = useProject({ name: 'sqlite', family: 'sqlite' });
  const configFile = (): string => join(project.folder, 'migrate.config.ts');
  const write = (config: Partial<Config>): ReturnType<TestProject['migrator']['revision']> =>
    project
      .open({ config: { ...project.config, models, ...config } })
      .revision({ message: 'users', autogenerate: true, revisionId: 'aaaa' });
  const files = (): Promise<string[]> => readdir(join(project.folder, 'migrations'));
  const source = async (): Promise<string> => {
    const [file = ''] = await files();
    return readFile(join(project.folder, 'migrations', file), 'utf8');
  };

  test('processRevisionDirectives changes id, message and operations, and the way back follows', async () => {
    const extra: Operation = { kind: 'execute', sql: 'SELECT 1', params: [], reverse: 'SELECT 2' };
    const report = await write({
      processRevisionDirectives: (directives, { command, autogenerate, down }) => {
        expect({ command, autogenerate, down }).toEqual({ command: 'revision', autogenerate: true, down: [] });
        return { ...directives, id: 'bbbb', message: 'all users', upgrade: [...directives.upgrade, extra] };
      },
    });
    expect(report).toMatchObject({ revision: 'bbbb', descriptions: ['create table "users"', 'execute SELECT 1'] });
    expect(await files()).toEqual(['bbbb_all_users.ts']);
    expect(await source()).toMatch(
      /downgrade\(op: Operations\): void \{\n {2}op\.execute\(`SELECT 2`\);\n {2}op\.dropTable/,
    );
  });

  test('null writes no file, and nothing at all leaves the revision as it is', async () => {
    expect(await write({ processRevisionDirectives: () => null })).toMatchObject({ revision: null, file: null });
    expect(await files()).toEqual([]);
    expect(await write({ processRevisionDirectives: () => undefined })).toMatchObject({ revision: 'aaaa' });
  });

  test('it is called for a merge as well', async () => {
    await project.write({ id: 'aaaa' });
    await project.write({ id: 'bbbb' });
    const config: Config = {
      ...project.config,
      processRevisionDirectives: (directives, { command, down }) => ({ ...directives, id: `${command}${down.length}` }),
    };
    expect(await project.open({ config }).merge()).toMatchObject({ revision: 'merge2' });
  });

  test.each<[string, NonNullable<Config['processRevisionDirectives']>, string]>([
    ['throws', () => Promise.reject(new Error('no network')), 'threw: no network'],
    ['gives no revision', (() => 'yes') as never, 'gave no revision: id, message, upgrade and downgrade'],
  ])('one that %s is named with the config file, and no file is written', async (_name, process, problem) => {
    await expect(write({ processRevisionDirectives: process })).rejects.toMatchObject({
      code: 'ALUDEL_EXTENSION_FAILED',
      message: expect.stringContaining(`"processRevisionDirectives" in "${configFile()}" ${problem}`),
    });
    await expect(
      write({ plugins: [definePlugin({ name: 'p', processRevisionDirectives: process })] }),
    ).rejects.toMatchObject({ message: expect.stringContaining(`"processRevisionDirectives" of plugin "p"`) });
    expect(await files()).toEqual([]);
  });

  const boom = (): never => {
    throw new Error('boom');
  };
  const inPlugin = (plugin: Partial<Plugin>): Partial<Config> => ({
    plugins: [definePlugin({ name: 'p', ...plugin })],
  });
  test.each<[string, Partial<Config>]>([
    ['"include"', { include: boom }],
    ['"include" of plugin "p"', inPlugin({ include: boom })],
    ['"compareType"', { compareType: boom }],
    ['"compareServerDefault" of plugin "p"', inPlugin({ compareServerDefault: boom })],
    ['"comparators" of plugin "p"', inPlugin({ comparators: [{ compare: boom }] })],
    ['"renderItem"', { renderItem: boom }],
  ])('%s that throws is named with the config file, and no file is written', async (name, config) => {
    await project.write({ id: '0000', upgrade: `op.execute('CREATE TABLE users (id integer)');` });
    await project.migrator.upgrade();
    await expect(write(config)).rejects.toMatchObject({
      code: 'ALUDEL_EXTENSION_FAILED',
      message: `${name} in "${configFile()}" threw: boom`,
    });
    expect(await files()).toEqual(['0000.ts']);
  });

  test.each<[string, Partial<Config>, string]>([
    ['include', { include: (() => Promise.resolve(true)) as never }, 'gave a promise for table "users" instead of'],
    ['renderItem', { renderItem: (() => 3) as never }, 'gave no text for a part of type "operation"'],
    ['a comparator', inPlugin({ comparators: [{ compare: () => [1] as never }] }), 'yielded what is no operation'],
  ])('an answer of %s that cannot be used is refused', async (_name, config, problem) => {
    await expect(write(config)).rejects.toMatchObject({
      code: 'ALUDEL_EXTENSION_FAILED',
      message: expect.stringContaining(problem),
    });
    expect(await files()).toEqual([]);
  });

  test('one without a way back is refused, and no file is written', async () => {
    const oneWay: Operation = { kind: 'execute', sql: 'SELECT 1', params: [], reverse: null };
    const rewriter = new Rewriter().rewrites('createTable', (operation) => [operation, oneWay]);
    await expect(write({ processRevisionDirectives: rewriter })).rejects.toMatchObject({ code: 'ALUDEL_IRREVERSIBLE' });
    expect(await files()).toEqual([]);
  });

  test('a taken id is refused', async () => {
    await project.write({ id: 'cccc' });
    const config: Config = { ...project.config, processRevisionDirectives: (known) => ({ ...known, id: 'cccc' }) };
    await expect(project.open({ config }).revision()).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: 'Correct "processRevisionDirectives" in the config file.',
    });
  });

  test('renderItem writes types, defaults, columns and operations in its own words, with their imports', async () => {
    await write({
      renderItem: (item, { addImport }) => {
        if (item.type === 'serverDefault') return `'unnamed'`;
        if (item.type !== 'type' || item.columnType.kind !== 'custom') return undefined;
        addImport('../models/types.js', 'email');
        addImport('aludel', 'sql');
        return 'email()';
      },
    });
    const text = await source();
    expect(text).toContain(`import { column, integer, primaryKey, sql, varchar, type Operations } from 'aludel';`);
    expect(text).toContain(`import { email } from '../models/types.js';`);
    expect(text).toContain(`column('email', email(), { nullable: false })`);
    expect(text).toContain(`serverDefault: 'unnamed'`);
  });

  test('an operation renders itself, or as a call with its arguments', async () => {
    const plain = defineOperation<[options: object, list: readonly (number | null)[], off?: boolean]>({
      name: 'plain',
      describe: () => 'plain',
      reverse: 'plain',
      compile: () => [],
    });
    const own = defineOperation<[name: string]>({
      name: 'own',
      describe: ([name]) => `own ${name}`,
      reverse: 'own',
      compile: () => [],
      render: ([name], { addImport }) => {
        addImport('./names.js', 'NAMES');
        return `op.own(NAMES.${name})`;
      },
    });
    const compare = (): Operation[] => [plain({ a: "it's", 'b-c': { d: true } }, [1, null], undefined), own('x')];
    const plugin = definePlugin({ name: 'p', operations: [plain, own], comparators: [{ compare }] });
    const report = await write({ plugins: [plugin] });
    expect(report.descriptions).toEqual(['create table "users"', 'plain', 'own x']);
    const text = await source();
    expect(text).toContain(String.raw`op.plain({ a: 'it\'s', 'b-c': { d: true } }, [1, null]);`);
    expect(text).toContain('op.own(NAMES.x);');
    expect(text).toContain(`import { NAMES } from './names.js';`);
  });

  describe('hooks', () => {
    const tool = async (name: string, script: string): Promise<void> => {
      const folder = join(project.folder, 'node_modules/.bin');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), `#!${process.execPath}\n${script}`);
      await chmod(join(folder, name), 0o755);
    };
    const append = `require('node:fs').appendFileSync(process.argv.at(-1), '// ' + process.argv.slice(2, -1).join(' ') + '\\n');`;

    test('run one after the other on the file that was written, with the arguments of the tool', async () => {
      for (const name of ['prettier', 'oxfmt', 'biome', 'eslint', 'mine']) await tool(name, append);
      const seen: string[] = [];
      const { file } = await write({
        postWrite: [
          'prettier',
          'oxfmt',
          'biome',
          'eslint',
          { command: 'mine', args: ['a b', '$HOME', '{file}'] },
          (path) => void seen.push(path),
        ],
      });
      expect((await source()).split('\n').slice(-6)).toEqual([
        '// --write',
        '// ',
        '// check --write',
        '// --fix',
        '// a b $HOME',
        '',
      ]);
      expect(seen).toEqual([file]);
    });

    test('one that fails is told with its words and what to run; the file stays, and later ones do not run', async () => {
      await tool('prettier', `console.error('[error] SyntaxError: x'); process.exit(2);`);
      await tool('eslint', append);
      const file = join(project.folder, 'migrations/aaaa_users.ts');
      await expect(write({ postWrite: ['prettier', 'eslint'] })).rejects.toMatchObject({
        code: 'ALUDEL_HOOK_FAILED',
        message: `The hook "prettier" ended with exit code 2. "${file}" stays as it is.\n  [error] SyntaxError: x`,
        hint: `Mend what it says, then run "npx prettier --write ${file}" by hand.`,
      });
      expect(await source()).not.toContain('--fix');
      expect((await project.migrator.heads()).map(({ revision }) => revision)).toEqual(['aaaa']);
    });

    test('a tool that is not installed is told with the command that installs it', async () => {
      await expect(write({ postWrite: ['biome'] })).rejects.toMatchObject({
        code: 'ALUDEL_HOOK_FAILED',
        hint: 'Run "npm install -D @biomejs/biome", or take it out of "postWrite" in the config file.',
      });
      expect(await files()).toEqual(['aaaa_users.ts']);
    });
  });
});

describe('a Rewriter', () => {
  const add = (name: string): Operation => ({
    kind: 'dropColumn',
    table: { namespace: null, name },
    column: 'c',
    existing: null,
  });

  test('runs its rules in order, each on what those before it left, and chains', () => {
    const first = new Rewriter()
      .rewrites('dropColumn', (operation) => (operation.table.name === 'gone' ? null : [operation, operation]))
      .rewrites('dropTable', () => []);
    const second = new Rewriter().rewrites('dropColumn', ({ table }) => ({ kind: 'dropTable', table, existing: null }));
    const both = first.chain(second);
    expect(both.rewrite([add('a'), add('gone')]).map(({ kind }) => kind)).toEqual(['dropTable', 'dropTable']);
    expect(first.rewrite([add('a')])).toEqual([add('a'), add('a')]);
  });
});
