/** Databases that are made for one question and dropped again: only a database knows what its statements amount to. */
import { randomBytes } from 'node:crypto';
import { dialectOf } from '../connect.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Engine } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { parseDatabaseUrl } from '../engine/url.js';
import { PGLITE_SCRATCH, withPglite } from './pglite.js';

/** Where scratch databases of SQLite are: in memory. `PGLITE_SCRATCH` is the like of it for PostgreSQL. */
export const SQLITE_SCRATCH = 'sqlite::memory:';

/** What MySQL and MariaDB give a table that says nothing. */
export interface Collation {
  readonly charset: string;
  readonly collation: string;
}

/**
 * Makes a database with an unguessable name on the server of a URL, runs `use` with a connection to it, and drops it again,
 * whatever happens; also when the process is told to end. The database that the URL names is only connected to.
 * @param collation MySQL and MariaDB: that of the new database. Default: that of the database that the URL names.
 * @throws AludelError ALUDEL_STATEMENT_FAILED where the account may create no database; what connecting throws.
 */
export async function withScratchDatabase<T>(
  url: string,
  use: (connection: Connection, dialect: Dialect) => Promise<T>,
  collation: Collation | null = null,
): Promise<T> {
  if (parseDatabaseUrl(url).dialect === 'sqlite') return withEngine(createEngine(SQLITE_SCRATCH), use);
  if (url === PGLITE_SCRATCH) return withPglite((engine) => withEngine(engine, use));
  return withEngine(createEngine(url), async (server, dialect) => {
    const name = `aludel_${randomBytes(9).toString('hex')}`;
    const quoted = dialect.quoteIdentifier(name);
    const drop = async (): Promise<void> => {
      const force = dialect.name === 'postgres' && server.server.major >= 13 ? ' WITH (FORCE)' : '';
      await server.execute(`DROP DATABASE IF EXISTS ${quoted}${force}`);
    };
    const options = dialect.name === 'postgres' ? '' : collationClause(collation ?? (await readCollation(server)));
    await server.execute(`CREATE DATABASE ${quoted}${options}`);
    return endingWith(drop, () => withEngine(createEngine(withDatabase(url, name)), use));
  });
}

/** Runs `use`, then `end`; before the process ends by a signal as well. */
async function endingWith<T>(end: () => Promise<void>, use: () => Promise<T>): Promise<T> {
  const onSignal = (signal: NodeJS.Signals): void => {
    const again = (): boolean => process.kill(process.pid, signal);
    void end().then(again, again);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await use();
  } finally {
    for (const signal of signals) process.removeListener(signal, onSignal);
    await end();
  }
}

/** Runs `use` with a connection of an engine that nobody else has, and disposes of the engine. */
export async function withEngine<T>(
  engine: Engine,
  use: (connection: Connection, dialect: Dialect) => Promise<T>,
): Promise<T> {
  try {
    const connection = await engine.connect({ dedicated: true });
    try {
      return await use(connection, await dialectOf(connection));
    } finally {
      await connection.close();
    }
  } finally {
    await engine.dispose();
  }
}

/** The usual collation of the database of a connection; for MySQL and MariaDB. */
export async function readCollation(connection: Connection): Promise<Collation> {
  const { rows } = await connection.execute(
    'SELECT @@character_set_database AS charset, @@collation_database AS collation',
  );
  return { charset: String(rows[0]?.['charset']), collation: String(rows[0]?.['collation']) };
}

/** Both are words of the server's own. */
function collationClause({ charset, collation }: Collation): string {
  return ` CHARACTER SET ${charset} COLLATE ${collation}`;
}

function withDatabase(url: string, database: string): string {
  const target = new URL(url);
  target.pathname = `/${database}`;
  return target.href;
}
