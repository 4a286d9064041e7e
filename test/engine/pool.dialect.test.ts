import { afterEach, describe, expect, it } from 'vitest';
import type { Connection, Engine, EngineOptions } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';

describe.each(dialects)('the pool on $name', (dialect) => {
  const { family } = dialect;
  const isServer = family !== 'sqlite';
  const database = useEmptyDatabase(dialect);
  let engines: Engine[] = [];

  function makeEngine(options?: EngineOptions): Engine {
    const engine = createEngine(database.url, options);
    engines.push(engine);
    return engine;
  }

  /** Something that only one physical connection has: a temporary table, made without a word that marks the session. */
  async function sessionId(connection: Connection): Promise<unknown> {
    const calls = { postgres: 'pg_backend_pid()', mysql: 'CONNECTION_ID()', sqlite: '0' };
    return (await connection.execute(`SELECT ${calls[family]} AS id`)).rows[0]?.['id'];
  }

  /** The physical connections opened so far, counted by onConnect. */
  function counting(options: EngineOptions = {}): { engine: Engine; opened: () => number } {
    let opened = 0;
    const engine = makeEngine({
      ...options,
      onConnect: () => {
        opened += 1;
        return Promise.resolve();
      },
    });
    return { engine, opened: () => opened };
  }

  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.dispose({ timeout: 0 })));
    engines = [];
  });

  it('hands a connection that was given back to the next holder', async () => {
    const { engine, opened } = counting();
    for (let i = 0; i < 3; i += 1) {
      const connection = await engine.connect();
      await connection.execute('SELECT 1');
      await connection.close();
    }
    expect(opened()).toBe(1);
  });

  it('opens one for every holder and closes it afterwards where there is no pool', async () => {
    const { engine, opened } = counting({ pool: false });
    const held = await Promise.all(Array.from({ length: 3 }, () => engine.connect()));
    await Promise.all(held.map((connection) => connection.close()));
    await (await engine.connect()).close();
    expect(opened()).toBe(4);
  });

  it('keeps "size" connections and closes the overflow', async () => {
    const { engine, opened } = counting({ pool: { size: 1, overflow: 2 } });
    const held = await Promise.all(Array.from({ length: 3 }, () => engine.connect()));
    await Promise.all(held.map((connection) => connection.close()));
    await Promise.all([engine.connect(), engine.connect()]);
    expect(opened()).toBe(4);
  });

  it('serves those who wait in the order they came, one at a time', async () => {
    const engine = makeEngine({ pool: { size: 1, overflow: 0 } });
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const connection = await engine.connect();
        order.push(index);
        inside += 1;
        expect(inside).toBe(1);
        await connection.execute('SELECT 1');
        inside -= 1;
        await connection.close();
      }),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('names who holds the connections, and for how long, when none comes free', async () => {
    const engine = makeEngine({ pool: { size: 1, overflow: 1, timeout: 30 } });
    const labelled = await engine.connect({ label: 'GET /users' });
    await labelled.begin({ mode: 'deferred' });
    await engine.connect();
    const error: unknown = await engine.connect().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'PoolTimeoutError',
      code: 'ALUDEL_POOL_TIMEOUT',
      message: expect.stringMatching(
        /^No connection of the pool came free within 30 ms: 2 of 2 are taken; held by "GET \/users" for \d+\.\d s \(in a transaction\), ".*pool\.dialect\.test\.ts:\d+:\d+" for \d+\.\d s\.$/,
      ) as string,
      hint: expect.stringContaining('"pool.size" (now 1)') as string,
      details: { holders: [{ who: 'GET /users', inTransaction: true }, { inTransaction: false }] },
    });
    await labelled.close();
    await expect((await engine.connect()).execute('SELECT 1')).resolves.toBeDefined();
  });

  it('rolls back what a holder left open, also when it began by a statement of its own', async () => {
    const engine = makeEngine({ pool: { size: 1, overflow: 0 } });
    await engine.transaction((connection) => connection.execute('CREATE TABLE t (a integer)'));
    const first = await engine.connect();
    await first.begin();
    await first.execute('INSERT INTO t VALUES (1)');
    await first.close();
    const second = await engine.connect();
    await second.execute('BEGIN');
    await second.execute('INSERT INTO t VALUES (2)');
    await second.close();
    const third = await engine.connect();
    expect(third.inTransaction).toBe(false);
    expect((await third.execute('SELECT a FROM t')).rows).toEqual([]);
  });

  it('does not hand on a session whose settings were changed', async () => {
    const { engine, opened } = counting({ pool: { size: 1, overflow: 0 } });
    const change = {
      sqlite: 'PRAGMA foreign_keys = OFF',
      postgres: "SET search_path = 'elsewhere'",
      mysql: "SET sql_mode = ''",
    }[family];
    const read = {
      sqlite: 'PRAGMA foreign_keys',
      postgres: "SELECT current_setting('search_path')",
      mysql: 'SELECT @@sql_mode',
    }[family];
    const first = await engine.connect();
    const before = (await first.execute(read)).rows;
    await first.execute(change);
    expect((await first.execute(read)).rows).not.toEqual(before);
    await first.close();
    expect((await (await engine.connect()).execute(read)).rows).toEqual(before);
    expect(opened()).toBe(2);
  });

  it('gives a dedicated connection beyond the count, whose close ends the session', async () => {
    const { engine, opened } = counting({ pool: { size: 1, overflow: 0, timeout: 20 } });
    await engine.connect();
    const dedicated = await engine.connect({ dedicated: true });
    await dedicated.execute('SELECT 1');
    await dedicated.close();
    await (await engine.connect({ dedicated: true })).close();
    expect(opened()).toBe(3);
  });

  it('prepares each new connection by onConnect, and refuses to hand out one that could not be', async () => {
    let fails = true;
    const engine = makeEngine({
      onConnect: async (connection) => {
        if (fails) throw new Error('not today');
        await connection.execute(family === 'postgres' ? "SET search_path = 'mine'" : 'SELECT 1');
      },
    });
    await expect(engine.connect()).rejects.toThrow('not today');
    fails = false;
    const connection = await engine.connect();
    const sql = family === 'postgres' ? "SELECT current_setting('search_path') AS x" : "SELECT 'mine' AS x";
    expect((await connection.execute(sql)).rows).toEqual([{ x: 'mine' }]);
  });

  it('replaces a connection that is older than "recycle"', async () => {
    const { engine, opened } = counting({ pool: { recycle: 0 } });
    await (await engine.connect()).close();
    await (await engine.connect()).close();
    expect(opened()).toBe(2);
  });

  it('waits in dispose for a transaction under way, and not for a connection that is only held', async () => {
    const engine = makeEngine();
    await engine.transaction((connection) => connection.execute('CREATE TABLE t (a integer)'));
    const idle = await engine.connect();
    let disposed: Promise<void> | undefined;
    let isDisposed = false;
    await engine.transaction(async (connection) => {
      disposed = engine.dispose().then(() => {
        isDisposed = true;
      });
      await connection.execute('INSERT INTO t VALUES (1)');
      expect(isDisposed).toBe(false);
    });
    await disposed;
    await expect(idle.execute('SELECT 1')).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
    const connection = await engine.connect();
    expect((await connection.execute('SELECT a FROM t')).rows).toEqual([{ a: 1 }]);
  });

  it('calls closed, not lost, what is sent right behind dispose or behind the end of a transaction', async () => {
    const engine = makeEngine();
    const closed = { code: 'ALUDEL_CONNECTION_LOST', message: expect.stringMatching(/is closed\.$/) as string };
    const idle = await engine.connect();
    let disposed = engine.dispose();
    await expect(idle.execute('SELECT 1')).rejects.toMatchObject(closed);
    await disposed;
    const busy = await engine.connect();
    await busy.begin();
    disposed = engine.dispose();
    await busy.commit();
    await expect(busy.execute('SELECT 1')).rejects.toMatchObject(closed);
    await disposed;
  });

  it('cuts off in dispose who does not let go, and refuses who waits or is just connecting', async () => {
    const engine = makeEngine({ pool: { size: 2, overflow: 0 } });
    const holder = await engine.connect();
    await holder.begin();
    const opening = engine.connect().catch((error: unknown) => error);
    const waiting = engine.connect().catch((error: unknown) => error);
    await engine.dispose({ timeout: 1 });
    const lost = { name: 'ConnectionLostError', code: 'ALUDEL_CONNECTION_LOST' };
    expect(await opening).toMatchObject(lost);
    expect(await waiting).toMatchObject(lost);
    await expect(holder.execute('SELECT 1')).rejects.toMatchObject(lost);
    await holder.close();
    await expect(engine.transaction((connection) => connection.execute('SELECT 1'))).resolves.toBeDefined();
  });

  describe.runIf(isServer)('as a server', () => {
    async function kill(id: unknown): Promise<void> {
      const killer = await makeEngine({ pool: false }).connect();
      await killer.execute(family === 'mysql' ? `KILL ${String(id)}` : `SELECT pg_terminate_backend(${String(id)})`);
      await killer.close();
    }

    it('says what became of a transaction whose connection was killed, and recovers', async () => {
      const engine = makeEngine({ pool: { size: 2, overflow: 0 } });
      await engine.transaction((connection) => connection.execute('CREATE TABLE t (a integer)'));
      const failed = engine.transaction(async (connection) => {
        await connection.execute('INSERT INTO t VALUES (1)');
        await kill(await sessionId(connection));
        await connection.execute('INSERT INTO t VALUES (2)');
      });
      await expect(failed).rejects.toMatchObject({
        name: 'ConnectionLostError',
        message: expect.stringContaining('Its transaction was rolled back.') as string,
        details: { transaction: 'rolledBack' },
      });
      await engine.transaction((connection) => connection.execute('INSERT INTO t VALUES (3)'));
      const connection = await engine.connect();
      expect((await connection.execute('SELECT a FROM t')).rows).toEqual([{ a: 3 }]);
    });

    it('fails a COMMIT whose connection was killed just before', async () => {
      const failed = makeEngine().transaction(async (connection) => kill(await sessionId(connection)));
      // Whether the COMMIT was still sent is a matter of milliseconds.
      await expect(failed).rejects.toMatchObject({
        name: 'ConnectionLostError',
        details: { sql: 'COMMIT', transaction: expect.stringMatching('rolledBack|unknown') as string },
      });
    });

    it('tries idle connections before it hands them out, and replaces the dead', async () => {
      const engine = makeEngine({ pool: { size: 3, overflow: 0, prePing: 0 } });
      const held = await Promise.all([engine.connect(), engine.connect(), engine.connect()]);
      const ids = await Promise.all(held.map(sessionId));
      await Promise.all(held.map((connection) => connection.close()));
      for (const id of ids) await kill(id);
      const again = await Promise.all([engine.connect(), engine.connect(), engine.connect()]);
      for (const connection of again) {
        expect(ids).not.toContain(await sessionId(connection));
      }
    });

    it.each(['lifo', 'fifo'] as const)('picks the next connection %s', async (order) => {
      const engine = makeEngine({ pool: { order } });
      const [first, second] = [await engine.connect(), await engine.connect()];
      const ids = [await sessionId(first), await sessionId(second)];
      await first.close();
      await second.close();
      expect(await sessionId(await engine.connect())).toBe(order === 'lifo' ? ids[1] : ids[0]);
    });

    it('ends a statement after statementTimeout and stays usable', async () => {
      const engine = makeEngine({ statementTimeout: 50 });
      const connection = await engine.connect();
      // MySQL lets SLEEP() return early instead of failing.
      const slow = { postgres: 'SELECT pg_sleep(30)', mariadb: 'SELECT SLEEP(30)' }[dialect.name as 'postgres'];
      const heavy = 'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT COUNT(*) ';
      await expect(connection.execute(slow ?? `${heavy} FROM n a, n b, n c, n d`)).rejects.toMatchObject({
        code: 'ALUDEL_STATEMENT_FAILED',
        hint: expect.stringContaining('statementTimeout') as string,
      });
      await expect(connection.execute('SELECT 1')).resolves.toBeDefined();
    });

    it('sets the isolation level of the engine and of one transaction', async () => {
      const engine = makeEngine({ isolationLevel: 'serializable' });
      const other = makeEngine();
      const levelOf = async (connection: Connection): Promise<unknown> => {
        const { rows } = await connection.execute(
          family === 'postgres' ? "SELECT current_setting('transaction_isolation') AS level" : 'SELECT a FROM t',
        );
        if (family === 'postgres') return rows[0]?.['level'];
        // There a serializable transaction locks the rows that it reads.
        const lock = other.transaction((second) => second.execute('SELECT a FROM t FOR UPDATE NOWAIT'));
        return lock.then(
          () => 'repeatable read',
          () => 'serializable',
        );
      };
      await other.transaction((connection) => connection.execute('CREATE TABLE t (a integer)'));
      await other.transaction((connection) => connection.execute('INSERT INTO t VALUES (1)'));
      expect(await engine.transaction(levelOf)).toBe('serializable');
      expect(await engine.transaction(levelOf, { isolationLevel: 'repeatable read' })).toBe('repeatable read');
      expect(await engine.transaction(levelOf)).toBe('serializable');
    });

    it('speaks TLS when told to, or says that the server does not', async () => {
      const connecting = makeEngine({ ssl: { rejectUnauthorized: false } }).connect();
      if (family === 'postgres' || dialect.name === 'mariadb') {
        await expect(connecting).rejects.toMatchObject({
          code: 'ALUDEL_CONNECTION_FAILED',
          message: expect.stringMatching(/SSL|secure connection/) as string,
        });
      } else {
        const { rows } = await (await connecting).execute("SHOW STATUS LIKE 'Ssl_cipher'");
        expect(rows[0]?.['Value']).toMatch(/^TLS_/);
      }
    });

    it('gives connectArgs to the driver', async () => {
      const args = family === 'postgres' ? { application_name: 'mine' } : { connectAttributes: { mine: 'yes' } };
      const connection = await makeEngine({ connectArgs: args }).connect();
      const sql = family === 'postgres' ? "SELECT current_setting('application_name') AS x" : `SELECT 'mine' AS x`;
      expect((await connection.execute(sql)).rows).toEqual([{ x: 'mine' }]);
    });
  });

  it('lets go of the process while connections are idle', async () => {
    const engine = makeEngine();
    await (await engine.connect()).close();
    const open = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const connection = await engine.connect();
    const busy = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    expect(busy - open).toBe(isServer ? 1 : 0);
    await connection.close();
  });
});
