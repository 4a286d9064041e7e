/** MySQL and MariaDB through `mysql2`, which is loaded at the first connection. The server says which of the two it is. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Connection as MysqlClient, ConnectionOptions, ResultSetHeader, SslOptions } from 'mysql2/promise';
import { AludelError } from '../../errors.js';
import type { BeginOptions, ServerVersion, TlsOptions } from '../connection.js';
import { wrapConnectError } from '../driver-errors.js';
import { AS_OBJECTS, type DriverConnection, type DriverResult, type DriverSettings, type RunMode } from '../driver.js';
import { IteratorCursor } from '../row-cursor.js';
import { loadDriver } from '../load-driver.js';
import type { ServerUrl } from '../url.js';
import { loadMysqlRows } from './mysql-load.js';
import { bindMysqlParameters } from './mysql-parameters.js';

type Mysql = typeof import('mysql2/promise');

/** https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html */
const SERVER_STATUS_IN_TRANS = 1;

/** What only MariaDB executes in the comment is what MySQL, since version 8, has on by default. */
const SERVER =
  'SELECT VERSION() AS version, @@sql_mode AS `mode` /*M! , @@explicit_defaults_for_timestamp AS explicit */';

export async function openMysql(target: ServerUrl, settings: DriverSettings): Promise<DriverConnection> {
  const options = readUrlOptions(target);
  const mysql = await loadDriver<Mysql>('mysql2', 'mysql2/promise');
  const host = target.host === '' ? 'localhost' : target.host;
  const place = options.socketPath ?? `${host}:${target.port}`;
  // No file of this machine is read, whatever a server asks for.
  const { infileStreamFactory: _, ...connectArgs } = settings.connectArgs;
  let client: MysqlClient | undefined;
  try {
    client = await mysql.createConnection({
      ...(settings.ssl === false ? {} : { ssl: toMysqlTls(settings.ssl) }),
      ...connectArgs,
      host,
      port: target.port,
      ...(target.user === undefined ? {} : { user: target.user }),
      ...(target.password === undefined ? {} : { password: target.password }),
      ...(target.database === undefined ? {} : { database: target.database }),
      ...options,
      connectTimeout: settings.connectTimeout,
      charset: 'utf8mb4',
      multipleStatements: false,
      supportBigNumbers: true,
      bigNumberStrings: true,
      // As text a date keeps its microseconds, and zero dates survive.
      dateStrings: true,
      timezone: 'Z',
    });
    const connection = new MysqlConnection(client, place);
    await connection.prepare(settings);
    return connection;
  } catch (error) {
    client?.destroy();
    const names = { dialect: target.dialect, place, user: target.user, database: target.database };
    throw wrapConnectError(error, names, settings.hideParameters);
  }
}

/** Rows that the driver reads before anyone asks for them. */
const ROWS_AHEAD = 1000;

/** What the promises of the driver are made around. */
interface CoreClient {
  readonly connection: {
    query(options: { readonly sql: string; readonly rowsAsArray: true }): {
      stream(options: { readonly highWaterMark: number }): Readable;
    };
  };
}

/** Exported for tests of how a session begins. */
export class MysqlConnection implements DriverConnection {
  readonly place: string;
  /** From the status that the server sends with the answer to every statement but a SELECT. */
  isInTransaction: boolean | undefined;
  readonly #client: MysqlClient;
  #server: ServerVersion = { dialect: 'mysql', major: 0, minor: 0, text: '' };
  #isLost = false;
  #cursor: IteratorCursor | undefined;

