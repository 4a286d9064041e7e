import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';
import { startPgbouncer } from '../servers/pgbouncer.js';
import type { Server } from '../servers/start-process.js';
import { dialects, serverUrl, useEmptyDatabase } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { createProject } from '../support/project.js';
import { useEach } from '../support/use-each.js';
import { queryRows } from '../support/connect-to.js';

const postgres = dialects.filter(({ family }) => family === 'postgres');

// https://www.pgbouncer.org/config.html#pool_mode
describeEach(
  postgres.flatMap((dialect) => (['transaction', 'session'] as const).map((mode) => ({ dialect, mode }))),
  'behind pgbouncer in $mode mode',
  ({ dialect, mode }) => {
    let pooler: Server;
    const database = useEmptyDatabase(dialect);
    const project = useEach(() => {
      const url = new URL(pooler.url);
      url.pathname = new URL(database.url).pathname;
      return createProject(url.href);
    });

    beforeAll(async () => {
      pooler = await startPgbouncer(serverUrl('postgres'), mode);
    }, 120_000);
    afterAll(() => pooler?.stop());
    beforeEach(async () => {
      await project.write({ id: 'aaaa', upgrade: `op.createTable('seats', [column('id', integer())]);` });
    });

    const query = (sql: string): ReturnType<typeof queryRows> => queryRows(database.url, sql);

    test.runIf(mode === 'session')('a run goes through', async () => {
      expect((await project.migrator.upgrade()).to).toEqual(['aaaa']);
    });

    test.runIf(mode === 'transaction')(
      'a run refuses with the reason, changes nothing and leaves no lock behind',
      async () => {
        await expect(project.migrator.upgrade()).rejects.toMatchObject({
          code: 'ALUDEL_POOLED_CONNECTION',
          message: expect.stringContaining('transaction pooler'),
          hint: expect.stringContaining('server itself'),
        });
        expect(await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
        // Other tests lock other databases of the server.
        const here = '(SELECT oid FROM pg_database WHERE datname = current_database())';
        const locks = await query(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = ${here}`);
        expect(locks).toEqual([]);
      },
    );

    test.runIf(mode === 'transaction')(
      'several runs at once all refuse, while other clients of the pool are busy',
      async () => {
        const engine = createEngine(project.url);
        const busy = await Promise.all(Array.from({ length: 3 }, () => engine.connect()));
        try {
          for (const connection of busy) await connection.begin();
          await busy[0]?.commit();
          const runs = Array.from({ length: 4 }, () => project.migrator.upgrade());
          const codes = (await Promise.allSettled(runs)).map((run) => run.status === 'rejected' && run.reason.code);
          expect(codes).toEqual(runs.map(() => 'ALUDEL_POOLED_CONNECTION'));
        } finally {
          for (const connection of busy) await connection.close();
          await engine.dispose();
        }
      },
    );
  },
);
