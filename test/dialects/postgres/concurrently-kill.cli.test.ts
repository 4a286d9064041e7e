import { beforeEach, expect, test } from 'vitest';
import type { Connection } from '../../../src/engine/connection.js';
import { connectTo } from '../../support/connect-to.js';
import { createDatabase, dialects, useEmptyDatabase } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { dumpDatabase } from '../../support/dump.js';
import { executeSql } from '../../support/execute-sql.js';
import { plainConfig, revisionFile, useCliProject } from '../../support/cli-project.js';
import type { Finished } from '../../support/start-program.js';

const postgres = dialects.filter(({ name }) => name === 'postgres');
const BUILDS = "query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active' AND datname = current_database()";

// Only PostgreSQL has CONCURRENTLY.
describeEach(postgres, 'a process that is killed while it builds an index CONCURRENTLY on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const project = useCliProject(() =>
    plainConfig({ url: database.url, migrations: './migrations', lockTimeout: 60_000 }),
  );

  beforeEach(async () => {
    await executeSql(database.url, ['CREATE TABLE users (id integer PRIMARY KEY, email text)']);
    const upgrade = `op.createTable('notes', [column('id', integer())]);
      op.createIndex('ix_email', 'users', ['email'], { concurrently: true, comment: 'for logins' });
      op.execute('INSERT INTO notes (id) VALUES (1)');`;
    await project.write(revisionFile({ id: 'aaaa', upgrade }));
  });

  const builders = async (connection: Connection): Promise<readonly unknown[]> =>
    (await connection.execute(`SELECT pid FROM pg_stat_activity WHERE ${BUILDS}`)).rows.map((row) => row['pid']);

  /** The build waits at its end for who may still read; there the process is killed, and `use` looks at what is left. */
  async function killInBuild(use: (watcher: Connection) => Promise<void>): Promise<void> {
    await connectTo(database.url, (watcher) =>
      connectTo(database.url, async (reader) => {
        await reader.begin({ isolationLevel: 'repeatable read' });
        await reader.execute('SELECT 1 AS one');
        const run = project.start(['upgrade']);
        while ((await builders(watcher)).length === 0) await watcher.execute('SELECT pg_sleep(0.02)');
        run.child.kill('SIGKILL');
        await run.finished;
        await use(watcher);
        await reader.commit();
      }),
    );
  }

  /** PostgreSQL 14 and later look each second whether the client is still there; before, somebody has to say it. */
  async function untilItIsNoticed(watcher: Connection): Promise<void> {
    if (watcher.server.major < 14) {
      await watcher.execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${BUILDS}`);
    }
    while ((await builders(watcher)).length > 0) await watcher.execute('SELECT pg_sleep(0.02)');
  }

  const indexes = (): Promise<readonly unknown[]> =>
    connectTo(database.url, async (connection) => {
      const { rows } = await connection.execute(
        `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON oid = indexrelid
         WHERE indrelid = 'users'::regclass AND NOT indisprimary ORDER BY 1`,
      );
      return rows.map(({ name, valid }) => [name, valid]);
    });

  async function expectTheWholeRevision(): Promise<void> {
    expect(await indexes()).toEqual([['ix_email', true]]);
    const undisturbed = await createDatabase(dialect);
    await executeSql(undisturbed.url, [
      'CREATE TABLE users (id integer PRIMARY KEY, email text)',
      'CREATE TABLE notes (id integer)',
      'CREATE INDEX ix_email ON users (email)',
      "COMMENT ON INDEX ix_email IS 'for logins'",
    ]);
    expect(await dumpDatabase(database.url)).toEqual(await dumpDatabase(undisturbed.url));
    await undisturbed.drop();
    const found = await connectTo(database.url, (one) => one.execute('SELECT id FROM notes'));
    expect(found.rows).toEqual([{ id: 1 }]);
  }

  test.each([1, 2])('leaves it INVALID, and the run after %i of them drops it and builds it again', async (kills) => {
    for (let kill = 0; kill < kills; kill++) {
      await killInBuild(untilItIsNoticed);
      expect(await indexes()).toEqual([['ix_email', false]]);
    }
    const next = await project.run(['upgrade']);
    // Of a second build it is the DROP before it that comes second.
    const said = `Going on with "aaaa", which was cut off at statement ${kills + 1}\n`;
    expect([next.exitCode, next.stderr]).toEqual([0, said]);
    await expectTheWholeRevision();
  });

  test('is followed by a run that waits for what the server still does for it', async () => {
    let next: Promise<Finished> | null = null;
    await killInBuild(async (watcher) => {
      next = project.run(['upgrade']);
      await untilItIsNoticed(watcher);
    });
    expect(await next).toMatchObject({ exitCode: 0 });
    await expectTheWholeRevision();
  });
});
