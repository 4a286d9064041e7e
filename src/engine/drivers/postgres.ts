/** PostgreSQL through `pg`, which is loaded at the first connection. */
import type { Client, QueryConfig } from 'pg';
import { wrapConnectError } from '../driver-errors.js';
import type { DriverConnection, DriverResult, DriverSettings } from '../driver.js';
import { loadDriver } from '../load-driver.js';
import type { ServerVersion } from '../connection.js';
import type { ServerUrl } from '../url.js';

type Pg = typeof import('pg');

/**
 * `pg` turns `date`, `timestamp` and arrays of them into a `Date` of the process's own time zone. They stay text, under
 * the parser of `text` and `text[]`: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
 */
const PARSED_AS: ReadonlyMap<number, number> = new Map([
  [1082, 25],
  [1114, 25],
  [1182, 1009],
  [1115, 1009],
]);

/** Commands whose row count is a count of changed rows. */
const CHANGING_COMMANDS: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']);

export async function openPostgres(
  url: string,
  target: ServerUrl,
  settings: DriverSettings,
): Promise<DriverConnection> {
  const pg = await loadDriver<Pg>('pg');
  const client = new pg.Client({
    // pg reads the URL itself: sslmode, sslrootcert, a socket as host, and the PG* variables for what is missing.
    connectionString: url,
    application_name: target.options['application_name'] ?? 'aludel',
    connectionTimeoutMillis: settings.connectTimeout,
    keepAlive: true,
    types: {
      getTypeParser: (id, format) => pg.types.getTypeParser(PARSED_AS.get(id) ?? id, format),
    },
  });
  const connection = new PostgresConnection(client);
  try {
    await client.connect();
    await connection.prepare(settings);
    return connection;
  } catch (error) {
    void client.end().catch(() => undefined);
    const { place } = connection;
    const names = { dialect: target.dialect, place, user: client.user, database: client.database };
    throw wrapConnectError(error, names, settings.hideParameters);
  }
}

class PostgresConnection implements DriverConnection {
  readonly #client: Client;
  #server: ServerVersion = { dialect: 'postgres', major: 0, minor: 0, text: '' };
  #isLost = false;
  readonly isInTransaction: undefined;

  constructor(client: Client) {
    this.#client = client;
    // Without a listener an error of an idle connection would end the process.
    client.on('error', () => {
      this.#isLost = true;
    });
    client.on('end', () => {
      this.#isLost = true;
    });
  }

  get server(): ServerVersion {
    return this.#server;
  }

  get place(): string {
    const { host, port } = this.#client;
    return host.startsWith('/') ? host : `${host}:${port}`;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Settings in one round trip, and not as start-up options: poolers refuse those. */
  async prepare({ lockTimeout }: DriverSettings): Promise<void> {
    const { rows } = await this.run(
      `SELECT set_config('TimeZone', 'UTC', false), set_config('lock_timeout', $1, false),
        current_setting('server_version') AS version`,
      // 0 would mean to wait for ever.
      [`${Math.max(1, Math.ceil(lockTimeout))}ms`],
    );
    const text = String(rows[0]?.['version']);
    const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? [];
    this.#server = {
      dialect: 'postgres',
      major: Number(major ?? 0),
      minor: Number(minor ?? 0),
      text,
    };
  }

  beginSql(): string {
    return 'BEGIN';
  }

  async run(sql: string, params: readonly unknown[]): Promise<DriverResult> {
    // The extended protocol refuses a text of several statements, where the simple one would run them all.
    const query: QueryConfig & { readonly queryMode: 'extended' } = {
      text: sql,
      values: params.map(toPostgresParameter),
      queryMode: 'extended',
    };
    const { rows, rowCount, command } = await this.#client.query<Record<string, unknown>>(query);
    return { rows, affectedRows: CHANGING_COMMANDS.has(command) ? (rowCount ?? 0) : 0, command };
  }

  async close(): Promise<void> {
    // A connection that the server has ended cannot say goodbye, and need not.
    await this.#client.end().catch(() => undefined);
  }
}

/** `pg` writes a `Date` in the process's own time zone, which a column without one would keep. */
function toPostgresParameter(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
