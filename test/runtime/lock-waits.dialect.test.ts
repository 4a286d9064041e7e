import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeEach } from '../support/describe-each.js';
import type { Connection, Engine } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

const servers = dialects.filter(({ family }) => family !== 'sqlite');

describeEach(servers, 'a revision that waits for a lock on $name', (dialect) => {
  const project = useProject(dialect, { lockTimeout: 1000 });
  let engine: Engine;
  let holder: Connection;
  let events: MigrationEvent[];

  beforeEach(async () => {
    events = [];
    await project.write({ id: 'aaaa', upgrade: `op.createTable('seats', [column('id', integer())]);` });
    await project.migrator.upgrade();
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.addColumn('seats', column('row', integer()));` });
    engine = createEngine(project.url);
    holder = await engine.connect();
    await holder.begin();
    // A reader that has not ended its transaction: enough to stop every ALTER TABLE.
    await holder.execute('SELECT id FROM seats');
  });

  afterEach(async () => {
    await holder.close();
    await engine.dispose();
  });

  async function sessionOfHolder(): Promise<string> {
    const sql = dialect.family === 'postgres' ? 'SELECT pg_backend_pid() AS id' : 'SELECT CONNECTION_ID() AS id';
    return String((await holder.execute(sql)).rows[0]?.['id']);
  }

  test('tries again from its beginning, and goes on when the lock is free', async () => {
    let released: Promise<void> | null = null;
    const { upgrade } = project.open({
      onEvent: (event) => {
        events.push(event);
        if (event.kind === 'retrying') released ??= holder.rollback();
      },
    });
    expect((await upgrade()).to).toEqual(['bbbb']);
    await released;
    expect(events.filter(({ kind }) => kind === 'retrying')).toHaveLength(1);
    expect((await project.migrator.current()).unfinished).toBeNull();
  });

  test('gives up after three tries, names the session that holds the lock and how to end it', async () => {
    const session = await sessionOfHolder();
    const { upgrade } = project.open({ onEvent: (event) => events.push(event) });
    await expect(upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_LOCK_TIMEOUT',
      message: expect.stringContaining(`session ${session}`),
      hint: expect.stringContaining(
        dialect.family === 'postgres' ? `pg_terminate_backend(${session})` : `KILL ${session};`,
      ),
      details: { applied: 0, blockedBy: [expect.stringContaining(`session ${session}`)] },
    });
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'retrying')).toHaveLength(2);
    expect(kinds).toContain('blocked');
    expect((await project.migrator.current()).revisions).toMatchObject([{ revision: 'aaaa' }]);
  });
});
