/** Engines: lazy sources of connections, with a pool between them and the driver. */
import { AludelError } from '../errors.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import type { Connection, Engine, EngineOptions, PoolOptions, TlsOptions, TransactionOptions } from './connection.js';
import type { DriverConnection, DriverSettings } from './driver.js';
import { connectTo } from './connect-to.js';
import { printEcho } from './echo.js';
import { EngineEvents } from './engine-events.js';
import { placeOfCall } from './holder.js';
import { openEngineKysely } from './kysely.js';
import { Pool, type PoolSettings } from './pool.js';
import { type ConnectionSettings, QueuedConnection } from './queued-connection.js';
import { withRetries } from './retries.js';
import { maskUrl } from '../util/mask-url.js';
import { type DatabaseUrl, parseDatabaseUrl } from './url.js';

const KNOWN: KnownOptions<EngineOptions> = {
  pool: true,
  replicas: true,
  onConnect: true,
  isolationLevel: true,
  statementTimeout: true,
  prepare: true,
  ssl: true,
  connectArgs: true,
  echo: true,
  lockTimeout: true,
  connectTimeout: true,
  hideParameters: true,
};
const KNOWN_OF_POOL: KnownOptions<PoolOptions> = {
  size: true,
  overflow: true,
  timeout: true,
  recycle: true,
  prePing: true,
  order: true,
};
const KNOWN_OF_TLS: KnownOptions<TlsOptions> = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  rejectUnauthorized: true,
  servername: true,
};

/**
 * Makes an engine for a database URL. Nothing is opened, and no driver is loaded, before the first `connect()`.
 * `sqlite::memory:` is one database with one connection, handed to one holder at a time; `dispose()` empties it.
 * Idle connections do not keep the process alive.
 * @throws AludelError ALUDEL_URL_INVALID and ALUDEL_USAGE at once; `connect()` throws ALUDEL_DRIVER_MISSING,
 *   ALUDEL_CONNECTION_FAILED, ALUDEL_AUTHENTICATION_FAILED, ALUDEL_DATABASE_NOT_FOUND and ALUDEL_POOL_TIMEOUT.
 * @example const engine = createEngine('postgresql://app:secret@localhost/app', { pool: { size: 20 } });
 */
export function createEngine(url: string, options: EngineOptions = {}): Engine {
  checkOptions('createEngine', options, KNOWN);
  if (typeof options.pool === 'object') checkOptions('createEngine: pool', options.pool, KNOWN_OF_POOL);
  if (typeof options.ssl === 'object') checkOptions('createEngine: ssl', options.ssl, KNOWN_OF_TLS);
  const target = parseDatabaseUrl(url);
  refuseOptions(target, options);
  const settings: ConnectionSettings = {
    lockTimeout: options.lockTimeout ?? 5000,
    connectTimeout: options.connectTimeout ?? 10_000,
    hideParameters: options.hideParameters ?? true,
    statementTimeout: options.statementTimeout,
    isolationLevel: options.isolationLevel,
    prepare: options.prepare ?? true,
    ssl: options.ssl ?? false,
    connectArgs: options.connectArgs ?? {},
    events: new EngineEvents(),
  };
  if (options.echo !== undefined && options.echo !== false) {
    settings.events.on('query', options.echo === true ? printEcho : options.echo);
  }
  const openPool = (poolUrl: string, poolTarget: DatabaseUrl): Pool =>
    new Pool(resolvePool(poolTarget, options.pool, settings), settings, () =>
      openPrepared(poolUrl, poolTarget, settings, options.onConnect),
    );
  const primary = openPool(url, target);
  const replicas = (options.replicas ?? []).map((each) => openPool(each, parseReplica(each, target)));
  const connect = connectTo(primary, replicas);

  return {
    dialect: target.dialect,
    url: maskUrl(url),
    connect,
    on: (...args: Parameters<EngineEvents['on']>) => settings.events.on(...args),
    dispose: async ({ timeout = 5000 } = {}) => {
      await Promise.all([primary, ...replicas].map((pool) => pool.dispose(timeout)));
    },
    kysely: () => openEngineKysely({ dialect: target.dialect, connect }),
    transaction: (fn, transactionOptions = {}) => {
      const { retries = 0, label = placeOfCall() } = transactionOptions;
      return withRetries(() => runTransaction(connect, fn, { ...transactionOptions, label }), { retries });
    },
  };
}

function parseReplica(url: string, { dialect }: DatabaseUrl): DatabaseUrl {
  const target = parseDatabaseUrl(url);
  if (target.dialect === dialect) return target;
  throw new AludelError('ALUDEL_USAGE', `A replica of a ${dialect} database cannot be "${maskUrl(url)}".`, {
    hint: 'Give the URLs of copies of the same database.',
  });
}

function resolvePool(
  target: DatabaseUrl,
  options: PoolOptions | false = {},
  { lockTimeout }: DriverSettings,
): PoolSettings {
  const given = options === false ? {} : options;
  const common = { order: given.order ?? 'lifo', prePing: given.prePing ?? 5000, recycle: given.recycle ?? Infinity };
  if (target.dialect === 'sqlite' && target.file === ':memory:') {
    const timeout = given.timeout ?? lockTimeout;
    return { ...common, size: 1, overflow: 0, timeout, prePing: false, recycle: Infinity, isPinned: true };
  }
  if (options === false) {
    return { ...common, size: 0, overflow: Infinity, timeout: 0, isPinned: false };
  }
  const { size = 5, overflow = 10, timeout = 30_000 } = options;
  return { ...common, size, overflow, timeout, isPinned: false };
}

function refuseOptions(target: DatabaseUrl, { pool, statementTimeout, ssl }: EngineOptions): void {
  if (target.dialect === 'sqlite' && (statementTimeout !== undefined || ssl !== undefined)) {
    const [name, why] =
      ssl === undefined ? ['statementTimeout', 'its driver cannot interrupt'] : ['ssl', 'it is a file, not a server'];
    throw new AludelError('ALUDEL_USAGE', `SQLite has no option "${name}": ${why}.`, {
      hint: `Leave "${name}" out for SQLite.`,
    });
  }
  const { size = 5, overflow = 10 } = pool === false ? {} : (pool ?? {});
  if (!(size >= 0 && overflow >= 0 && size + overflow >= 1)) {
    throw new AludelError('ALUDEL_USAGE', `A pool of size ${size} and overflow ${overflow} has no connection.`, {
      hint: 'Give "pool.size" and "pool.overflow" that are at least 1 together, or "pool: false".',
    });
  }
}

async function runTransaction<T>(
  connect: Engine['connect'],
  fn: (connection: Connection) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const connection = await connect({ label: options.label, readOnly: options.readOnly });
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

async function openPrepared(
  url: string,
  target: DatabaseUrl,
  settings: ConnectionSettings,
  onConnect: EngineOptions['onConnect'],
): Promise<DriverConnection> {
  const driver = await openDriver(url, target, settings);
  const connection: QueuedConnection = new QueuedConnection(driver, settings, () => connection.reset());
  try {
    await onConnect?.(connection);
    const told = settings.events.tellPool('connect', () => ({ place: driver.place, connection }));
    await told;
    await connection.close();
    if (onConnect !== undefined || told !== undefined) await driver.readSession?.();
  } catch (error) {
    await driver.close();
    throw error;
  }
  return driver;
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
