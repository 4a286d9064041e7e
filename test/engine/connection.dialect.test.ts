import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Connection, DialectName, EchoEvent, Engine, EngineOptions } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';

const folder = mkdtempSync(join(tmpdir(), 'aludel-engine-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dialects = [
  { name: 'sqlite' as DialectName, url: `sqlite:${join(folder, 'app.db')}` },
  { name: 'postgres' as DialectName, url: process.env['ALUDEL_TEST_POSTGRES_URL'] ?? '' },
  { name: 'mariadb' as DialectName, url: process.env['ALUDEL_TEST_MARIADB_URL'] ?? '' },
  { name: 'mysql' as DialectName, url: process.env['ALUDEL_TEST_MYSQL_URL'] ?? '' },
].filter(({ url }) => url !== '');

/** Servers are given without a database on MySQL and MariaDB. */
const DATABASE = `aludel_engine_${process.pid}`;

describe.each(dialects)('$name', ({ name, url }) => {
  const isMysql = name === 'mysql' || name === 'mariadb';
  const isServer = name !== 'sqlite';
  const bind = (index: number): string => (name === 'postgres' ? `$${index}` : '?');
  let engines: Engine[] = [];
  let engine: Engine;

  function makeEngine(options?: EngineOptions): Engine {
    const made = createEngine(isMysql ? withParts({ database: DATABASE }) : url, options);
    engines.push(made);
    return made;
  }

  function withParts(parts: { user?: string; password?: string; database?: string; port?: string }): string {
    const changed = new URL(url);
    changed.username = parts.user ?? changed.username;
    changed.password = parts.password ?? changed.password;
    changed.port = parts.port ?? changed.port;
    changed.pathname = parts.database === undefined ? changed.pathname : `/${parts.database}`;
    return changed.href;
  }

  async function readNames(connection: Connection): Promise<unknown[]> {
    const { rows } = await connection.execute('SELECT name FROM item ORDER BY id');
    return rows.map((row) => row['name']);
  }

  beforeEach(async () => {
    if (isMysql) {
      const server = createEngine(url);
      const connection = await server.connect();
      await connection.execute(`CREATE DATABASE ${DATABASE}`);
      await server.dispose({ timeout: 0 });
    }
    engine = makeEngine();
    const connection = await engine.connect();
    await connection.execute(
      'CREATE TABLE item (id integer NOT NULL PRIMARY KEY, name varchar(40), CONSTRAINT item_name UNIQUE (name))',
    );
    await connection.close();
  });

  afterEach(async () => {
    const connection = await engine.connect();
    await connection.execute(isMysql ? `DROP DATABASE ${DATABASE}` : 'DROP TABLE item');
    await Promise.all(engines.map((each) => each.dispose({ timeout: 0 })));
    engines = [];
  });

  it('knows the product and the version of the server', async () => {
    const connection = await engine.connect();
    expect(connection.dialect).toBe(name);
    expect(connection.server.dialect).toBe(name);
    expect(connection.server.major).toBeGreaterThan(2);
    expect(connection.server.text).toContain(`${connection.server.major}.${connection.server.minor}`);
  });

  it('runs overlapping statements in the order of the calls', async () => {
    const connection = await engine.connect();
    const texts = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all([
      connection.begin(),
      ...texts.map((text, id) => connection.execute(`INSERT INTO item VALUES (${bind(1)}, ${bind(2)})`, [id, text])),
      connection.execute(`UPDATE item SET name = 'z' WHERE name = 'e'`),
      connection.commit(),
    ]);
    expect(await readNames(connection)).toEqual(['a', 'b', 'c', 'd', 'z']);
  });

  it('counts changed rows and none for statements that only read', async () => {
    const connection = await engine.connect();
    const insert = await connection.execute(`INSERT INTO item VALUES (1, 'a'), (2, 'b')`);
    expect(insert).toEqual({ rows: [], affectedRows: 2 });
    expect((await connection.execute('SELECT * FROM item')).affectedRows).toBe(0);
    expect((await connection.execute(`UPDATE item SET name = 'b' WHERE id > 1`)).affectedRows).toBe(1);
    expect((await connection.execute('DELETE FROM item')).affectedRows).toBe(2);
  });

  it('gives rows as objects', async () => {
    const connection = await engine.connect();
    await connection.execute(`INSERT INTO item VALUES (1, ${bind(1)})`, ["it's \\ a ? 雪"]);
    expect((await connection.execute('SELECT * FROM item')).rows).toEqual([{ id: 1, name: "it's \\ a ? 雪" }]);
  });

  it('leaves a placeholder inside a string alone', async () => {
    const connection = await engine.connect();
    const { rows } = await connection.execute(`SELECT '? $1' AS a, name AS b FROM item WHERE id = ${bind(1)}`, [1]);
    expect(rows).toEqual([]);
  });

  it('stores a Date in UTC, whatever the time zone of the process', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    onTestFinished(() => {
      if (zone === undefined) {
        delete process.env['TZ'];
      } else {
        process.env['TZ'] = zone;
      }
    });
    const connection = await engine.connect();
    const type = { sqlite: 'text', postgres: 'timestamp(3)', mysql: 'datetime(3)', mariadb: 'datetime(3)' }[name];
    await connection.execute(`ALTER TABLE item ADD COLUMN moment ${type}`);
    const moment = new Date('2026-01-02T03:04:05.006Z');
    await connection.execute(`INSERT INTO item VALUES (1, 'a', ${bind(1)})`, [moment]);
    expect((await connection.execute('SELECT moment FROM item')).rows).toEqual([{ moment: '2026-01-02 03:04:05.006' }]);
  });

  it('commits a transaction whose function returns and rolls back one that throws', async () => {
    await engine.transaction((connection) => connection.execute(`INSERT INTO item VALUES (1, 'kept')`));
    await expect(
      engine.transaction(async (connection) => {
        expect(connection.inTransaction).toBe(true);
        await connection.execute(`INSERT INTO item VALUES (2, 'lost')`);
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    expect(await readNames(await engine.connect())).toEqual(['kept']);
  });

  it('nests savepoints: what throws is undone, what returns stays', async () => {
    await engine.transaction(async (connection) => {
      await connection.savepoint(async () => {
        await connection.execute(`INSERT INTO item VALUES (1, 'outer')`);
        const inner = connection.savepoint(async () => {
          await connection.execute(`INSERT INTO item VALUES (2, 'inner')`);
          await connection.execute(`INSERT INTO item VALUES (3, 'inner')`);
        });
        await expect(inner).rejects.toMatchObject({ code: 'ALUDEL_UNIQUE_VIOLATION' });
      });
      await connection.savepoint(() => connection.execute(`INSERT INTO item VALUES (4, 'second')`));
    });
    expect(await readNames(await engine.connect())).toEqual(['outer', 'second']);
  });

  it('refuses a second begin, a commit without one and a savepoint without one', async () => {
    const connection = await engine.connect();
    const refused = { code: 'ALUDEL_STATEMENT_FAILED' };
    await expect(connection.commit()).rejects.toMatchObject(refused);
    await expect(connection.savepoint(() => Promise.resolve())).rejects.toMatchObject(refused);
    await connection.begin();
    await expect(connection.begin()).rejects.toMatchObject(refused);
    await connection.rollback();
    expect(connection.inTransaction).toBe(false);
    await expect(connection.rollback()).resolves.toBeUndefined();
  });

  it('names the constraint and hides the value of a duplicate', async () => {
    const connection = await engine.connect();
    const insert = `INSERT INTO item VALUES (${bind(1)}, ${bind(2)})`;
    await connection.execute(insert, [1, 's3cret']);
    const error: unknown = await connection.execute(insert, [2, 's3cret']).catch((thrown: unknown) => thrown);
    const names = name === 'sqlite' ? { table: 'item', column: 'name' } : { constraint: 'item_name' };
    expect(error).toMatchObject({ code: 'ALUDEL_UNIQUE_VIOLATION', details: { sql: insert, ...names } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret');
  });

  it('keeps the name of a missing table readable', async () => {
    const connection = await engine.connect();
    await expect(connection.execute('SELECT * FROM nowhere')).rejects.toMatchObject({
      code: 'ALUDEL_STATEMENT_FAILED',
      message: expect.stringContaining('nowhere') as string,
    });
  });

  it('refuses more or fewer parameters than placeholders and stays usable', async () => {
    const connection = await engine.connect();
    for (const params of [[], [1, 2]]) {
      const insert = connection.execute(`INSERT INTO item (id) VALUES (${bind(1)})`, params);
      await expect(insert).rejects.toMatchObject({ code: 'ALUDEL_STATEMENT_FAILED' });
    }
    expect(await readNames(connection)).toEqual([]);
  });

  it('refuses two statements in one text and runs neither', async () => {
    const connection = await engine.connect();
    await connection.execute(`INSERT INTO item VALUES (1, 'a')`);
    await expect(connection.execute('DELETE FROM item; SELECT 1')).rejects.toMatchObject({
      code: 'ALUDEL_STATEMENT_FAILED',
      hint: 'Pass one statement per call.',
    });
    expect(await readNames(connection)).toEqual(['a']);
  });

  it('runs statements called before close, and none called after', async () => {
    const connection = await engine.connect();
    const early = connection.execute(`INSERT INTO item VALUES (1, 'early')`);
    const closed = connection.close();
    await expect(connection.execute('SELECT 1')).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
    await Promise.all([early, closed, connection.close()]);
    expect(await readNames(await engine.connect())).toEqual(['early']);
  });

  it('closes what is open on dispose and can be used again', async () => {
    const connection = await engine.connect();
    await engine.dispose({ timeout: 0 });
    await expect(connection.execute('SELECT 1')).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
    expect((await (await engine.connect()).execute(`SELECT 'x' AS x`)).rows).toEqual([{ x: 'x' }]);
  });

  it('echoes statements without parameters unless they may be shown', async () => {
    const events: EchoEvent[] = [];
    const echo = (event: EchoEvent): void => void events.push(event);
    const sql = `INSERT INTO item VALUES (1, ${bind(1)})`;
    await makeEngine({ echo }).transaction((connection) => connection.execute(sql, ['shown']));
    const open = makeEngine({ echo, hideParameters: false });
    await (await open.connect()).execute('DELETE FROM item WHERE id = ' + bind(1), [1]);
    expect(events.map((event) => event.sql)).toEqual([
      { sqlite: 'BEGIN IMMEDIATE', postgres: 'BEGIN', mysql: 'START TRANSACTION', mariadb: 'START TRANSACTION' }[name],
      sql,
      'COMMIT',
      `DELETE FROM item WHERE id = ${bind(1)}`,
    ]);
    expect(events.map((event) => event.params)).toEqual([undefined, undefined, undefined, [1]]);
  });

  describe('a transaction that begins with its first statement', () => {
    const FIRST = { withFirst: true };

    it('holds what follows, and is rolled back as a whole', async () => {
      const connection = await engine.connect();
      await connection.begin(FIRST);
      expect(connection.inTransaction).toBe(true);
      const before = await readNames(connection);
      await connection.execute("INSERT INTO item (id, name) VALUES (90, 'x')");
      await connection.rollback();
      expect(await readNames(connection)).toEqual(before);
      await connection.begin(FIRST);
      await connection.query({ sql: `INSERT INTO item (id, name) VALUES (91, ${bind(1)})`, params: ['y'] });
      await connection.commit();
      expect(await readNames(connection)).toEqual([...before, 'y']);
    });

    it('gives the rows and the count of its first statement', async () => {
      const connection = await engine.connect();
      await connection.begin(FIRST);
      expect((await connection.query({ sql: "SELECT 'seven'" })).rows).toEqual([['seven']]);
      await connection.commit();
      await connection.begin(FIRST);
      const { affectedRows } = await connection.execute("INSERT INTO item (id, name) VALUES (92, 'z')");
      expect(affectedRows).toBe(1);
      await connection.rollback();
    });

    it('is there after a first statement that failed, which may be sent again', async () => {
      const connection = await engine.connect();
      const sql = `SELECT name FROM later WHERE 1 = ${bind(1)}`;
      await connection.begin(FIRST);
      await expect(connection.query({ sql, params: [1] })).rejects.toMatchObject({ code: 'ALUDEL_STATEMENT_FAILED' });
      expect(connection.inTransaction).toBe(true);
      await connection.rollback();
      await connection.execute('CREATE TABLE later (name varchar(9))');
      for (let times = 0; times < 2; times += 1) {
        await connection.begin(FIRST);
        expect((await connection.query({ sql, params: [1] })).rows).toEqual([]);
        await connection.commit();
      }
      await connection.execute('DROP TABLE later');
    });

    it.runIf(name === 'postgres')('sends nothing where there is no statement', async () => {
      const sent: string[] = [];
      const connection = await makeEngine({ echo: ({ sql }) => void sent.push(sql) }).connect();
      await connection.begin(FIRST);
      await connection.commit();
      await connection.begin(FIRST);
      await connection.rollback();
      await expect(connection.commit()).rejects.toMatchObject({ code: 'ALUDEL_STATEMENT_FAILED' });
      await connection.begin({ ...FIRST, isolationLevel: 'serializable' });
      const { rows } = await connection.execute('SHOW transaction_isolation');
      expect(rows).toEqual([{ transaction_isolation: 'serializable' }]);
      await connection.commit();
      expect(sent).toEqual(['BEGIN ISOLATION LEVEL SERIALIZABLE', 'SHOW transaction_isolation', 'COMMIT']);
    });
  });

  it('gives up a lock that another connection holds', async () => {
    await engine.transaction((connection) => connection.execute(`INSERT INTO item VALUES (1, 'a')`));
    const impatient = makeEngine({ lockTimeout: 100 });
    await engine.transaction(async (holder) => {
      await holder.execute(`UPDATE item SET name = 'b'`);
      const waiter = await impatient.connect();
      await expect(waiter.execute(`UPDATE item SET name = 'c'`)).rejects.toMatchObject({
        code: 'ALUDEL_LOCK_TIMEOUT',
        // SQLite's goes on: what only reads needs no lock.
        hint: expect.stringContaining('raise "lockTimeout" (now 100 ms).') as string,
      });
    });
    expect(await readNames(await engine.connect())).toEqual(['b']);
  });

  describe.runIf(isServer)('as a server', () => {
    it('gives integers of 64 bits, decimals and dates as text, and works in UTC', async () => {
      const connection = await engine.connect();
      const { rows } = await connection.execute(
        isMysql
          ? `SELECT CAST(9007199254740993 AS SIGNED) AS big, CAST(1.10 AS DECIMAL(9,2)) AS exact,
              CAST('2026-01-02' AS DATE) AS day, @@session.time_zone AS zone`
          : `SELECT 9007199254740993 AS big, 1.10::numeric(9,2) AS exact, date '2026-01-02' AS day,
              ARRAY[timestamp '2026-01-02 03:04:05.000006'] AS moments, current_setting('TimeZone') AS zone`,
      );
      const zone = isMysql ? '+00:00' : 'UTC';
      const moments = isMysql ? {} : { moments: ['2026-01-02 03:04:05.000006'] };
      expect(rows).toEqual([{ big: '9007199254740993', exact: '1.10', day: '2026-01-02', ...moments, zone }]);
    });

    it.each(['idle', 'running'])('reports a connection that the server ended while it was %s', async (state) => {
      const victim = await engine.connect();
      const { rows } = await victim.execute(`SELECT ${isMysql ? 'CONNECTION_ID()' : 'pg_backend_pid()'} AS id`);
      const killer = await makeEngine().connect();
      const lost = { code: 'ALUDEL_CONNECTION_LOST', message: expect.stringContaining('127.0.0.1:') as string };
      const running =
        state === 'running'
          ? victim.execute(isMysql ? 'SELECT SLEEP(30)' : 'SELECT pg_sleep(30)').catch((error: unknown) => error)
          : lost;
      await killer.execute(isMysql ? `KILL ${rows[0]?.['id']}` : `SELECT pg_terminate_backend(${rows[0]?.['id']})`);
      expect(await running).toMatchObject(lost);
      await expect(victim.execute('SELECT 1')).rejects.toMatchObject(lost);
      await expect(victim.execute('SELECT 1')).rejects.toMatchObject(lost);
      await victim.close();
    });

    it('gives up on a server that never answers', async () => {
      const silent = createServer(() => undefined).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const connect = createEngine(withParts({ port: String(port) }), { connectTimeout: 50 }).connect();
      await expect(connect).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_FAILED' });
      silent.close();
    });

    it('names the server that is not there', async () => {
      const error: unknown = await createEngine(withParts({ port: '1', password: 'hunter2' }))
        .connect()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'ALUDEL_CONNECTION_FAILED',
        message: expect.stringContaining('127.0.0.1:1') as string,
        hint: 'Start the server, or check the "url" in migrate.config.ts.',
      });
      expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    });

    it('names the user that was refused, and not the password', async () => {
      const stranger = createEngine(withParts({ user: 'aludel_nobody', password: 'hunter2' }));
      const error: unknown = await stranger.connect().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'ALUDEL_AUTHENTICATION_FAILED',
        message: expect.stringContaining('"aludel_nobody"') as string,
      });
      expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    });

    it('gives the command that creates a missing database', async () => {
      const error: unknown = await createEngine(withParts({ database: 'aludel_missing' }))
        .connect()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'ALUDEL_DATABASE_NOT_FOUND',
        hint: `Create it: CREATE DATABASE ${isMysql ? '`aludel_missing`' : '"aludel_missing"'};`,
      });
    });
  });

  it.runIf(isMysql)('tells MariaDB from MySQL whichever scheme was written', async () => {
    const scheme = name === 'mysql' ? 'mariadb' : 'mysql';
    const other = createEngine(url.replace(/^[a-z]+/, scheme));
    engines.push(other);
    expect(other.dialect).toBe(scheme);
    expect((await other.connect()).dialect).toBe(name);
  });

  it.runIf(name === 'postgres')('says so when a COMMIT only rolled back, because a statement had failed', async () => {
    const transaction = engine.transaction(async (connection) => {
      await connection.execute(`INSERT INTO item VALUES (1, 'a')`);
      await connection.execute('SELECT 1/0').catch(() => undefined);
    });
    await expect(transaction).rejects.toThrow('rolled back instead of committed');
  });
});
