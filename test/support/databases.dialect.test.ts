import { describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { createDatabase, dialects, type TestDialect } from './databases.js';

/** Runs one statement in a database and says whether it worked. */
async function works(dialect: TestDialect, url: string, sql: string): Promise<boolean> {
  try {
    if (dialect.family === 'sqlite') {
      const database = new Database(url.slice('sqlite:'.length));
      database.exec(sql);
      database.close();
    } else if (dialect.family === 'postgres') {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    } else {
      const connection = await mysql.createConnection({ uri: url });
      await connection.query(sql).finally(() => connection.end());
    }
    return true;
  } catch {
    return false;
  }
}

describe.each(dialects)('$name', (dialect) => {
  it('gives each test an empty database of its own', async () => {
    const [first, second] = await Promise.all([createDatabase(dialect), createDatabase(dialect)]);
    try {
      expect(await works(dialect, first.url, 'CREATE TABLE t (a integer)')).toBe(true);
      expect(await works(dialect, second.url, 'CREATE TABLE t (a integer)')).toBe(true);
      expect(await works(dialect, second.url, 'CREATE TABLE t (a integer)')).toBe(false);
    } finally {
      await Promise.all([first.drop(), second.drop()]);
    }
  });

  it('removes a dropped database', async () => {
    const database = await createDatabase(dialect);
    expect(await works(dialect, database.url, 'CREATE TABLE t (a integer)')).toBe(true);
    await database.drop();
    expect(await works(dialect, database.url, 'SELECT * FROM t')).toBe(false);
  });
});
