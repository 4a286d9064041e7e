import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CheckViolationError,
  ConstraintViolationError,
  DeadlockError,
  ForeignKeyViolationError,
  LockTimeoutError,
  NotNullViolationError,
  SerializationError,
  UniqueViolationError,
} from '../../src/database-errors.js';
import type { Connection, Engine } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';

const READ_ONLY = {
  sqlite: 'PRAGMA query_only = on',
  postgres: 'SET default_transaction_read_only = on',
  mysql: 'SET SESSION TRANSACTION READ ONLY',
};

describe.each(dialects)('typed errors on $name', (dialect) => {
  const { name, family } = dialect;
  const isServer = family !== 'sqlite';
  const database = useEmptyDatabase(dialect);
  let engine: Engine;

  beforeEach(async () => {
    engine = createEngine(database.url);
    await engine.transaction(async (connection) => {
      await connection.execute(
        `CREATE TABLE parent (id integer NOT NULL PRIMARY KEY, code varchar(40) NOT NULL, region varchar(40), age integer,
          CONSTRAINT parent_code UNIQUE (code, region), CONSTRAINT parent_age CHECK (age > 0))`,
      );
      await connection.execute(
        `CREATE TABLE child (id integer NOT NULL PRIMARY KEY, parent_id integer NOT NULL,
          CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id))`,
      );
      await connection.execute(`INSERT INTO parent VALUES (1, 's3cret', 's3cret', 4711), (2, 'b', 'b', 2)`);
      await connection.execute('INSERT INTO child VALUES (1, 1)');
    });
  });

  afterEach(async () => {
    await engine.dispose({ timeout: 0 });
  });

  async function failing(sql: string): Promise<unknown> {
    const connection = await engine.connect();
    const error: unknown = await connection.execute(sql).catch((thrown: unknown) => thrown);
    await connection.close();
    expect(inspect(error, { depth: 9 }).replaceAll(sql, '')).not.toMatch(/s3cret|4711/);
    return error;
  }

  /** What each server tells of a violation; its text alone holds no more. */
  function expectNames(error: unknown, names: Record<'sqlite' | 'postgres' | 'mysql' | 'mariadb', unknown>): void {
    expect(error).toBeInstanceOf(ConstraintViolationError);
    const { constraint, table, columns } = error as ConstraintViolationError;
    expect({ constraint, table, columns }).toEqual(names[name]);
  }

  it('tells a duplicate of a unique constraint', async () => {
    const error = await failing(`INSERT INTO parent VALUES (3, 's3cret', 's3cret', 4711)`);
    expect(error).toBeInstanceOf(UniqueViolationError);
    const columns = ['code', 'region'];
    expectNames(error, {
      postgres: { constraint: 'parent_code', table: 'parent', columns },
      sqlite: { constraint: undefined, table: 'parent', columns },
      mysql: { constraint: 'parent_code', table: 'parent', columns: [] },
      mariadb: { constraint: 'parent_code', table: undefined, columns: [] },
    });
  });

  it('tells a duplicate of a primary key', async () => {
    const error = await failing(`INSERT INTO parent VALUES (1, 'x', 'x', 4711)`);
    expect(error).toBeInstanceOf(UniqueViolationError);
    expectNames(error, {
      postgres: { constraint: 'parent_pkey', table: 'parent', columns: ['id'] },
      sqlite: { constraint: undefined, table: 'parent', columns: ['id'] },
      mysql: { constraint: 'PRIMARY', table: 'parent', columns: [] },
      mariadb: { constraint: 'PRIMARY', table: undefined, columns: [] },
    });
  });

  it.each([
    ['a row that refers to nothing', 'INSERT INTO child VALUES (4711, 4711)', ['parent_id']],
    ['a row that others refer to', 'DELETE FROM parent WHERE age = 4711', ['id']],
  ])('tells %s', async (_, sql, postgres) => {
    const error = await failing(sql);
    expect(error).toBeInstanceOf(ForeignKeyViolationError);
    const mysql = { constraint: 'child_parent', table: 'child', columns: ['parent_id'] };
    expectNames(error, {
      postgres: { constraint: 'child_parent', table: 'child', columns: postgres },
      sqlite: { constraint: undefined, table: undefined, columns: [] },
      mysql,
      mariadb: mysql,
    });
  });

  it.each([
    ['NULL', `INSERT INTO parent VALUES (3, NULL, 's3cret', 4711)`],
    ['nothing', `INSERT INTO parent (id, region, age) VALUES (3, 's3cret', 4711)`],
  ])('tells a column that needs a value and is given %s', async (_, sql) => {
    const error = await failing(sql);
    expect(error).toBeInstanceOf(NotNullViolationError);
    const mysql = { constraint: undefined, table: undefined, columns: ['code'] };
    const others = { constraint: undefined, table: 'parent', columns: ['code'] };
    expectNames(error, { postgres: others, sqlite: others, mysql, mariadb: mysql });
  });

  it('tells a CHECK that does not hold', async () => {
    const error = await failing(`INSERT INTO parent VALUES (3, 's3cret', 's3cret', -4711)`);
    expect(error).toBeInstanceOf(CheckViolationError);
    const named = { constraint: 'parent_age', table: 'parent', columns: [] };
    const unnamed = { ...named, table: undefined };
    expectNames(error, { postgres: named, sqlite: unnamed, mysql: unnamed, mariadb: named });
  });

  it('tells a lock that is not free', async () => {
    const impatient = createEngine(database.url, { lockTimeout: 50 });
    await engine.transaction(async (connection) => {
      await connection.execute(`UPDATE parent SET region = 'x'`);
      const other = await impatient.connect();
      await expect(other.execute(`UPDATE parent SET region = 'y'`)).rejects.toBeInstanceOf(LockTimeoutError);
      await other.close();
    });
    await impatient.dispose();
  });

  /** Two transactions that take the same two rows, each the other's first. */
  async function cross(options: { retries?: number }): Promise<PromiseSettledResult<unknown>[]> {
    const arrived: (() => void)[] = [];
    const meet = (): Promise<void> =>
      new Promise((resolve) => {
        arrived.push(resolve);
        if (arrived.length === 2) arrived.forEach((go) => go());
      });
    let isFirstTry = true;
    const take = (first: number, second: number) => async (connection: Connection) => {
      await connection.execute(`UPDATE parent SET region = 'x' WHERE id = ${first}`);
      if (isFirstTry) await meet();
      isFirstTry = false;
      await connection.execute(`UPDATE parent SET age = age + 1 WHERE id = ${second}`);
    };
    return Promise.allSettled([engine.transaction(take(1, 2), options), engine.transaction(take(2, 1), options)]);
  }

  it.runIf(isServer)('tells a deadlock', async () => {
    const results = await cross({});
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const failed = results.find((result) => result.status === 'rejected');
    expect(failed?.reason).toBeInstanceOf(DeadlockError);
    expect(failed?.reason).toMatchObject({
      code: 'ALUDEL_DEADLOCK',
      hint: expect.stringContaining('retries') as string,
    });
  });

  it.runIf(isServer)('runs the transaction again that lost by a deadlock', async () => {
    const results = await cross({ retries: 3 });
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const connection = await engine.connect();
    expect((await connection.execute('SELECT age FROM parent ORDER BY id')).rows).toEqual([{ age: 4712 }, { age: 3 }]);
  });

  it.runIf(isServer)('commits nothing of a transaction that went on after a deadlock', async () => {
    const arrived: (() => void)[] = [];
    const take = (first: number, second: number) => async (connection: Connection) => {
      await connection.execute(`UPDATE parent SET region = 'x' WHERE id = ${first}`);
      await new Promise<void>((resolve) => {
        arrived.push(resolve);
        if (arrived.length === 2) arrived.forEach((go) => go());
      });
      await connection.execute(`UPDATE parent SET age = 1 WHERE id = ${second}`).catch(() => undefined);
      await connection.execute(`INSERT INTO parent VALUES (${first + 10}, 'after ${first}', 'x', 1)`);
    };
    const failed = await Promise.allSettled([engine.transaction(take(1, 2)), engine.transaction(take(2, 1))]);
    expect(failed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const connection = await engine.connect();
    expect((await connection.execute('SELECT id FROM parent WHERE id > 10')).rows).toHaveLength(1);
  });

  it('tells a transaction whose snapshot others have overtaken', async () => {
    const first = await engine.connect();
    if (family === 'sqlite') await first.execute('PRAGMA journal_mode = WAL');
    await first.begin({ mode: 'deferred', isolationLevel: 'repeatable read' });
    await first.execute('SELECT * FROM parent');
    await engine.transaction((connection) => connection.execute('UPDATE parent SET age = 5 WHERE id = 1'));
    const update = first.execute('UPDATE parent SET age = 6 WHERE id = 1').catch((error: unknown) => error);
    // MySQL and MariaDB before 11.6.2 let a snapshot change rows that it does not see.
    const tells = family !== 'mysql';
    expect((await update) instanceof SerializationError).toBe(tells);
    await first.rollback();
    await first.close();
  });

  it('says what to do where nothing may be written', async () => {
    const connection = await engine.connect();
    await connection.execute(READ_ONLY[family]);
    await expect(connection.execute('INSERT INTO child VALUES (2, 1)')).rejects.toMatchObject({
      code: 'ALUDEL_STATEMENT_FAILED',
      hint: expect.stringMatching(/^What this connects to takes no writes/) as string,
    });
    await connection.close();
  });
});
