import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';

/** The namespace that is meant where none is named: on MySQL and MariaDB the database, on SQLite the file itself. */
export async function readHome(connection: Connection, dialect: Dialect): Promise<string | null> {
  if (dialect.name === 'sqlite') return 'main';
  const others = await dialect.readOtherDatabases?.(connection, []);
  return others === undefined ? dialect.defaultNamespace(connection) : others.current;
}
