import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as timer } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aludel-writers-'));
  file = join(folder, 'app.db');
  await createEngine(`sqlite:${file}`).transaction((connection) => connection.execute('CREATE TABLE t (id integer)'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that holds the write lock until it is told to commit. */
async function holdWriteLock(): Promise<{ commit(): Promise<void> }> {
  const program = `
    const db = new (require('better-sqlite3'))(process.argv[1]);
    db.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (100)');
    process.stdout.write('held');
    process.stdin.once('data', () => { db.exec('COMMIT'); db.close(); process.exit(); });`;
  const child = spawn(process.execPath, ['-e', program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    commit: async () => {
      const ended = once(child, 'exit');
      child.stdin.write('go');
      await ended;
    },
  };
}

it('lets twenty transactions of one process commit one after another while the event loop runs', async () => {
  const engine = createEngine(`sqlite:${file}`);
  let last = performance.now();
  let ticks = 0;
  let longestGap = 0;
  const interval = setInterval(() => {
    longestGap = Math.max(longestGap, performance.now() - last);
    last = performance.now();
    ticks += 1;
  }, 10);
  let inside = 0;
  await Promise.all(
    Array.from({ length: 20 }, (_, id) =>
      engine.transaction(async (connection) => {
        inside += 1;
        expect(inside).toBe(1);
        await connection.execute('INSERT INTO t VALUES (?)', [id]);
        await timer(10);
        inside -= 1;
      }),
    ),
  );
  clearInterval(interval);
  const { rows } = await (await engine.connect()).execute('SELECT id FROM t ORDER BY rowid');
  expect(rows.map((row) => row['id'])).toEqual(Array.from({ length: 20 }, (_, id) => id));
  expect(ticks).toBeGreaterThan(5);
  expect(longestGap).toBeLessThan(500);
  await engine.dispose({ timeout: 0 });
});

it('lets autocommit writes wait for a transaction and reads pass it', async () => {
  const engine = createEngine(`sqlite:${file}`);
  const [holder, other] = [await engine.connect(), await engine.connect()];
  await holder.begin();
  await holder.execute('INSERT INTO t VALUES (1)');
  expect((await other.execute('SELECT * FROM t')).rows).toEqual([]);
  const write = other.execute('INSERT INTO t SELECT count(*) + 10 FROM t');
  await holder.commit();
  await write;
  expect((await other.execute('SELECT id FROM t ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 11 }]);
  await engine.dispose({ timeout: 0 });
});

it('frees the place in the line when a transaction is rolled back, closed or fails to begin', async () => {
  const engine = createEngine(`sqlite:${file}`, { lockTimeout: 50 });
  const first = await engine.connect();
  await first.begin();
  await first.rollback();
  await first.begin();
  await first.close();
  const child = await holdWriteLock();
  const second = await engine.connect();
  await expect(second.begin()).rejects.toMatchObject({ code: 'ALUDEL_LOCK_TIMEOUT' });
  await child.commit();
  await engine.transaction((connection) => connection.execute('INSERT INTO t VALUES (1)'));
  await engine.dispose({ timeout: 0 });
});

it('waits for a write lock that another process holds', async () => {
  const child = await holdWriteLock();
  const engine = createEngine(`sqlite:${file}`);
  let isDone = false;
  const write = engine
    .transaction((connection) => connection.execute('INSERT INTO t SELECT max(id) + 1 FROM t'))
    .then(() => (isDone = true));
  for (let i = 0; i < 50; i += 1) {
    await turn();
  }
  expect(isDone).toBe(false);
  await child.commit();
  await write;
  const { rows } = await (await engine.connect()).execute('SELECT id FROM t ORDER BY id');
  expect(rows).toEqual([{ id: 100 }, { id: 101 }]);
  await engine.dispose({ timeout: 0 });
});

it('gives up after lockTimeout when another process keeps the lock', async () => {
  const child = await holdWriteLock();
  const engine = createEngine(`sqlite:${file}`, { lockTimeout: 60 });
  const start = performance.now();
  const write = engine.transaction((connection) => connection.execute('INSERT INTO t VALUES (1)'));
  await expect(write).rejects.toMatchObject({ code: 'ALUDEL_LOCK_TIMEOUT', details: { lockTimeout: 60 } });
  expect(performance.now() - start).toBeGreaterThan(55);
  await child.commit();
});

it('connects to a file that another connection holds exclusively, and waits with the first statement', async () => {
  const engine = createEngine(`sqlite:${file}`);
  const holder = await engine.connect();
  await holder.begin({ mode: 'exclusive' });
  await holder.execute('INSERT INTO t VALUES (1)');
  const other = await engine.connect();
  const read = other.execute('SELECT id FROM t');
  await turn();
  await holder.commit();
  expect((await read).rows).toEqual([{ id: 1 }]);
  await engine.dispose({ timeout: 0 });
});

it('fails at once with the way out where a snapshot is stale and no waiting helps', async () => {
  const engine = createEngine(`sqlite:${file}`, { lockTimeout: 60_000 });
  const [reader, writer] = [await engine.connect(), await engine.connect()];
  await reader.execute('PRAGMA journal_mode = WAL');
  await reader.begin({ mode: 'deferred' });
  await reader.execute('SELECT * FROM t');
  await writer.execute('INSERT INTO t VALUES (1)');
  await expect(reader.execute('INSERT INTO t VALUES (2)')).rejects.toMatchObject({
    code: 'ALUDEL_SERIALIZATION_FAILURE',
    hint: 'Begin a transaction that will write with begin({ mode: "immediate" }).',
  });
  await engine.dispose({ timeout: 0 });
});
