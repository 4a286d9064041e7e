import { beforeEach, describe, expect, test } from 'vitest';
import { integer, MetaData, varchar } from '../../../src/index.js';
import { connectTo } from '../../support/connect-to.js';
import { dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { dumpDatabase } from '../../support/dump.js';
import { executeSql } from '../../support/execute-sql.js';
import { openProject, useProject } from '../../support/project.js';

const postgres = dialects.filter(({ name }) => name === 'postgres');

// Only PostgreSQL has CONCURRENTLY. MySQL and MariaDB let others write while they index, SQLite has one writer.
describeEach(postgres, 'CONCURRENTLY on $name', (dialect) => {
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({
      id: 'aaaa',
      upgrade: `op.createTable('users', [column('id', integer(), { nullable: false }), column('email', varchar(80)), primaryKey(['id'], { name: 'pk' })]);`,
    });
    await project.migrator.upgrade();
  });

  const UNIQUE = `op.createIndex('ix_email', 'users', ['email'], { unique: true, concurrently: true });`;
  const INSERT = "INSERT INTO users (id, email) VALUES (1, 'ada@x'), (2, 'ada@x')";

  /** Each index of the table and whether it is valid. */
  const indexes = (url = project.url): Promise<Record<string, unknown>> =>
    connectTo(url, async (connection) => {
      const { rows } = await connection.execute(
        `SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index
         WHERE indrelid = 'users'::regclass AND NOT indisprimary ORDER BY 1`,
      );
      return Object.fromEntries(rows.map((row) => [String(row['name']), row['valid']]));
    });

  test('an index comes and goes, and comes back, while the runner holds its lock', async () => {
    const before = await dumpDatabase(project.url);
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `${UNIQUE} op.createIndex('ix_id', 'users', ['id', 'email'], { concurrently: true, ifNotExists: true });`,
      downgrade: `op.dropIndex('ix_email', 'users', { concurrently: true });
        op.dropIndex('ix_id', 'users', { concurrently: true, ifExists: true });
        op.dropIndex('ix_never', 'users', { concurrently: true, ifExists: true });`,
    });
    await project.migrator.upgrade();
    expect(await indexes()).toEqual({ ix_email: true, ix_id: true });
    await project.migrator.downgrade('-1');
    expect(await dumpDatabase(project.url)).toEqual(before);
    await project.migrator.upgrade();
    expect(await indexes()).toEqual({ ix_email: true, ix_id: true });
  });

  test('three runs at once wait for each other, not for ever', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: UNIQUE });
    const runs = await Promise.all(Array.from({ length: 3 }, () => project.open().upgrade()));
    expect(runs.map(({ to }) => to)).toEqual([['bbbb'], ['bbbb'], ['bbbb']]);
    expect(await indexes()).toEqual({ ix_email: true });
  });

  test('what a unique violation leaves INVALID is dropped and built again by the next run', async () => {
    await executeSql(project.url, [INSERT]);
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: UNIQUE });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      message: expect.stringContaining('could not create unique index "ix_email"'),
      hint: expect.stringContaining('If index "ix_email" was left INVALID, the next run drops it'),
    });
    expect(await indexes()).toEqual({ ix_email: false });
    expect((await project.migrator.current()).revisions).toMatchObject([{ revision: 'aaaa' }]);
    // Once more: by now it is the second statement that fails.
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_FAILED' });
    expect(await indexes()).toEqual({ ix_email: false });
    await executeSql(project.url, ["UPDATE users SET email = 'eve@x' WHERE id = 2"]);
    const sent: string[] = [];
    const again = project.open({
      onEvent: (event) => {
        if (event.kind === 'statement') sent.push(event.sql);
      },
    });
    await again.upgrade();
    expect(sent).toEqual([
      'DROP INDEX CONCURRENTLY IF EXISTS "ix_email"',
      'CREATE UNIQUE INDEX CONCURRENTLY "ix_email" ON "users" ("email")',
    ]);
    expect(await indexes()).toEqual({ ix_email: true });
    expect((await project.migrator.current()).unfinished).toBeNull();
  });

  test('an INVALID index is a difference, and the revision that autogenerate writes builds it anew', async () => {
    const indexed = new MetaData();
    indexed.table('users', { id: integer().primaryKey(), email: varchar(80).index() });
    const { migrator, url } = await openProject(dialect, { models: async () => indexed });
    await migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
    await migrator.upgrade();
    await executeSql(url, ["UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_users_email'::regclass"]);
    await migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    await migrator.upgrade();
    expect(await indexes(url)).toEqual({ ix_users_email: true });
    expect((await migrator.check()).operations).toEqual([]);
  });

  test('in the middle of a revision, what came before is committed what comes after is not, and the next run goes on there', async () => {
    await executeSql(project.url, ["INSERT INTO users (id, email) VALUES (1, 'ada@x')"]);
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.addColumn('users', column('age', integer()));
        op.createIndex('ix_age', 'users', ['age'], { concurrently: true });
        op.execute('UPDATE users SET age = 1 / (id - 1)');`,
    });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 2, statement: 3 } });
    expect(await indexes()).toEqual({ ix_age: true });
    const { revisions, unfinished } = await project.migrator.current();
    expect(revisions).toMatchObject([{ revision: 'aaaa' }]);
    expect(unfinished).toMatchObject({ revision: 'bbbb', direction: 'upgrade' });

    await executeSql(project.url, ['UPDATE users SET id = 2']);
    const sent: string[] = [];
    await project.open({ onEvent: (event) => void (event.kind === 'statement' && sent.push(event.sql)) }).upgrade();
    expect(sent).toEqual(['UPDATE users SET age = 1 / (id - 1)']);
    expect((await project.migrator.current()).unfinished).toBeNull();
  });

  test('a script leaves the transaction for it', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.execute('SELECT 1'); ${UNIQUE} op.dropIndex('ix_email', 'users', { concurrently: true });`,
    });
    const { sql } = await project.migrator.upgrade('aaaa:bbbb', { sql: true });
    expect((sql ?? '').split('\n').slice(1, 7)).toEqual([
      'BEGIN;',
      'SELECT 1;',
      'COMMIT;',
      'CREATE UNIQUE INDEX CONCURRENTLY "ix_email" ON "users" ("email");',
      'DROP INDEX CONCURRENTLY "ix_email";',
      'BEGIN;',
    ]);
  });
});

describe.each(dialects.filter(({ name }) => name !== 'postgres'))('CONCURRENTLY on $name', (dialect) => {
  test('asks for nothing special', async () => {
    const project = await openProject(dialect);
    await project.write({
      id: 'aaaa',
      upgrade: `op.createTable('t', [column('id', integer(), { nullable: false }), primaryKey(['id'])]);
        op.createIndex('ix', 't', ['id'], { concurrently: true });`,
      downgrade: `op.dropIndex('ix', 't', { concurrently: true }); op.dropTable('t');`,
    });
    await project.migrator.upgrade();
    await project.migrator.downgrade('base');
    expect(await dumpDatabase(project.url)).toEqual([]);
  });
});
