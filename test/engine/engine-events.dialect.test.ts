import { tracingChannel } from 'node:diagnostics_channel';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type PoolEventName,
  type QueryEvent,
  type QueryTrace,
  type Session,
  sessionMaker,
} from 'aludel';
import { createDatabase, dialects, type TestDatabase, useEmptyDatabase } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';

describe.each(dialects)('$name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  let engine: Engine;
  const bind = dialect.name === 'postgres' ? '$1' : '?';

  function makeEngine(options: EngineOptions = {}, url = database.url): Engine {
    const made = createEngine(url, options);
    onTestFinished(() => made.dispose({ timeout: 0 }));
    return made;
  }

  beforeEach(async () => {
    await executeSql(database.url, ['CREATE TABLE item (id integer PRIMARY KEY)', 'INSERT INTO item VALUES (1), (2)']);
    engine = makeEngine();
  });

  it('tells of each statement when it has ended, rows and errors too, and no values', async () => {
    const heard: QueryEvent[] = [];
    const off = engine.on('query', (event) => void heard.push(event));
    await engine.transaction(async (connection) => {
      await connection.execute(`SELECT id FROM item WHERE id < ${bind}`, [10]);
      await connection.query({ sql: `DELETE FROM item WHERE id = ${bind}`, params: [1] });
    });
    const connection = await engine.connect();
    await expect(connection.execute('SELECT nothing FROM item')).rejects.toThrow();
    off();
    await connection.execute('SELECT 1');
    await connection.close();
    expect(heard.map(({ sql, rows, error }) => [sql.split(' ')[0], rows, error?.code])).toEqual([
      [dialect.family === 'mysql' ? 'START' : 'BEGIN', 0, undefined],
      ['SELECT', 2, undefined],
      ['DELETE', 1, undefined],
      ['COMMIT', 0, undefined],
      ['SELECT', 0, 'ALUDEL_STATEMENT_FAILED'],
    ]);
    expect(heard.every(({ params, milliseconds }) => params === undefined && milliseconds >= 0)).toBe(true);
  });

  it('tells of parameters where they may be shown, and of slow statements alone beyond a threshold', async () => {
    const shown = makeEngine({ hideParameters: false });
    const heard: unknown[] = [];
    shown.on('slowQuery', { milliseconds: 0 }, ({ params }) => void heard.push(params));
    shown.on('slowQuery', { milliseconds: 3_600_000 }, () => void heard.push('an hour'));
    const connection = await shown.connect();
    await connection.execute(`SELECT id FROM item WHERE id = ${bind}`, [1]);
    await connection.close();
    expect(heard).toEqual([[1]]);
  });

  it('awaits the listeners of the pool, in their order', async () => {
    const heard: string[] = [];
    const events: readonly PoolEventName[] = ['connect', 'checkout', 'checkin', 'close'];
    for (const event of events) {
      engine.on(event, async ({ connection }) => {
        if (connection !== undefined) await connection.execute('SELECT 1');
        heard.push(event);
      });
    }
    await (await engine.connect()).close();
    await (await engine.connect()).close();
    await engine.dispose();
    expect(heard).toEqual(['connect', 'checkout', 'checkin', 'checkout', 'checkin', 'close']);
  });

  it('gives a connection back when a listener of its checkout throws', async () => {
    const single = makeEngine({ pool: { size: 1, overflow: 0, timeout: 1000 } });
    let isFailing = true;
    single.on('checkout', () => {
      if (isFailing) throw new Error('not now');
    });
    await expect(single.connect()).rejects.toThrow('not now');
    isFailing = false;
    await (await single.connect()).close();
  });

  it('traces statements on the diagnostics channel, for OpenTelemetry', async () => {
    const spans: unknown[] = [];
    const channel = tracingChannel<string, QueryTrace>('aludel:query');
    const subscribers = {
      start: ({ sql, params, dialect: { length } }: QueryTrace) => void spans.push(['start', sql, params, length > 0]),
      asyncEnd: ({ sql }: QueryTrace) => void spans.push(['end', sql]),
      error: (trace: QueryTrace & { readonly error: unknown }) => void spans.push((trace.error as Error).name),
      end: () => undefined,
      asyncStart: () => undefined,
    };
    channel.subscribe(subscribers);
    onTestFinished(() => channel.unsubscribe(subscribers));
    const connection = await engine.connect();
    await connection.execute('SELECT id FROM item');
    await expect(connection.execute('SELECT nothing FROM item')).rejects.toThrow();
    channel.unsubscribe(subscribers);
    await connection.execute('SELECT 1');
    await connection.close();
    expect(spans).toEqual([
      ['start', 'SELECT id FROM item', undefined, true],
      ['end', 'SELECT id FROM item'],
      ['start', 'SELECT nothing FROM item', undefined, true],
      'AludelError',
      ['end', 'SELECT nothing FROM item'],
    ]);
  });

  describe('with replicas', () => {
    let replicas: TestDatabase[];
    beforeEach(async () => {
      replicas = [await createDatabase(dialect), await createDatabase(dialect)];
      // No replication here: what tells them apart is what they hold.
      for (const [i, { url }] of replicas.entries()) {
        await executeSql(url, ['CREATE TABLE item (id integer PRIMARY KEY)', `INSERT INTO item VALUES (${i + 100})`]);
      }
    });
    afterEach(() => Promise.all(replicas.map((replica) => replica.drop())));

    it('leads sessions for reading to them in turn, and all others to the database itself', async () => {
      const split = makeEngine({ replicas: replicas.map(({ url }) => url) });
      const db = sessionMaker(split);
      const ids = (readOnly: boolean): Promise<unknown> =>
        db.begin(async (s) => (await s.execute('SELECT id FROM item')).rows[0]?.['id'], { readOnly });
      const read = [await ids(true), await ids(true), await ids(true)];
      expect(read.toSorted()).toEqual(expect.arrayContaining([100, 101]));
      expect(read[0]).toBe(read[2]);
      expect(await ids(false)).toBe(1);
    });

    it('lets a session for reading write nothing', async () => {
      const db = sessionMaker(makeEngine({ replicas: replicas.map(({ url }) => url) }));
      const write = db.begin((s) => s.execute('DELETE FROM item'), { readOnly: true });
      await expect(write).rejects.toMatchObject({ code: 'ALUDEL_STATEMENT_FAILED' });
    });

    it('lets the next holder of its connection write again', async () => {
      const db = sessionMaker(makeEngine({ pool: { size: 1, overflow: 0 } }));
      const remove = (s: Session): Promise<unknown> => s.execute('DELETE FROM item');
      await expect(db.begin(remove, { readOnly: true })).rejects.toThrow();
      await db.begin(async (s) => s.execute('SELECT id FROM item'), { readOnly: true });
      expect(await db.begin(remove)).toMatchObject({ affectedRows: 2 });
    });

    it('does without a replica that cannot be reached', async () => {
      const url = dialect.name === 'sqlite' ? 'sqlite:/nowhere/at/all.db' : await deadUrl(database.url);
      const db = sessionMaker(makeEngine({ replicas: [url] }));
      const { rows } = await db.begin((s) => s.execute('SELECT id FROM item'), { readOnly: true });
      expect(rows[0]).toEqual({ id: 1 });
    });

    it('refuses a replica of another kind of database', () => {
      const other = dialect.name === 'sqlite' ? 'postgresql://u:secret@h/x' : 'sqlite::memory:';
      expect(() => createEngine(database.url, { replicas: [other] })).toThrow(
        /^A replica of a \w+ database cannot be /,
      );
    });
  });
});

/** The same URL at a port where nobody listens. */
async function deadUrl(of: string): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  const url = new URL(of);
  url.hostname = '127.0.0.1';
  url.port = typeof address === 'object' ? String(address?.port) : '';
  return url.href;
}
