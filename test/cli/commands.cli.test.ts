import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { configFile, modelFiles, useCliProject } from '../support/cli-project.js';

const project = useCliProject();

const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe.each(dialects)('from an empty folder to a reversible schema on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);

  it('a database that exists gets its first revision from its models', async () => {
    await executeSql(database.url, [
      'CREATE TABLE shops (id integer NOT NULL PRIMARY KEY, name varchar(50) NOT NULL UNIQUE)',
    ]);
    const before = await dumpDatabase(database.url);
    await project.succeed(['init']);
    await Promise.all(['base', 'user'].map((name) => rm(project.path(`models/${name}.ts`))));
    await project.write(configFile(database.url));
    await project.succeed(['reflect', '-o', 'models/all.ts']);
    const found = await project.succeed(['revision', '--autogenerate']);
    const next = /^To begin a history with what is there: (.*) && (.*)$/m.exec(found);
    const devUrl = dialect.name === 'sqlite' ? [] : ['--dev-url', database.url];
    await project.succeed([...splitCommand(next?.[1] ?? ''), ...devUrl]);
    await project.succeed(splitCommand(next?.[2] ?? ''));
    expect(await project.succeed(['check'])).toBe('The database is what the models say.\n');
    expect(await dumpDatabase(database.url)).toEqual(before);

    await project.succeed(['downgrade', 'base']);
    await project.succeed(['upgrade']);
    expect(await project.succeed(['check'])).toBe('The database is what the models say.\n');
    // SQLite keeps the words of a CREATE TABLE, and these are others.
    if (dialect.name !== 'sqlite') expect(await dumpDatabase(database.url)).toEqual(before);
  });

  it.each([
    ['generic', 'ts'],
    ['javascript', 'mjs'],
  ])('every output of the %s template names the command that comes next', async (template, ending) => {
    const env = { DATABASE_URL: database.url };
    const run = (command: string) => project.succeed(splitCommand(command), { env });

    const init = await run(`npx aludel init -t ${template}`);
    expect(init).toContain(`created  migrate.config.${ending}\ncreated  models/base.${ending}\n`);
    const [, install, autogenerate = ''] = /^Next: (npm install aludel [\w-]+) && (.*)$/m.exec(init) ?? [];
    const driver = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2', mariadb: 'mysql2' }[dialect.name];
    expect(install).toBe(`npm install aludel ${driver}`);

    const revision = await run(autogenerate);
    const file = /^Wrote (.*)$/m.exec(revision)?.[1] ?? '';
    expect(file).toMatch(new RegExp(`^migrations/[0-9a-f]{12}_create_users\\.${ending}$`));
    expect(await project.read(file)).toContain(`op.createTable('users'`);
    const id = file.slice('migrations/'.length, 'migrations/'.length + 12);

    const upgrade = await run(/^Review the file, then run: (.*)$/m.exec(revision)?.[1] ?? '');
    expect(upgrade).toBe(
      `Running upgrade base -> ${id}, create users\nThe database is at ${id}.\n` +
        'Next: change the models, then run: npx aludel revision --autogenerate -m "..."\n',
    );
    expect(await run('npx aludel check')).toBe('The database is what the models say.\n');
    expect(await run('npx aludel current')).toBe(`${id} (head), create users\n`);
    expect(await run('npx aludel heads')).toBe(`${id} (head), create users\n`);
    expect(await run('npx aludel history')).toBe(`base -> ${id} (head), create users\n`);
    expect(await run('npx aludel revision --autogenerate')).toBe(
      'No changes: the database is what the models say. No file was written.\n',
    );
    expect(await run('npx aludel upgrade head')).toContain(`Nothing to do: the database is at ${id}.\n`);

    const up = await dumpDatabase(database.url);
    const downgrade = await run('npx aludel downgrade -1');
    expect(downgrade).toContain(`Running downgrade ${id} -> base, create users\nThe database is at base.\n`);
    expect((await dumpDatabase(database.url)).filter((statement) => !statement.includes('aludel_'))).toEqual([]);
    await run(/^To go up again: (.*)$/m.exec(downgrade)?.[1] ?? '');
    expect(await dumpDatabase(database.url)).toEqual(up);
  });

  it('says the same as JSON, and nothing else', async () => {
    await project.write({ ...configFile(database.url), ...modelFiles() });
    await project.write({ 'migrations/.keep': '' });
    const json = async (...args: string[]) => parse(await project.succeed([...args, '--json']));

    const revision = await json('revision', '--autogenerate', '-m', 'create users', '--rev-id', 'aaaa');
    expect(revision).toEqual({
      revision: 'aaaa',
      down: [],
      file: project.path('migrations/aaaa_create_users.ts'),
      operations: [expect.objectContaining({ kind: 'createTable' })],
      descriptions: ['create table "users"'],
      losses: [],
    });
    const differences = await project.run(['check', '--json']);
    expect(differences.exitCode).toBe(3);
    expect(parse(differences.stdout)).toMatchObject({ error: { code: 'ALUDEL_NOT_AT_HEAD' } });

    const step = { revision: 'aaaa', message: 'create users', file: revision['file'] };
    const move = { steps: [step], sql: null, isDryRun: false, edited: [], backup: null };
    expect(await json('upgrade')).toEqual({ direction: 'upgrade', from: [], to: ['aaaa'], isAtHead: true, ...move });
    const entry = {
      revision: 'aaaa',
      down: [],
      dependsOn: [],
      branchLabels: [],
      message: 'create users',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      file: revision['file'],
      isHead: true,
      isEffectiveHead: true,
      isBranchPoint: false,
      isMergePoint: false,
      isCurrent: null,
    };
    const heads = { heads: ['aaaa'], isAtHead: true, unfinished: null, edited: [] };
    expect(await json('current')).toEqual({ url: database.url, revisions: [{ ...entry, isCurrent: true }], ...heads });
    expect(await json('history')).toEqual([entry]);
    expect(await json('heads')).toEqual([entry]);
    const checked = { warnings: [], config: project.path('migrate.config.ts'), places: [], edited: [] };
    const same = { isInStep: true, operations: [], descriptions: [], questions: [], diff: '' };
    expect(await json('check')).toEqual({ ...same, ...checked });

    await project.write(modelFiles('age: integer(),'));
    const missing = await project.run(['check', '--json']);
    expect(missing).toMatchObject({ exitCode: 3, stderr: '' });
    expect(parse(missing.stdout)).toEqual({
      isInStep: false,
      operations: [expect.objectContaining({ kind: 'addColumn' })],
      descriptions: [expect.stringContaining('"age"')],
      questions: [],
      diff: expect.stringContaining('--- database\n+++ models\n'),
      ...checked,
    });
    const down = { direction: 'downgrade', from: ['aaaa'], to: [], isAtHead: false, ...move };
    expect(await json('downgrade', 'base')).toEqual(down);
  });
});

