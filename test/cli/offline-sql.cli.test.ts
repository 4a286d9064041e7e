import { describe, expect, it } from 'vitest';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { configFile, createCliProject } from '../support/cli-project.js';
import type { Files } from '../support/folder.js';
import { useOnce } from '../support/use-each.js';
import { expectFailure, PASSWORD } from './expect-failure.js';

/** A part of the support desk: what is created, changed and taken away again. */
const REVISIONS: Files = {
  'migrations/aaaa_create.ts': `import { boolean, check, col, column, enumeration, fn, foreignKey, index, integer, json, primaryKey, text, timestamp, unique, varchar, type Operations } from 'aludel';

export const revision = 'aaaa';
export const downRevision = null;

export function upgrade(op: Operations): void {
  // enum: op.createEnum('ticket_status', ['open', 'closed']);
  op.createTable('users', [
    column('id', integer(), { nullable: false }),
    column('email', varchar(255), { nullable: false }),
    column('is_active', boolean(), { nullable: false, serverDefault: true }),
    primaryKey(['id'], { name: 'pk_users' }),
    unique(['email'], { name: 'uq_users_email' }),
  ]);
  op.createTable('tickets', [
    column('id', integer(), { nullable: false }),
    column('title', varchar(100), { nullable: false }),
    column('body', text()),
    column('status', enumeration('ticket_status', ['open', 'closed']), { nullable: false, serverDefault: 'open' }),
    column('custom', json()),
    column('priority', integer(), { nullable: false, serverDefault: 3 }),
    column('creator_id', integer(), { nullable: false }),
    column('created_at', timestamp({ withTimezone: true }), { nullable: false, serverDefault: fn.now() }),
    primaryKey(['id'], { name: 'pk_tickets' }),
    check('ck_tickets_priority', col('priority').gt(0)),
    foreignKey(['creator_id'], 'users', ['id'], { name: 'fk_tickets_creator_id_users', onDelete: 'cascade' }),
    index('ix_tickets_creator_id', ['creator_id']),
  ]);
}

export function downgrade(op: Operations): void {
  op.dropTable('tickets');
  op.dropTable('users');
  // enum: op.dropEnum('ticket_status');
}
`,
  'migrations/bbbb_change.ts': `import { column, integer, text, varchar, type Operations } from 'aludel';

export const revision = 'bbbb';
export const downRevision = 'aaaa';

export function upgrade(op: Operations): void {
  op.addColumn('users', column('phone', varchar(40)));
  op.addColumn('users', column('logins', integer(), { nullable: false, serverDefault: 0 }));
  op.alterColumn('tickets', 'title', {
    type: varchar(500),
    existing: column('title', varchar(100), { nullable: false }),
  });
  op.createIndex('ix_users_phone', 'users', ['phone']);
  op.dropColumn('tickets', 'body');
  op.execute("INSERT INTO users (id, email) VALUES (1, 'it''s@example.com')");
}

export function downgrade(op: Operations): void {
  op.execute('DELETE FROM users WHERE id = 1');
  op.addColumn('tickets', column('body', text()));
  op.dropIndex('ix_users_phone', 'users');
  op.alterColumn('tickets', 'title', {
    type: varchar(100),
    existing: column('title', varchar(500), { nullable: false }),
  });
  op.dropColumn('users', 'logins');
  op.dropColumn('users', 'phone');
}
`,
};

/** Nothing listens on port 1. */
const UNREACHABLE = {
  sqlite: 'sqlite:./no/such/folder/app.db',
  postgres: `postgresql://app:${PASSWORD}@127.0.0.1:1/app`,
  mysql: `mysql://app:${PASSWORD}@127.0.0.1:1/app`,
  mariadb: `mariadb://app:${PASSWORD}@127.0.0.1:1/app`,
};

const golden = (name: string): string => new URL(`../../fixtures/golden/sql/${name}.sql`, import.meta.url).pathname;

describe.each(dialects)('--sql on $name', (dialect) => {
  const files = Object.entries(REVISIONS).map(([name, text]) => [
    name,
    // PostgreSQL alone keeps enums as types.
    dialect.name === 'postgres' ? text.replaceAll('// enum: ', '') : text,
  ]);
  const project = useOnce(() =>
    createCliProject({ ...configFile('${DATABASE_URL}'), ...(Object.fromEntries(files) as Files) }),
  );

  it.each([
    ['upgrade', ['upgrade', '--sql']],
    ['upgrade-range', ['upgrade', 'aaaa:bbbb', '--sql']],
    ['downgrade-range', ['downgrade', 'head:base', '--sql']],
  ])('prints %s without a connection', async (name, args) => {
    const sql = await project.succeed(args, { env: { DATABASE_URL: UNREACHABLE[dialect.name] } });
    await expect(sql).toMatchFileSnapshot(golden(`${dialect.name}-${name}`));
    expect(sql).not.toContain(PASSWORD);
  });

  it('tells a downgrade without a range what to type', async () => {
    await expectFailure(
      project,
      ['downgrade', '-1', '--sql'],
      { exitCode: 2, code: 'ALUDEL_USAGE', says: ['where it starts'], hint: ['aludel downgrade head:-1 --sql'] },
      { env: { DATABASE_URL: UNREACHABLE[dialect.name] } },
    );
  });

  describe('run by hand', () => {
    const databases = { online: useEmptyDatabase(dialect), offline: useEmptyDatabase(dialect) };

    it('does what the command does with a connection', async () => {
      const [online, offline] = [databases.online.url, databases.offline.url];
      const env = { DATABASE_URL: online };
      const current = async (url: string) => await project.succeed(['current'], { env: { DATABASE_URL: url } });
      const compare = async () => {
        expect(await dumpDatabase(offline)).toEqual(await dumpDatabase(online));
        expect(await current(offline)).toBe(await current(online));
      };

      // What goes is said beside the result.
      const downgrade = async (target: string): Promise<void> =>
        expect(await project.run(['downgrade', target, '--allow-loss'], { env })).toMatchObject({ exitCode: 0 });
      await project.succeed(['upgrade', 'aaaa'], { env });
      await runScript(offline, await project.succeed(['upgrade', 'aaaa', '--sql'], { env }));
      await compare();
      await project.succeed(['upgrade', 'bbbb'], { env });
      await runScript(offline, await project.succeed(['upgrade', 'aaaa:bbbb', '--sql'], { env }));
      await compare();
      await downgrade('-1');
      await runScript(offline, await project.succeed(['downgrade', 'bbbb:aaaa', '--sql'], { env }));
      await compare();
      await downgrade('base');
      await runScript(offline, await project.succeed(['downgrade', 'aaaa:base', '--sql'], { env }));
      await compare();
    });
  });
});

/** As a person would pipe it into the client; MySQL's driver takes one statement at a time. */
function runScript(url: string, script: string): Promise<void> {
  return executeSql(
    url,
    script.split(/;\n+/).filter((statement) => statement.replaceAll(/^--.*$/gm, '').trim() !== ''),
  );
}
