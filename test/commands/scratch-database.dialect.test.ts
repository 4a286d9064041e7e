import { describe, expect, test } from 'vitest';
import { createDatabase, dialects } from '../support/databases.js';
import { withEngine, withScratchDatabase } from '../../src/commands/scratch-database.js';
import type { Connection } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';

const QUERIES = {
  sqlite: 'SELECT file AS name FROM pragma_database_list',
  postgres: 'SELECT current_database() AS name',
  mysql: 'SELECT database() AS name',
} as const;

describe.each(dialects)('a scratch database on $name', (dialect) => {
  const nameOf = async (connection: Connection): Promise<string> =>
    String((await connection.execute(QUERIES[dialect.family])).rows[0]?.['name']);
  const exists = (name: string, url: string): Promise<boolean> =>
    withEngine(createEngine(url), async (connection) => {
      if (dialect.name === 'sqlite') return name !== '';
      const query =
        dialect.name === 'postgres'
          ? 'SELECT datname AS name FROM pg_database'
          : 'SELECT schema_name AS name FROM information_schema.schemata';
      return (await connection.execute(query)).rows.some((row) => row['name'] === name);
    });

  test('is not the one of the URL, and is gone afterwards, also after a failure', async () => {
    const database = await createDatabase(dialect);
    try {
      let name = '';
      const use = (fails: boolean): Promise<void> =>
        withScratchDatabase(database.url, async (connection) => {
          name = await nameOf(connection);
          await connection.execute('CREATE TABLE t (id INTEGER)');
          if (fails) throw new Error('no');
        });
      await use(false);
      if (dialect.name !== 'sqlite') expect(name).toMatch(/^aludel_[0-9a-f]{18}$/u);
      expect(await exists(name, database.url)).toBe(false);
      const first = name;
      await expect(use(true)).rejects.toThrow('no');
      expect(await exists(name, database.url)).toBe(false);
      if (dialect.name !== 'sqlite') expect(name).not.toBe(first);
    } finally {
      await database.drop();
    }
  });
});
