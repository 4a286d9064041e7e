/** Engines: lazy sources of connections. A pool comes later; each `connect()` opens, each `close()` closes. */
import { AludelError } from '../errors.js';
import type { BeginOptions, Connection, EchoEvent, Engine, EngineOptions } from './connection.js';
import type { DriverConnection, DriverSettings } from './driver.js';
import { LockQueue } from './lock-queue.js';
import { type ConnectionSettings, QueuedConnection } from './queued-connection.js';
import { type DatabaseUrl, maskUrl, parseDatabaseUrl } from './url.js';

/**
 * Makes an engine for a database URL. Nothing is opened, and no driver is loaded, before the first `connect()`.
 * `sqlite::memory:` is one database with one connection, handed to one holder at a time; `dispose()` empties it.
 * @throws AludelError ALUDEL_URL_INVALID at once; `connect()` throws ALUDEL_DRIVER_MISSING, ALUDEL_CONNECTION_FAILED,
 *   ALUDEL_AUTHENTICATION_FAILED and ALUDEL_DATABASE_NOT_FOUND.
 * @example const engine = createEngine('postgresql://app:secret@localhost/app', { lockTimeout: 2000 });
 */
export function createEngine(url: string, options: EngineOptions = {}): Engine {
  const target = parseDatabaseUrl(url);
  const settings: ConnectionSettings = {
    lockTimeout: options.lockTimeout ?? 5000,
    connectTimeout: options.connectTimeout ?? 10_000,
    hideParameters: options.hideParameters ?? true,
    echo: options.echo === true ? printEcho : options.echo === false ? undefined : options.echo,
  };
  const isMemory = target.dialect === 'sqlite' && target.file === ':memory:';
  const source = isMemory ? new PinnedSource(target, settings) : new OpeningSource(url, target, settings);

  return {
    dialect: target.dialect,
    url: maskUrl(url),
    connect: () => source.connect(),
    dispose: () => source.dispose(),
    transaction: (fn, beginOptions) => runTransaction(source, fn, beginOptions),
  };
}

interface ConnectionSource {
  connect(): Promise<Connection>;
  dispose(): Promise<void>;
}

/** Opens a connection for every holder. */
class OpeningSource implements ConnectionSource {
  readonly #open: Set<QueuedConnection> = new Set();
  readonly #url: string;
  readonly #target: DatabaseUrl;
  readonly #settings: ConnectionSettings;

  constructor(url: string, target: DatabaseUrl, settings: ConnectionSettings) {
    this.#url = url;
    this.#target = target;
    this.#settings = settings;
  }

  async connect(): Promise<Connection> {
    const driver = await openDriver(this.#url, this.#target, this.#settings);
    const connection: QueuedConnection = new QueuedConnection(driver, this.#settings, () => {
      this.#open.delete(connection);
      return driver.close();
    });
    this.#open.add(connection);
    return connection;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.close()));
  }
}

/** Hands its one connection to one holder at a time. */
class PinnedSource implements ConnectionSource {
  readonly #turns: LockQueue = new LockQueue();
  readonly #target: DatabaseUrl;
  readonly #settings: ConnectionSettings;
  #driver: DriverConnection | undefined;
  #holder: QueuedConnection | undefined;

  constructor(target: DatabaseUrl, settings: ConnectionSettings) {
    this.#target = target;
    this.#settings = settings;
  }

  async connect(): Promise<Connection> {
    const { lockTimeout } = this.#settings;
    const release = await this.#turns.acquire(lockTimeout);
    if (release === undefined) {
      throw new AludelError('ALUDEL_LOCK_TIMEOUT', 'The one connection of "sqlite::memory:" is in use.', {
        hint: `Close the connection that holds it, or use a file (waited ${lockTimeout} ms).`,
      });
    }
    try {
      const driver = (this.#driver ??= await openDriver('sqlite::memory:', this.#target, this.#settings));
      this.#holder = new QueuedConnection(driver, this.#settings, async () => {
        try {
          if (driver.isInTransaction === true) {
            await driver.run('ROLLBACK', []);
          }
          await driver.run('PRAGMA foreign_keys = ON', []);
        } finally {
          this.#holder = undefined;
          release();
        }
      });
      return this.#holder;
    } catch (error) {
      release();
      throw error;
    }
  }

  async dispose(): Promise<void> {
    // Forgotten first: the next holder takes its turn as soon as this one closes, and opens a new database.
    const driver = this.#driver;
    this.#driver = undefined;
    await this.#holder?.close();
    await driver?.close();
  }
}

async function runTransaction<T>(
  source: ConnectionSource,
  fn: (connection: Connection) => Promise<T>,
  options: BeginOptions | undefined,
): Promise<T> {
  const connection = await source.connect();
  try {
    await connection.begin(options);
    try {
      const value = await fn(connection);
      await connection.commit();
      return value;
    } catch (error) {
      // What went wrong first is what the caller needs; closing the connection ends the transaction in any case.
      await connection.rollback().catch(() => undefined);
      throw error;
    }
  } finally {
    await connection.close();
  }
}

/** The adapters are imported here, so that a program that never connects loads none of them. */
async function openDriver(url: string, target: DatabaseUrl, settings: DriverSettings): Promise<DriverConnection> {
  switch (target.dialect) {
    case 'sqlite':
      return (await import('./drivers/sqlite.js')).openSqlite(target, settings);
    case 'postgres':
      return (await import('./drivers/postgres.js')).openPostgres(url, target, settings);
    case 'mysql':
    case 'mariadb':
      return (await import('./drivers/mysql.js')).openMysql(target, settings);
  }
}

function printEcho(event: EchoEvent): void {
  const params = event.params === undefined || event.params.length === 0 ? '' : ` -- ${formatParams(event.params)}`;
  process.stderr.write(`${event.sql}${params} [${event.milliseconds.toFixed(1)} ms]\n`);
}

function formatParams(params: readonly unknown[]): string {
  return JSON.stringify(params, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
