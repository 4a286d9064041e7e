import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Engine, PlainStatement, QueryResult } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';

/** Each asks for its number, in rows of its own shape. */
const numbered = (count: number): PlainStatement[] =>
  Array.from({ length: count }, (_, i) => ({ sql: `SELECT 'n${i}' AS n, 'c' AS c${i}`, params: [] }));

const BROKEN = { sql: 'SELECT nothing FROM nowhere', params: [] };

describe.each(dialects)('executeAll() on $name', (dialect) => {
  const isTogether = dialect.family === 'postgres';
  const database = useEmptyDatabase(dialect);
  let engine: Engine;
  let connection: Connection;

  beforeEach(async () => {
    engine = createEngine(database.url);
    connection = await engine.connect();
  });

  afterEach(() => engine.dispose({ timeout: 0 }));

  const runAll = (statements: readonly PlainStatement[]): readonly Promise<QueryResult>[] =>
    connection.executeAll?.(statements) ?? [];

  const rowsOf = async (answers: readonly Promise<QueryResult>[]): Promise<unknown[]> =>
    (await Promise.all(answers)).map(({ rows }) => rows);

  const rowsOfNumbered = (count: number): unknown[] =>
    Array.from({ length: count }, (_, i) => [{ n: `n${i}`, [`c${i}`]: 'c' }]);

  it('gives each statement its own rows, between those that were called before and after', async () => {
    const mark = dialect.family === 'postgres' ? '$1::text' : '?';
    const before = connection.execute("SELECT 'a' AS before_all");
    const answers = runAll([...numbered(30), { sql: `SELECT ${mark} AS given`, params: ['x'] }]);
    const after = connection.execute("SELECT 'b' AS after_all");
    expect((await before).rows).toEqual([{ before_all: 'a' }]);
    expect((await after).rows).toEqual([{ after_all: 'b' }]);
    expect(await rowsOf(answers)).toEqual([...rowsOfNumbered(30), [{ given: 'x' }]]);
    expect(runAll([])).toEqual([]);
  });

  it('names the statement that fails, and leaves a connection that goes on', async () => {
    const answers = await Promise.allSettled(runAll([...numbered(1), BROKEN, ...numbered(2)]));
    const [first, broken, ...rest] = answers;
    expect(first).toMatchObject({ status: 'fulfilled', value: { rows: rowsOfNumbered(1)[0] } });
    const failed = { status: 'rejected', reason: { code: 'ALUDEL_STATEMENT_FAILED', details: { sql: BROKEN.sql } } };
    expect(broken).toMatchObject(failed);
    // PostgreSQL runs none behind it, and says what all of them died of.
    for (const other of rest) expect(other).toMatchObject(isTogether ? failed : { status: 'fulfilled' });
    expect(connection.inTransaction).toBe(false);
    expect(await rowsOf(runAll(numbered(3)))).toEqual(rowsOfNumbered(3));
  });

  it('stays within the transaction that is open', async () => {
    await connection.execute('CREATE TABLE item (id integer)');
    // Begins with the first of them, whether or not it is awaited.
    void connection.begin({ withFirst: true });
    expect(await rowsOf(runAll(numbered(2)))).toEqual(rowsOfNumbered(2));
    await connection.execute('INSERT INTO item VALUES (1)');
    const counted = { sql: 'SELECT id FROM item', params: [] };
    expect(await rowsOf(runAll([counted, counted]))).toEqual([[{ id: 1 }], [{ id: 1 }]]);
    await connection.rollback();
    expect((await connection.execute(counted.sql)).rows).toEqual([]);
  });

  it('tells those who listen of each statement', async () => {
    const told: string[] = [];
    engine.on('query', ({ sql }) => told.push(sql));
    await rowsOf(runAll(numbered(3)));
    expect(told).toEqual(numbered(3).map(({ sql }) => sql));
  });

  it('fails all of them once the connection is closed', async () => {
    await connection.close();
    for (const answer of runAll(numbered(2))) {
      await expect(answer).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
    }
  });
});
