import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { compareSchemas } from '../../../../src/autogenerate/compare/compare-schemas.js';
import type { Dialect } from '../../../../src/dialects/dialect.js';
import { mariadb, mysql } from '../../../../src/dialects/mysql/index.js';
import type { Connection, Engine } from '../../../../src/engine/connection.js';
import { createEngine } from '../../../../src/engine/create-engine.js';
import { apply } from '../../../../src/operations/apply.js';
import type { Operation } from '../../../../src/operations/operation.js';
import type { Schema } from '../../../../src/schema/table.js';

/** The servers given by the environment, without a database. */
export const servers: readonly {
  readonly name: string;
  readonly dialect: Dialect;
  readonly url: string;
}[] = [
  { name: 'mysql', dialect: mysql, url: process.env['ALUDEL_TEST_MYSQL_URL'] ?? '' },
  { name: 'mariadb', dialect: mariadb, url: process.env['ALUDEL_TEST_MARIADB_URL'] ?? '' },
].filter(({ url }) => url !== '');

/** An engine for a new database, dropped when the test is over. */
export async function createDatabase(url: string): Promise<Engine> {
  const name = `aludel_${randomBytes(6).toString('hex')}`;
  const server = createEngine(url);
  const connection = await server.connect();
  await connection.execute(`CREATE DATABASE ${name}`);
  const target = new URL(url);
  target.pathname = `/${name}`;
  const engine = createEngine(target.href);
  onTestFinished(async () => {
    await engine.dispose();
    await connection.execute(`DROP DATABASE ${name}`);
    await server.dispose();
  });
  return engine;
}

export async function reflectAll(dialect: Dialect, connection: Connection): Promise<Schema> {
  return dialect.reflect(connection, { namespaces: [], ignoredTables: [] });
}

/** What leads from the database to the models, as autogenerate finds it. */
export async function findChanges(dialect: Dialect, connection: Connection, models: Schema): Promise<Operation[]> {
  const live = await reflectAll(dialect, connection);
  const wanted = dialect.normalise(models, connection.server);
  return compareSchemas(live, await dialect.canonicalise(connection, wanted, live), dialect.capabilities);
}

/** Runs operations as the runner does, the schema before each of them at hand. */
export async function run(dialect: Dialect, connection: Connection, operations: readonly Operation[]): Promise<void> {
  let before = await reflectAll(dialect, connection);
  for (const operation of operations) {
    for (const statement of dialect.compile(operation, { server: connection.server, before })) {
      await connection.execute(statement.sql, statement.params);
    }
    before = apply(before, operation);
  }
}

/** The server's own account of every table, lines sorted: what `mysqldump --no-data` prints, counters left out. */
export async function dump(connection: Connection): Promise<string> {
  const { rows } = await connection.execute(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME",
  );
  const tables: string[] = [];
  for (const row of rows) {
    const shown = await connection.execute(`SHOW CREATE TABLE \`${String(row['name'])}\``);
    const text = String(shown.rows[0]?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '');
    const [first = '', ...rest] = text.split('\n').map((line) => line.replace(/,$/, ''));
    tables.push([first, ...rest.sort()].join('\n'));
  }
  return tables.join('\n\n');
}
