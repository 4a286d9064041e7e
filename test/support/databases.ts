import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDialects, urlVariable, type DialectName, type ServerName } from '../servers/test-dialects.js';
import { executeSql } from './execute-sql.js';
import { useEach } from './use-each.js';

/** A database under test, for `describe.each(dialects)('$name', (dialect) => { ... })`. */
export interface TestDialect {
  readonly name: DialectName;
  /** Databases that share their SQL: MariaDB is of the family `mysql`. */
  readonly family: 'sqlite' | 'postgres' | 'mysql';
}

/** An empty database of one test. */
export interface TestDatabase {
  readonly url: string;
  /** Removes the database, also where connections are still open. */
  drop(): Promise<void>;
}

/** An empty database for each test of the block. */
export function useEmptyDatabase(dialect: TestDialect): TestDatabase {
  return useEach(async () => {
    const database = await createDatabase(dialect);
    return { ...database, remove: database.drop };
  });
}

/** The dialects under test, narrowed by `ALUDEL_TEST_DIALECTS`. */
export const dialects: readonly TestDialect[] = testDialects().map((name) => ({
  name,
  family: name === 'mariadb' ? 'mysql' : name,
}));

/** Makes an empty database: a file in a folder of its own on SQLite, a database of the test server elsewhere. */
export async function createDatabase(dialect: TestDialect): Promise<TestDatabase> {
  if (dialect.name === 'sqlite') return createFile();
  const server = serverUrl(dialect.name);
  // Files run in parallel processes: a random name needs no agreement between them.
  const name = `t_${randomBytes(8).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (dialect.name === 'postgres') {
    await executeSql(server, [`CREATE DATABASE ${name}`]);
    // PostgreSQL 12 has no WITH (FORCE); DROP waits for sessions that are ending.
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
    return { url: url.href, drop: () => executeSql(server, [end, `DROP DATABASE IF EXISTS ${name}`]) };
  }
  await executeSql(server, [`CREATE DATABASE ${name} CHARACTER SET utf8mb4`]);
  return { url: url.href, drop: () => executeSql(server, [`DROP DATABASE IF EXISTS ${name}`]) };
}

/** The URL of the test server, for tests of the server itself (wrong password, missing database). */
export function serverUrl(name: ServerName): string {
  const url = process.env[urlVariable(name)];
  if (url === undefined) {
    throw new Error(
      `${urlVariable(name)} is not set. Name the file "*.dialect.test.ts", so that its vitest project starts servers.`,
    );
  }
  return url;
}

async function createFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'aludel-db-'));
  return { url: `sqlite:${join(folder, 'test.db')}`, drop: () => rm(folder, { recursive: true, force: true }) };
}
