import Database from 'better-sqlite3';
import { findClient } from '../servers/clients.js';
import { runCommand } from '../servers/run-command.js';
import { readMysqlDump, readPostgresDump, readSqliteSchema } from './read-dump.js';

/** The schema of a database as its own dump says it: a sorted set of statements (see `read-dump.ts`). */
export async function dumpDatabase(url: string): Promise<string[]> {
  if (url.startsWith('sqlite:')) return dumpSqlite(url.slice('sqlite:'.length));
  if (url.startsWith('postgres')) {
    return readPostgresDump(await runCommand(await findClient('pg_dump'), ['-s', '--no-owner', '-d', url]));
  }
  const isMariadb = url.startsWith('mariadb:');
  const { hostname, port, username, password, pathname } = new URL(url);
  const args = [
    '--no-defaults',
    '--protocol=tcp',
    `--host=${hostname}`,
    `--port=${port || '3306'}`,
    `--user=${decodeURIComponent(username)}`,
    '--no-data',
    '--compact',
    '--routines',
    '--triggers',
    '--events',
    '--default-character-set=utf8mb4',
    ...(isMariadb ? [] : ['--no-tablespaces', '--set-gtid-purged=OFF']),
    decodeURIComponent(pathname.slice(1)),
  ];
  const program = await findClient(isMariadb ? 'mariadb-dump' : 'mysqldump');
  const env = { MYSQL_PWD: decodeURIComponent(password) };
  const text = await runCommand(program, args, { env });
  // MariaDB says in which database a sequence is that a default counts with.
  return readMysqlDump(text.replaceAll(`nextval(\`${decodeURIComponent(pathname.slice(1))}\`.`, 'nextval('));
}

function dumpSqlite(file: string): string[] {
  const database = new Database(file, { readonly: true });
  try {
    const rows = database
      .prepare<[], { sql: string }>(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
      )
      .all();
    return readSqliteSchema(rows.map(({ sql }) => sql));
  } finally {
    database.close();
  }
}
