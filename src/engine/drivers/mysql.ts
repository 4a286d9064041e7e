/** MySQL and MariaDB through `mysql2`, which is loaded at the first connection. The server says which of the two it is. */
import { readFileSync } from 'node:fs';
import type { Connection as MysqlClient, ConnectionOptions } from 'mysql2/promise';
import { AludelError } from '../../errors.js';
import type { Row, ServerVersion } from '../connection.js';
import { wrapConnectError } from '../driver-errors.js';
import type { DriverConnection, DriverResult, DriverSettings } from '../driver.js';
import { loadDriver } from '../load-driver.js';
import type { ServerUrl } from '../url.js';
import { bindMysqlParameters } from './mysql-parameters.js';

type Mysql = typeof import('mysql2/promise');

export async function openMysql(target: ServerUrl, settings: DriverSettings): Promise<DriverConnection> {
  const options = readUrlOptions(target);
  const mysql = await loadDriver<Mysql>('mysql2', 'mysql2/promise');
  const host = target.host === '' ? 'localhost' : target.host;
  const place = options.socketPath ?? `${host}:${target.port}`;
  let client: MysqlClient | undefined;
  try {
    client = await mysql.createConnection({
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

class MysqlConnection implements DriverConnection {
  readonly place: string;
  readonly isInTransaction: undefined;
  readonly #client: MysqlClient;
  #server: ServerVersion = { dialect: 'mysql', major: 0, minor: 0, text: '' };
  #isLost = false;
  #step = 1n;

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

  async prepare({ lockTimeout }: DriverSettings): Promise<void> {
    const seconds = Math.max(1, Math.ceil(lockTimeout / 1000));
    // SET NAMES also picks the server's own default collation of utf8mb4, which the driver cannot know.
    await this.run(
      `SET NAMES utf8mb4, time_zone = '+00:00', lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}`,
      [],
    );
    const { rows } = await this.run('SELECT VERSION() AS version, @@auto_increment_increment AS step', []);
    this.#server = parseMysqlVersion(String(rows[0]?.['version']));
    this.#step = BigInt(String(rows[0]?.['step']));
  }

  beginSql(): string {
    return 'START TRANSACTION';
  }

  async run(sql: string, params: readonly unknown[]): Promise<DriverResult> {
    const [result] = await this.#client.query(params.length > 0 ? bindMysqlParameters(sql, params) : sql);
    if (!Array.isArray(result)) {
      const { affectedRows, insertId } = result;
      if (Number(insertId) === 0) return { rows: [], affectedRows };
      return { rows: [], affectedRows, insertId: { first: BigInt(insertId), step: this.#step } };
    }
    // CALL gives a list of results; the first holds the rows.
    const rows: unknown = Array.isArray(result[0]) ? result[0] : result;
    return { rows: rows as readonly Row[], affectedRows: 0 };
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
