/** Gives `engine/` its dialect: the only place that knows both. */
import type { Dialect } from './dialects/dialect.js';
import type { Connection, DialectName } from './engine/connection.js';

/** The dialect by name; only the family that is asked for is loaded. */
export async function loadDialect(name: DialectName): Promise<Dialect> {
  switch (name) {
    case 'postgres':
      return (await import('./dialects/postgres/index.js')).postgres;
    case 'sqlite':
      return (await import('./dialects/sqlite/index.js')).sqlite;
    case 'mysql':
      return (await import('./dialects/mysql/index.js')).mysql;
    case 'mariadb':
      return (await import('./dialects/mysql/index.js')).mariadb;
  }
}

/** The dialect of the server at the other end, whatever scheme the URL was written with. */
export function dialectOf(connection: Connection): Promise<Dialect> {
  return loadDialect(connection.server.dialect);
}
