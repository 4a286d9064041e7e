import { createConnection } from 'mysql2/promise';
import { expect, it, onTestFinished } from 'vitest';
import { describeEach } from '../support/describe-each.js';
import type { DriverSettings } from '../../src/engine/driver.js';
import { MysqlConnection } from '../../src/engine/drivers/mysql.js';
import { createDatabase, dialects } from '../support/databases.js';

const settings: DriverSettings = {
  lockTimeout: 5000,
  connectTimeout: 5000,
  hideParameters: true,
  statementTimeout: undefined,
  isolationLevel: undefined,
  prepare: false,
  ssl: false,
  connectArgs: {},
};

describeEach(
  dialects.filter(({ family }) => family === 'mysql'),
  'a session on $name',
  (dialect) => {
    it('commits by itself, and begins no transaction behind another, whatever the server does', async () => {
      const database = await createDatabase(dialect);
      const client = await createConnection({ uri: database.url.replace(/^mariadb:/, 'mysql:') });
      onTestFinished(async () => {
        client.destroy();
        await database.drop();
      });
      await client.query('SET autocommit = 0, completion_type = CHAIN, sql_quote_show_create = 0');
      const connection = new MysqlConnection(client, 'test');
      await connection.prepare(settings);
      await client.query('CREATE TABLE t (id int)');
      for (const sql of ['INSERT INTO t VALUES (1)', 'START TRANSACTION', 'COMMIT', 'INSERT INTO t VALUES (2)']) {
        await client.query(sql);
      }
      await client.query('ROLLBACK');
      const [rows] = await client.query('SELECT id FROM t');
      expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
      const [shown] = await client.query('SHOW CREATE TABLE t');
      expect(shown).toMatchObject([{ 'Create Table': expect.stringContaining('CREATE TABLE `t`') }]);
    });
  },
);

describeEach(
  dialects.filter(({ name }) => name === 'mariadb'),
  'a session on $name',
  (dialect) => {
    it('gives a TIMESTAMP no default of its own, also where the server would', async () => {
      const database = await createDatabase(dialect);
      const client = await createConnection({ uri: database.url.replace(/^mariadb:/, 'mysql:') });
      onTestFinished(async () => {
        client.destroy();
        await database.drop();
      });
      await client.query('SET explicit_defaults_for_timestamp = OFF');
      await new MysqlConnection(client, 'test').prepare(settings);
      await client.query('CREATE TABLE t (at timestamp NOT NULL)');
      const [shown] = await client.query('SHOW CREATE TABLE t');
      expect(shown).toMatchObject([{ 'Create Table': expect.stringContaining('  `at` timestamp NOT NULL\n)') }]);
    });
  },
);
