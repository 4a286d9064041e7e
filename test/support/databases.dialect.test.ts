import { describe, expect, it } from 'vitest';
import { createDatabase, dialects } from './databases.js';
import { executeSql } from './execute-sql.js';

const CREATE = ['CREATE TABLE t (a integer)'];

describe.each(dialects)('$name', (dialect) => {
  it('gives each test an empty database of its own', async () => {
    const [first, second] = await Promise.all([createDatabase(dialect), createDatabase(dialect)]);
    try {
      await executeSql(first.url, CREATE);
      await executeSql(second.url, CREATE);
      await expect(executeSql(second.url, CREATE)).rejects.toThrow(/already exists/);
    } finally {
      await Promise.all([first.drop(), second.drop()]);
    }
  });

  it('removes a dropped database', async () => {
    const database = await createDatabase(dialect);
    await executeSql(database.url, CREATE);
    await database.drop();
    await expect(executeSql(database.url, ['SELECT * FROM t'])).rejects.toThrow();
  });
});
