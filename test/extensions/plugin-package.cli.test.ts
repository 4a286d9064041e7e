/** A plugin package from its installation to an empty database: the way of a user, through the built command. */
import { beforeEach, describe, expect, test } from 'vitest';
import { configFile, useCliProject } from '../support/cli-project.js';
import { connectTo } from '../support/connect-to.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { checkTypes, installPublisher } from './install-publisher.js';

const MODELS = {
  'models/base.ts': `import { declarativeBase } from 'aludel';\nexport const Base = declarativeBase();\n`,
  'models/status.ts': `import { varchar } from 'aludel';
import { Lookup, Publication } from 'aludel-publisher';
import { Base } from './base.js';

export class Status extends Base.table('statuses', {
  code: varchar(20).primaryKey(),
  label: varchar(50).notNull(),
}) {}
export const open = new Lookup('statuses', 'open', "It's open");
export const everything = new Publication('everything', ['statuses']);
`,
};

describe.each(dialects)('a plugin package on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const project = useCliProject(() => ({
    ...configFile(database.url, `plugins: ['aludel-publisher']`),
    ...MODELS,
    'migrations/.keep': '',
  }));
  beforeEach(() => installPublisher(project));

  test('its objects are found, written into a typed revision, made, checked and taken back', async () => {
    await connectTo(database.url, async (connection) => connection.execute('SELECT 1'));
    const empty = await dumpDatabase(database.url);
    const printed = await project.succeed(['revision', '--autogenerate', '-m', 'statuses', '--rev-id', 'aaaa']);
    expect(printed).toContain('+ add "open" to "statuses"');
    const source = await project.read('migrations/aaaa_statuses.ts');
    expect(source).toContain(`import type {} from 'aludel-publisher';`);
    expect(source).toContain(String.raw`op.addLookup('statuses', { code: 'open', label: 'It\'s open' });`);
    const publication = `op.createPublication('everything', ['statuses']);`;
    expect(source.includes(publication)).toBe(dialect.name === 'postgres');
    expect(await checkTypes(project, ['migrations/aaaa_statuses.ts', 'models/status.ts'])).toBe('');

    await project.succeed(['upgrade']);
    expect(await project.succeed(['check'])).toBe('The database is what the models say.\n');
    const rows = await connectTo(database.url, async (connection) => {
      return (await connection.execute('SELECT code, label FROM statuses')).rows;
    });
    expect(rows).toEqual([{ code: 'open', label: "It's open" }]);
    if (dialect.name === 'postgres') {
      expect((await dumpDatabase(database.url)).join('\n')).toContain('CREATE PUBLICATION everything');
    }
    expect(await project.succeed(['count-rows', 'statuses', '--label', 'statuses'])).toBe('1 statuses\n');

    await project.run(['downgrade', 'base', '--allow-loss']);
    await connectTo(database.url, async (connection) => {
      for (const table of ['aludel_version', 'aludel_log']) await connection.execute(`DROP TABLE ${table}`);
    });
    expect(await dumpDatabase(database.url)).toEqual(empty);
  });

  test('its operations are in printed SQL, and in a dry run', async () => {
    await project.succeed(['revision', '--autogenerate', '-m', 'statuses', '--rev-id', 'aaaa']);
    expect(await project.succeed(['upgrade', '--dry-run'])).toContain('+ add "open" to "statuses"');
    const insert = {
      sqlite: `INSERT INTO "statuses" (code, label) VALUES ('open', 'It''s open');`,
      postgres: `INSERT INTO "statuses" (code, label) VALUES ('open', 'It''s open');`,
      mysql: "INSERT INTO `statuses` (code, label) VALUES ('open', 'It''s open');",
    }[dialect.family];
    expect(await project.succeed(['upgrade', '--sql'])).toContain(insert);
  });

  test('an operation that the database cannot do is refused with the name of the plugin, and nothing is applied', async () => {
    await project.write({
      'migrations/aaaa.ts': `import type { Operations } from 'aludel';
export const revision = 'aaaa';
export const downRevision = null;
export function upgrade(op: Operations): void {
  op.createPublication('p', ['nothing']);
}
export function downgrade(): void {}
`,
    });
    const { exitCode, stderr } = await project.run(['upgrade']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(project.path('migrations/aaaa.ts:5'));
    if (dialect.name === 'postgres') expect(stderr).toContain('ALUDEL_REVISION_FAILED');
    else
      expect(stderr).toContain(
        `operation "createPublication" of plugin "publisher" says how for postgres, and not for ${dialect.name}`,
      );
    expect((await project.run(['current', '--json'])).stdout).toContain('"revisions": []');
  });
});
