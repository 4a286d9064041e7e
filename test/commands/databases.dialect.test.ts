import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetaData, varchar } from 'aludel';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMigrator } from '../../src/commands/create-migrator.js';
import type { Migrator } from '../../src/commands/migrator.js';
import type { Config } from '../../src/config/config.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { revisionSource, useProject } from '../support/project.js';

const models = (table: string) => () => {
  const metadata = new MetaData();
  metadata.table(table, { id: varchar(20).primaryKey() });
  return Promise.resolve({ metadata });
};
const create = (table: string): string =>
  `op.createTable('${table}', [column('id', varchar(20), { nullable: false }), primaryKey(['id'], { name: 'pk_${table}' })]);`;

describe.each(dialects)('several databases on $name', (dialect) => {
  const project = useProject(dialect);
  const other = useEmptyDatabase(dialect);
  beforeEach(async () => {
    for (const name of ['main', 'extra']) {
      await mkdir(join(project.folder, name));
      const source = revisionSource({ id: `${name}1`, upgrade: create(name), downgrade: `op.dropTable('${name}');` });
      await writeFile(join(project.folder, name, `${name}1.ts`), source);
    }
  });

  const open = (config: Config, name: string): Migrator => createMigrator({ config, cwd: project.folder, name });

  it('are upgraded and compared each with its own models', async () => {
    const config: Config = {
      databases: {
        main: { url: project.url, migrations: './main', models: models('main') },
        extra: { url: other.url, migrations: './extra', models: models('extra') },
      },
    };
    for (const name of await createMigrator({ config }).databases()) {
      expect(await open(config, name).upgrade()).toMatchObject({ to: [`${name}1`], isAtHead: true });
      expect(await open(config, name).check()).toMatchObject({ isInStep: true });
    }
    const tables = (dump: readonly string[]): string[] => dump.filter((text) => /\b(?:main|extra)\b/u.test(text));
    expect(tables(await dumpDatabase(project.url)).join()).not.toContain('extra');
    expect(tables(await dumpDatabase(other.url)).join()).not.toContain('main');
  });

  it('may be one, with two histories that leave each other alone', async () => {
    const config: Config = {
      url: project.url,
      databases: {
        main: { migrations: './main', models: models('main'), include: ['main'] },
        extra: {
          migrations: './extra',
          models: models('extra'),
          versionTable: 'extra_version',
          logTable: 'extra_log',
          exclude: ['main'],
        },
      },
    };
    await open(config, 'main').upgrade();
    expect(await open(config, 'extra').upgrade()).toMatchObject({ from: [], to: ['extra1'] });
    // Neither sees the other's version table and log.
    expect((await open(config, 'extra').check()).descriptions).toEqual([]);
    expect((await open(config, 'main').check()).descriptions).toEqual([]);
    await open(config, 'extra').downgrade('base');
    expect(await open(config, 'main').current()).toMatchObject({ isAtHead: true });
  });

  it('tell a revision which one it runs on', async () => {
    const upgrade = `if (op.context.name === 'b' && op.context.x['only'] === 'b') { ${create('marked')} }`;
    await writeFile(join(project.folder, 'migrations', 'r.ts'), revisionSource({ id: 'both1', upgrade }));
    const config: Config = { databases: { a: { url: project.url }, b: { url: other.url } } };
    for (const name of ['a', 'b']) {
      await createMigrator({ config, cwd: project.folder, name, x: { only: 'b' } }).upgrade();
    }
    expect((await dumpDatabase(project.url)).join()).not.toContain('marked');
    expect((await dumpDatabase(other.url)).join()).toContain('marked');
  });
});
