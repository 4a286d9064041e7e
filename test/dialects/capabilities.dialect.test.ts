import { describe, expect, test } from 'vitest';
import { dialectOf } from '../../src/connect.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import type { Connection } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';

describe.each(dialects)('what the dialect says of $name is so', (dialect) => {
  const database = useEmptyDatabase(dialect);

  async function connect(
    use: (connections: readonly [Connection, Connection, Connection], says: Dialect) => Promise<void>,
  ): Promise<void> {
    const engine = createEngine(database.url, { lockTimeout: 1000 });
    try {
      const one = await engine.connect();
      await use([one, await engine.connect(), await engine.connect()], await dialectOf(one));
    } finally {
      await engine.dispose();
    }
  }

  test('one writes at a time, or as many as like to', async () => {
    await executeSql(database.url, ['CREATE TABLE a (id integer)', 'CREATE TABLE b (id integer)']);
    await connect(async ([one, other], { capabilities: { oneWriter } }) => {
      await one.begin({ mode: 'immediate' });
      await one.execute('INSERT INTO a VALUES (1)');
      const failure = await other.execute('INSERT INTO b VALUES (1)').catch((error: unknown) => error);
      await one.commit();
      expect(failure instanceof Error).toBe(oneWriter);
    });
  });

  test('a primary key takes NULL, or refuses it', async () => {
    await executeSql(database.url, ['CREATE TABLE a (id varchar(9), PRIMARY KEY (id))']);
    await connect(async ([one], { capabilities: { nullsInKeys } }) => {
      const failure = await one.execute('INSERT INTO a VALUES (NULL)').catch((error: unknown) => error);
      expect(failure instanceof Error).toBe(!nullsInKeys);
    });
  });

  test.skipIf(dialect.family === 'sqlite')(
    'a row that comes while another is waited for is missed, or found',
    async () => {
      await executeSql(database.url, ['CREATE TABLE a (id integer PRIMARY KEY)', 'INSERT INTO a VALUES (1)']);
      await connect(async ([one, other, observer], { capabilities, sessionOf, findBlockers }) => {
        const session = await sessionOf(other);
        await one.begin();
        await one.execute('DELETE FROM a WHERE id = 1');
        await one.execute('INSERT INTO a VALUES (3)');
        await other.begin();
        const found = other.execute('SELECT id FROM a WHERE id > 0 ORDER BY id FOR UPDATE');
        // Nothing tells but the server itself.
        await expect.poll(() => findBlockers(observer, session ?? '')).not.toEqual([]);
        await one.commit();
        const { rows } = await found;
        await other.commit();
        expect(rows.map((row) => Number(row['id']))).toEqual(capabilities.missesNewRows ? [] : [3]);
      });
    },
  );
});
