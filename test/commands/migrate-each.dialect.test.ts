import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { integer, MetaData, varchar } from 'aludel';
import {
  checkEach,
  currentEach,
  downgradeEach,
  stampEach,
  type TargetResult,
  upgradeEach,
} from '../../src/commands/migrate-each.js';
import type { Target } from '../../src/config/config.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

describe.each(dialects)('many tenants on $name', (dialect) => {
  const project = useProject(dialect);
  let prefix: string;
  let names: readonly string[];

  beforeEach(async () => {
    await project.write({
      id: 'aaaa',
      upgrade: `op.createTable('users', [column('id', integer(), { nullable: false })]);`,
      downgrade: `op.dropTable('users');`,
    });
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.addColumn('users', column('name', varchar(20)));`,
      downgrade: `op.dropColumn('users', 'name');`,
    });
    // On MySQL and MariaDB a schema is a database of the server, which other tests use as well.
    prefix = dialect.family === 'postgres' ? 'tenant_' : `${new URL(project.url).pathname.slice(1)}_`;
    names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${prefix}${letter}`);
    if (dialect.family !== 'sqlite')
      await executeSql(
        project.url,
        names.map((name) => `CREATE SCHEMA ${name}`),
      );
  });

  afterEach(async () => {
    if (dialect.family === 'mysql')
      await executeSql(
        project.url,
        names.map((name) => `DROP SCHEMA ${name}`),
      );
  });

  /** A pattern where there are schemas, else files. */
  const each = (): string | (() => Iterable<Target>) =>
    dialect.family === 'sqlite' ? () => names.map((name) => ({ name, url: urlOf(name) })) : `${prefix}?`;
  const urlOf = (name: string): string =>
    dialect.family === 'sqlite' ? `sqlite:${join(project.folder, `${name.replaceAll('/', '_')}.db`)}` : project.url;
  const options = () => ({ config: project.config, cwd: project.folder, each: each() });
  const tableOf = (name: string): string => (dialect.family === 'sqlite' ? 'users' : `${name}.users`);

  async function columnsOf(name: string): Promise<readonly string[] | null> {
    const engine = createEngine(urlOf(name));
    try {
      const connection = await engine.connect();
      await connection.execute(`INSERT INTO ${tableOf(name)} (id) VALUES (1)`);
      return Object.keys((await connection.execute(`SELECT * FROM ${tableOf(name)}`)).rows[0] ?? {});
    } catch {
      return null;
    } finally {
      await engine.dispose();
    }
  }

  test('each gets every revision, those that fail are reported, and a second run goes on with them', async () => {
    const [, , broken = ''] = names;
    await executeSql(urlOf(broken), [`CREATE TABLE ${tableOf(broken)} (id integer)`]);
    const heard: [TargetResult, number, number][] = [];
    const first = await upgradeEach('head', { ...options(), concurrency: 2, onTarget: (...all) => heard.push(all) });
    expect(first.failed).toEqual([broken]);
    expect(first.targets.map(({ target, report, error }) => [target, report?.to ?? error?.code])).toEqual(
      names.map((name) => [name, name === broken ? 'ALUDEL_REVISION_FAILED' : ['bbbb']]),
    );
    expect(heard.map(([, done, total]) => [done, total])).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));

    await executeSql(urlOf(broken), [`DROP TABLE ${tableOf(broken)}`]);
    const second = await upgradeEach('head', options());
    expect(second.failed).toEqual([]);
    expect(second.targets.map(({ report }) => report?.steps.map(({ revision }) => revision))).toEqual(
      names.map((name) => (name === broken ? ['aaaa', 'bbbb'] : [])),
    );
    for (const name of names) expect(await columnsOf(name)).toEqual(['id', 'name']);
    // The database that the config names is no tenant.
    expect((await project.migrator.current()).revisions).toEqual([]);

    expect((await stampEach('aaaa', options())).targets.map(({ report }) => report?.to)).toEqual(
      names.map(() => ['aaaa']),
    );
    const shown = await currentEach(options());
    expect(shown.targets.map(({ target, report }) => [target, report?.isAtHead])).toEqual(
      names.map((name) => [name, false]),
    );
    await stampEach('bbbb', options());

    const metadata = new MetaData();
    metadata.table('users', { id: integer().notNull(), name: varchar(20) });
    const models = (): Promise<{ metadata: MetaData }> => Promise.resolve({ metadata });
    await executeSql(urlOf(broken), [`ALTER TABLE ${tableOf(broken)} ADD COLUMN odd integer`]);
    const checked = await checkEach({ ...options(), config: { ...project.config, models } });
    expect(checked.targets.map(({ report, error }) => error ?? report?.descriptions)).toEqual(
      names.map((name) => (name === broken ? ['drop column "odd" of "users"'] : [])),
    );
    await executeSql(urlOf(broken), [`ALTER TABLE ${tableOf(broken)} DROP COLUMN odd`]);

    const down = await downgradeEach('aaaa', options());
    expect(down.targets.map(({ report }) => report?.to)).toEqual(names.map(() => ['aaaa']));
    expect(await columnsOf(broken)).toEqual(['id']);
  });

  test('runs at most so many at a time', async () => {
    let [running, most] = [0, 0];
    await upgradeEach('head', {
      ...options(),
      concurrency: 2,
      onEvent: ({ kind }) => {
        if (kind === 'stepStarted') most = Math.max(most, ++running);
        if (kind === 'stepEnded') running--;
      },
    });
    expect(most).toBeLessThanOrEqual(2);
    await expect(upgradeEach('head', { ...options(), concurrency: 0 })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });

  test('what names no tenant is told before anything runs', async () => {
    const base = { config: project.config, cwd: project.folder };
    await expect(upgradeEach('head', { ...base, each: 'nobody_*' })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: expect.stringContaining(dialect.family === 'sqlite' ? 'no schemas' : '"nobody_*"'),
    });
    await expect(upgradeEach('head', base)).rejects.toMatchObject({ code: 'ALUDEL_CONFIG_INVALID' });
    for (const targets of [[], [{ name: 'x' }], [{ schema: 'x' }, { schema: 'x' }]]) {
      const config = { ...project.config, targets: () => targets };
      await expect(upgradeEach('head', { ...base, config })).rejects.toMatchObject({ code: 'ALUDEL_CONFIG_INVALID' });
    }
  });

  test.runIf(dialect.family === 'postgres')('a table that a tenant lacks is not looked for elsewhere', async () => {
    await executeSql(project.url, ['CREATE TABLE public.users (id integer)', 'CREATE EXTENSION citext']);
    await project.write({
      id: 'cccc',
      down: 'bbbb',
      upgrade: `op.execute('ALTER TABLE elsewhere ADD COLUMN x citext');`,
    });
    await executeSql(project.url, ['CREATE TABLE public.elsewhere (id integer)']);
    const alone = await upgradeEach('head', options());
    expect(alone.failed).toEqual(names);
    const targets = names.map((schema) => ({ schema, searchPath: ['public'] }));
    const together = await upgradeEach('head', { ...options(), each: () => targets, concurrency: 1 });
    expect(together.failed).toEqual(names.slice(1));
  });
});
