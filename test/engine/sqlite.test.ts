import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aludel-sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a SQLite file', () => {
  it('is opened by the first connect and not before', async () => {
    const engine = createEngine(`sqlite:${join(folder, 'missing', 'app.db')}`);
    mkdirSync(join(folder, 'missing'));
    await (await engine.connect()).close();
  });

  it('has foreign keys on', async () => {
    const connection = await createEngine(`sqlite:${join(folder, 'app.db')}`).connect();
    expect((await connection.execute('PRAGMA foreign_keys')).rows).toEqual([{ foreign_keys: 1 }]);
    await connection.close();
  });

  it('names the folder that is missing', async () => {
    const engine = createEngine(`sqlite:${join(folder, 'no', 'app.db')}`);
    await expect(engine.connect()).rejects.toMatchObject({
      code: 'ALUDEL_CONNECTION_FAILED',
      message: `The folder "${join(folder, 'no')}" of the SQLite database "${join(folder, 'no', 'app.db')}" does not exist.`,
      hint: `mkdir -p "${join(folder, 'no')}"`,
    });
  });

  it('names a path that is a folder', async () => {
    await expect(createEngine(`sqlite:${folder}`).connect()).rejects.toMatchObject({
      code: 'ALUDEL_CONNECTION_FAILED',
      message: `The SQLite database "${folder}" is a folder.`,
    });
  });

  it('names a file that is no database', async () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'not a database, but long enough to have a header of its own\n'.repeat(20));
    const connection = await createEngine(`sqlite:${file}`).connect();
    await expect(connection.execute('SELECT * FROM sqlite_schema')).rejects.toMatchObject({
      code: 'ALUDEL_CONNECTION_FAILED',
      message: `The file "${file}" is not a SQLite database.`,
    });
    await connection.close();
  });

  it('stores values of JavaScript in the form SQLite has for them', async () => {
    const connection = await createEngine(`sqlite:${join(folder, 'app.db')}`).connect();
    await connection.execute('CREATE TABLE t (v)');
    const values = [1, 1.5, 2n ** 60n, true, 'x', null, undefined, new Date(0), new Uint8Array([7])];
    for (const value of values) {
      await connection.execute('INSERT INTO t VALUES (?)', [value]);
    }
    const { rows } = await connection.execute('SELECT typeof(v) AS type, v FROM t ORDER BY rowid');
    expect(rows.map((row) => [row['type'], row['v']])).toEqual([
      ['integer', 1],
      ['real', 1.5],
      ['integer', 2n ** 60n],
      ['integer', 1],
      ['text', 'x'],
      ['null', null],
      ['null', null],
      ['text', '1970-01-01 00:00:00.000'],
      ['blob', Buffer.from([7])],
    ]);
    await expect(connection.execute('INSERT INTO t VALUES (?)', [{}])).rejects.toMatchObject({
      code: 'ALUDEL_STATEMENT_FAILED',
    });
    await connection.close();
  });

  it('returns the rows of RETURNING and counts them', async () => {
    const connection = await createEngine('sqlite::memory:').connect();
    await connection.execute('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    expect(await connection.execute('INSERT INTO t VALUES (1), (2) RETURNING id')).toEqual({
      rows: [{ id: 1 }, { id: 2 }],
      affectedRows: 2,
    });
    await connection.close();
  });

  it('keeps a transaction open whose COMMIT broke a deferred foreign key, so that it can be rolled back', async () => {
    const connection = await createEngine('sqlite::memory:').connect();
    await connection.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES t DEFERRABLE INITIALLY DEFERRED)');
    await connection.begin();
    await connection.execute('INSERT INTO t VALUES (1, 9)');
    await expect(connection.commit()).rejects.toThrow('FOREIGN KEY constraint failed');
    expect(connection.inTransaction).toBe(true);
    await connection.rollback();
    expect((await connection.execute('SELECT * FROM t')).rows).toEqual([]);
    await connection.close();
  });
});

describe('sqlite::memory:', () => {
  it('is one database, handed to one holder at a time in the order they asked', async () => {
    const engine = createEngine('sqlite::memory:');
    const first = await engine.connect();
    const order: string[] = [];
    const second = engine.connect().then(async (connection) => {
      order.push('second got it');
      expect((await connection.execute('SELECT a FROM t')).rows).toEqual([]);
      await connection.close();
    });
    await first.execute('CREATE TABLE t (a)');
    await first.begin();
    await first.execute('INSERT INTO t VALUES (1)');
    order.push('first gives it back with an open transaction');
    await first.close();
    await second;
    expect(order).toEqual(['first gives it back with an open transaction', 'second got it']);
    await expect(first.execute('SELECT 1')).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
  });

  it('tells a holder that waits for itself', async () => {
    const engine = createEngine('sqlite::memory:', { lockTimeout: 20 });
    await engine.transaction(async () => {
      await expect(engine.connect()).rejects.toMatchObject({
        code: 'ALUDEL_POOL_TIMEOUT',
        message: expect.stringContaining('test/engine/sqlite.test.ts:') as string,
      });
    });
    await expect(engine.transaction((connection) => connection.execute('SELECT 1'))).resolves.toBeDefined();
  });

  it('is emptied by dispose, which refuses one who waits at that moment', async () => {
    const engine = createEngine('sqlite::memory:');
    await (await engine.connect()).execute('CREATE TABLE t (a)');
    const waiting = engine.connect().catch((error: unknown) => error);
    await engine.dispose({ timeout: 0 });
    expect(await waiting).toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
    const connection = await engine.connect();
    expect((await connection.execute('SELECT name FROM sqlite_schema')).rows).toEqual([]);
    await connection.close();
  });
});

it('takes two paths to one file for the same database', async () => {
  const real = join(folder, 'app.db');
  const link = join(folder, 'link.db');
  symlinkSync(real, link);
  writeFileSync(real, '');
  const holder = await createEngine(`sqlite:${real}`).connect();
  const waiter = await createEngine(`sqlite:${link}`, { lockTimeout: 20 }).connect();
  await holder.begin();
  await expect(waiter.begin()).rejects.toThrow('another connection of this process');
  await holder.close();
  await waiter.begin();
  await waiter.close();
});