  constructor(client: MysqlClient, place: string) {
    this.#client = client;
    this.place = place;
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

  get isLost(): boolean {
    return this.#isLost;
  }

  async prepare({ lockTimeout, statementTimeout, isolationLevel }: DriverSettings): Promise<void> {
    const seconds = Math.max(1, Math.ceil(lockTimeout / 1000));
    // SET NAMES also picks the server's own default collation of utf8mb4, which the driver cannot know.
    // A server may be told that nothing commits by itself, that each COMMIT begins a transaction, or to keep expressions without quotes.
    const usual = 'autocommit = 1, completion_type = 0, sql_quote_show_create = 1';
    // MariaDB alters tables that keep their history only where this is said. https://mariadb.com/kb/en/system-versioned-tables/
    const history = '/*M!100300 , system_versioning_alter_history = KEEP */';
    await this.run(
      `SET NAMES utf8mb4, time_zone = '+00:00', ${usual}, lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds} ${history}`,
      [],
    );
    const { rows } = await this.run(SERVER, []);
    const [row] = rows as readonly Record<string, unknown>[];
    this.#server = { ...parseMysqlVersion(String(row?.['version'])), sqlMode: String(row?.['mode']) };
    if (Number(row?.['explicit'] ?? 1) === 0) await this.#sayTimestampsAsTheyAre();
    if (statementTimeout !== undefined) {
      const milliseconds = Math.max(1, Math.ceil(statementTimeout));
      const isMariadb = this.#server.dialect === 'mariadb';
      await this.run(
        isMariadb ? `SET max_statement_time = ${milliseconds / 1000}` : `SET max_execution_time = ${milliseconds}`,
        [],
      );
    }
    if (isolationLevel !== undefined) {
      await this.run(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolationLevel.toUpperCase()}`, []);
    }
  }

  /**
   * Before 10.10 MariaDB by default gives the first TIMESTAMP of a table a default of its own and ON UPDATE. Servers before
   * 10.5.17, 10.6.9 and 10.8.4 only take another word for it in their configuration; there `check` shows what they made up.
   * https://mariadb.com/kb/en/server-system-variables/#explicit_defaults_for_timestamp
   */
  async #sayTimestampsAsTheyAre(): Promise<void> {
    await this.run('SET explicit_defaults_for_timestamp = ON', []).catch((error: unknown) => {
      if ((error as { readonly code?: unknown }).code !== 'ER_INCORRECT_GLOBAL_LOCAL_VAR') throw error;
    });
  }

  async readSession(): Promise<void> {
    const { rows } = await this.run('SELECT @@sql_mode AS `mode`', []);
    const [row] = rows as readonly Record<string, unknown>[];
    this.#server = { ...this.#server, sqlMode: String(row?.['mode']) };
  }

  beginSql({ isolationLevel, readOnly }: BeginOptions): readonly string[] {
    const begin = readOnly === true ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION';
    // Without SESSION it holds for the next transaction alone.
    return isolationLevel === undefined
      ? [begin]
      : [`SET TRANSACTION ISOLATION LEVEL ${isolationLevel.toUpperCase()}`, begin];
  }

  async run(sql: string, params: readonly unknown[], mode: RunMode = AS_OBJECTS): Promise<DriverResult> {
    // The driver sends nothing before the rows of the statement before are read.
    await this.#cursor?.buffer();
    const text = params.length > 0 ? bindMysqlParameters(sql, params) : sql;
    if (mode.isCursor === true) {
      const { connection } = this.#client as unknown as CoreClient;
      const stream = connection.query({ sql: text, rowsAsArray: true }).stream({ highWaterMark: ROWS_AHEAD });
      const cursor = new IteratorCursor(stream[Symbol.asyncIterator](), () => {
        this.#cursor = undefined;
      });
      this.#cursor = cursor;
      return { rows: [], columns: [], affectedRows: 0, insertId: undefined, cursor };
    }
    const [result, fields] =
      mode.each === undefined
        ? await this.#client.query({ sql: text, rowsAsArray: mode.asArrays })
        : [await loadMysqlRows(this.#client, sql, mode.each)];
    if (!Array.isArray(result)) {
      const { affectedRows, insertId, serverStatus, info } = result as ResultSetHeader & {
        readonly serverStatus?: number;
      };
      const [, duplicates] = /Duplicates: (\d+)/.exec(info) ?? [];
      if (serverStatus !== undefined) {
        this.isInTransaction = (serverStatus & SERVER_STATUS_IN_TRANS) !== 0;
      }
      return {
        rows: [],
        columns: [],
        affectedRows,
        insertId,
        ...(duplicates === undefined ? {} : { duplicates: Number(duplicates) }),
      };
    }
    // CALL gives a list of results, with a header at the end; the first holds the rows.
    const isCall = Array.isArray(fields?.[0]);
    return {
      rows: (isCall ? result[0] : result) as readonly unknown[],
      get columns() {
        const list = (isCall ? fields[0] : fields) as unknown as readonly { readonly name: string }[];
        return list.map((field) => field.name);
      },
      affectedRows: 0,
      insertId: undefined,
    };
  }

  setIdle(isIdle: boolean): void {
    const { stream } = (this.#client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    if (isIdle) {
      stream.unref();
    } else {
      stream.ref();
    }
  }

  destroy(): void {
    this.#isLost = true;
    this.#client.destroy();
  }

  async close(): Promise<void> {
    if (this.#isLost) {
      this.#client.destroy();
    } else {
      await this.#client.end().catch(() => this.#client.destroy());
    }
  }
}

/** Reads what `VERSION()` says: `10.11.6-MariaDB-0+deb12u1`, `9.7.0`, `8.0.36-0ubuntu0.22.04.1`. */
export function parseMysqlVersion(text: string): ServerVersion {
  // Some proxies pass on the "5.5.5-" that MariaDB puts first in its handshake.
  const [, major, minor] = /^(?:5\.5\.5-(?=\d+\.\d+.*MariaDB))?(\d+)\.(\d+)/i.exec(text) ?? [];
  const dialect = /mariadb/i.test(text) ? 'mariadb' : 'mysql';
  return { dialect, major: Number(major ?? 0), minor: Number(minor ?? 0), text };
}

/** mysql2 checks the name of the server only when told to. */
function toMysqlTls(ssl: boolean | TlsOptions): SslOptions {
  const { servername, ...options } = typeof ssl === 'boolean' ? {} : ssl;
  return {
    ...options,
    verifyIdentity: options.rejectUnauthorized !== false,
    ...(servername === undefined ? {} : { servername }),
  } as SslOptions;
}

/** The options after the `?`, under the names of the `mysql` client. Unknown ones are refused, not passed on. */
function readUrlOptions({ dialect, options }: ServerUrl): Pick<ConnectionOptions, 'socketPath' | 'ssl'> {
  const known = new Set(['socket', 'ssl-mode', 'ssl-ca']);
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw invalid(`The ${dialect} URL holds the unknown option "${unknown}".`, `Use ${[...known].join(', ')}.`);
  }
  const ca = options['ssl-ca'];
  const mode = options['ssl-mode']?.toUpperCase() ?? (ca === undefined ? 'DISABLED' : 'VERIFY_CA');
  const modes = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'];
  if (!modes.includes(mode)) {
    throw invalid(`The ${dialect} URL holds the unknown ssl-mode "${mode}".`, `Use ${modes.join(', ')}.`);
  }
  const ssl = {
    rejectUnauthorized: mode !== 'REQUIRED',
    verifyIdentity: mode === 'VERIFY_IDENTITY',
    ...(ca === undefined ? {} : { ca: readCertificate(ca) }),
  };
  return {
    ...(options['socket'] === undefined ? {} : { socketPath: options['socket'] }),
    ...(mode === 'DISABLED' ? {} : { ssl }),
  };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AludelError('ALUDEL_CONNECTION_FAILED', `Cannot read the certificate "${path}" named by ssl-ca.`, {
      hint: 'Check the "url" in migrate.config.ts.',
      cause,
    });
  }
}

function invalid(message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_URL_INVALID', message, { hint });
}
