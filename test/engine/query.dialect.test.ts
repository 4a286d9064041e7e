import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Engine } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';

describe.each(dialects)('query() on $name', (dialect) => {
  const { family } = dialect;
  const mark = family === 'postgres' ? '$1' : '?';
  const database = useEmptyDatabase(dialect);
  let engine: Engine;
  let connection: Connection;

  beforeEach(async () => {
    engine = createEngine(database.url);
    connection = await engine.connect();
    const key = { postgres: 'serial', sqlite: 'integer', mysql: 'integer AUTO_INCREMENT' }[family];
    await connection.execute(`CREATE TABLE item (id ${key} PRIMARY KEY, name varchar(40), big bigint)`);
    await connection.execute(`INSERT INTO item (name, big) VALUES ('a', 1), ('b', 9007199254740993)`);
  });

  afterEach(async () => {
    await engine.dispose({ timeout: 0 });
  });

  it('gives rows as arrays with the names of the columns, the same each time', async () => {
    const query = { sql: `SELECT id, name, id AS name FROM item WHERE id = ${mark}` };
    for (const id of [1, 2, 1]) {
      const { rows, columns } = await connection.query({ ...query, params: [id] });
      expect(rows).toEqual([[id, id === 1 ? 'a' : 'b', id]]);
      expect(columns).toEqual(['id', 'name', 'name']);
    }
    expect((await connection.query({ ...query, params: [3] })).columns).toEqual(['id', 'name', 'name']);
  });

  it('gives rows of execute() as objects that hold nothing of one another', async () => {
    const sql =
      "SELECT 'p' AS a, 'x' AS b, NULL AS c UNION ALL SELECT NULL, NULL, 'y' UNION ALL SELECT 'q', NULL, NULL";
    expect((await connection.execute(sql)).rows).toEqual([
      { a: 'p', b: 'x', c: null },
      { a: null, b: null, c: 'y' },
      { a: 'q', b: null, c: null },
    ]);
  });

  it('loses no digit of a large integer', async () => {
    const { rows } = await connection.query({ sql: 'SELECT id, big FROM item ORDER BY id' });
    const large = family === 'sqlite' ? 9007199254740993n : '9007199254740993';
    expect(rows.at(1)).toEqual([2, large]);
    expect((await connection.execute('SELECT big FROM item ORDER BY id')).rows.at(1)).toEqual({ big: large });
  });

  it('counts changed rows and tells the key that the server made, where it does', async () => {
    const sql = `INSERT INTO item (name) VALUES (${mark})`;
    const { affectedRows, insertId, rows } = await connection.query({ sql, params: ['c'] });
    expect({ affectedRows, insertId, rows }).toEqual({
      affectedRows: 1,
      insertId: family === 'postgres' ? undefined : 3,
      rows: [],
    });
  });

  it('sees a column that was added since the statement was prepared', async () => {
    const sql = 'SELECT * FROM item ORDER BY id';
    await connection.query({ sql });
    const other = await engine.connect();
    await other.execute('ALTER TABLE item ADD COLUMN extra integer');
    await other.close();
    const { rows, columns } = await connection.query({ sql });
    expect(columns).toEqual(['id', 'name', 'big', 'extra']);
    expect(rows.at(0)?.length).toBe(4);
  });

  it('stays right beyond the 200 statements that are kept', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 230; n += 1) {
        const { rows } = await connection.query({ sql: `SELECT '${n}', id FROM item WHERE id = ${mark}`, params: [1] });
        expect(rows).toEqual([[String(n), 1]]);
      }
    }
    if (family === 'postgres') {
      const { rows } = await connection.execute('SELECT count(*)::int AS kept FROM pg_prepared_statements');
      expect(rows).toEqual([{ kept: 200 }]);
    }
  });

  it('refuses a statement as execute() does', async () => {
    await expect(connection.query({ sql: 'SELECT * FROM nowhere' })).rejects.toMatchObject({
      code: 'ALUDEL_STATEMENT_FAILED',
      message: expect.stringContaining('nowhere') as string,
    });
    await expect(connection.query({ sql: 'SELECT 1' })).resolves.toMatchObject({ affectedRows: 0 });
  });

  describe.runIf(family === 'postgres')('with named statements', () => {
    const sql = 'SELECT * FROM item WHERE id = $1';

    it('refuses a COPY that has no rows, and goes on', async () => {
      const copy = connection.execute('COPY item FROM STDIN');
      await expect(copy).rejects.toMatchObject({ code: 'ALUDEL_STATEMENT_FAILED' });
      expect((await connection.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });

    it('prepares a statement again that failed when it was first run', async () => {
      const insert = { sql: 'INSERT INTO item (id, name) VALUES ($1, $2)', params: [1, 'x'] };
      await connection.begin();
      for (let i = 0; i < 2; i += 1) {
        const twice = connection.savepoint(() => connection.query(insert));
        await expect(twice).rejects.toMatchObject({ code: 'ALUDEL_UNIQUE_VIOLATION' });
      }
      expect((await connection.query({ ...insert, params: [7, 'x'] })).affectedRows).toBe(1);
      await connection.rollback();
    });

    it.each(['DISCARD ALL', 'DEALLOCATE ALL'])('prepares again after %s', async (statement) => {
      await connection.query({ sql, params: [1] });
      await connection.execute(statement);
      expect((await connection.query({ sql, params: [1] })).rows).toHaveLength(1);
    });

    it('prepares again within the transaction in which they were thrown away', async () => {
      await connection.query({ sql, params: [1] });
      await connection.begin();
      await connection.execute('DEALLOCATE ALL');
      expect((await connection.query({ sql, params: [1] })).rows).toHaveLength(1);
      await connection.commit();
    });

    it('calls a statement that went stale within a transaction one to run again, and it then succeeds', async () => {
      await connection.query({ sql, params: [1] });
      await connection.begin();
      await connection.execute('ALTER TABLE item ADD COLUMN extra integer');
      await expect(connection.query({ sql, params: [1] })).rejects.toMatchObject({
        name: 'SerializationError',
        code: 'ALUDEL_SERIALIZATION_FAILURE',
      });
      await connection.rollback();
      await connection.begin();
      await connection.execute('ALTER TABLE item ADD COLUMN extra integer');
      expect((await connection.query({ sql, params: [1] })).rows.at(0)).toHaveLength(4);
      await connection.commit();
    });

    it('runs a transaction again whose statement went stale', async () => {
      let tries = 0;
      await connection.query({ sql, params: [1] });
      await connection.close();
      const rows = await engine.transaction(
        async (own) => {
          tries += 1;
          if (tries === 1) {
            await engine.transaction((other) => other.execute('ALTER TABLE item ADD COLUMN extra integer'));
          }
          return (await own.query({ sql, params: [1] })).rows;
        },
        { retries: 1 },
      );
      expect(tries).toBe(2);
      expect(rows.at(0)).toHaveLength(4);
    });

    it('names nothing where "prepare" is false', async () => {
      const unnamed = createEngine(database.url, { prepare: false });
      const other = await unnamed.connect();
      expect((await other.query({ sql, params: [1] })).rows).toHaveLength(1);
      expect((await other.execute('SELECT name FROM pg_prepared_statements')).rows).toEqual([]);
      await other.close();
      await unnamed.dispose();
    });
  });
});