describe('init', () => {
  it('keeps every file that is there, and says so', async () => {
    await project.write({ 'models/user.ts': '// mine\n' });
    expect(await project.succeed(['init'])).toContain('kept     models/user.ts\n');
    await project.write({ 'migrate.config.ts': '// mine too\n' });
    expect(parse(await project.succeed(['init', '--json']))).toEqual({
      folder: project.folder,
      created: [],
      kept: ['migrate.config.ts', 'models/base.ts', 'models/user.ts', 'migrations/'],
      template: 'generic',
      missingPackages: ['aludel', 'better-sqlite3'],
    });
    expect(await project.read('models/user.ts')).toBe('// mine\n');
    expect(await project.read('migrate.config.ts')).toBe('// mine too\n');
  });

  it('writes into a folder that it is given, and says how to get there', async () => {
    await project.write({ 'package.json': '{ "dependencies": { "aludel": "*" } }' });
    expect(await project.succeed(['init', 'db/app'])).toMatch(
      /^Next: cd db\/app && npm install aludel better-sqlite3 && /m,
    );
    expect(await project.list('db/app')).toEqual(['migrate.config.ts', 'migrations', 'models']);
    expect(await project.succeed(['init'])).toMatch(/^Next: npm install better-sqlite3 && npx aludel revision /m);
  });
});

describe('a project without revisions', () => {
  it('is told the first command by whichever command asks', async () => {
    await project.write({ ...configFile('sqlite:./app.db'), 'migrations/.keep': '' });
    for (const command of ['current', 'heads', 'history']) {
      expect(await project.succeed([command])).toContain(
        'Next: npx aludel revision --autogenerate -m "create tables"\n',
      );
    }
  });

  it('gets an empty revision with and without a message', async () => {
    await project.write({ ...configFile('sqlite:./app.db'), 'migrations/.keep': '' });
    await project.succeed(['revision', '--rev-id', 'aaaa']);
    await project.succeed(['revision', '--rev-id', 'bbbb', '-m', 'it\'s Größe 2: "quoted" */']);
    expect(await project.list('migrations')).toEqual(['.keep', 'aaaa.ts', expect.stringMatching(/^bbbb_it_s/)]);
    expect(await project.succeed(['upgrade'])).toContain('The database is at bbbb.');
  });
});

/** A command as an output shows it, as arguments. */
function splitCommand(command: string): string[] {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  expect(words.slice(0, 2)).toEqual(['npx', 'aludel']);
  return words.slice(2);
}
