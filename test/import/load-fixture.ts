import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeSql } from '../support/execute-sql.js';
import type { TestDialect } from '../support/databases.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures/import');

/** The history of a project: its migrations in a folder of the test's own, and the statements that make its database. */
export interface Fixture {
  readonly folder: string;
  readonly statements: readonly string[];
  remove(): Promise<void>;
}

export async function loadFixture(tool: string, dialect: TestDialect): Promise<Fixture> {
  const source = join(FIXTURES, tool, dialect.family);
  const folder = await mkdtemp(join(tmpdir(), `aludel-${tool}-`));
  await cp(join(source, 'migrations'), folder, { recursive: true });
  const dump = await readFile(join(source, 'database.sql'), 'utf8');
  // MariaDB does not know the collation that MySQL 8 takes by default.
  const text = dialect.name === 'mariadb' ? dump.replaceAll('utf8mb4_0900_ai_ci', 'utf8mb4_general_ci') : dump;
  const statements = text
    .split(/;\n/u)
    .map((sql) => sql.trim())
    .filter((sql) => sql !== '');
  return { folder, statements, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Makes the fixture's database in an empty one. */
export function createFixtureDatabase(fixture: Fixture, url: string): Promise<void> {
  return executeSql(url, fixture.statements);
}
