import { createHash } from 'node:crypto';
import { AludelError } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import type { LockOptions, RunnerLock } from '../dialect.js';
import { pollLock } from '../poll-lock.js';

/**
 * A session advisory lock on a connection that does nothing else. It ends with the session, so a killed runner never
 * leaves it behind. https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export async function acquireLock(options: LockOptions): Promise<RunnerLock> {
  const connection = await options.connect();
  try {
    const key = lockKey(options.key);
    const tryLock = async (): Promise<boolean> => {
      const { rows } = await connection.execute('SELECT pg_try_advisory_lock($1::bigint) AS taken', [key]);
      return rows[0]?.['taken'] === true;
    };
    await watchClient(connection);
    const pid = await backendPid(connection);
    await refusePooler(options, connection, pid);
    await pollLock(options, tryLock, () => describeHolder(connection, key));
    const lock: RunnerLock = {
      verify: () => verify(connection, key, pid),
      release: () => connection.close(),
    };
    await lock.verify();
    return lock;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The server notices a dead client while a statement runs (PostgreSQL 14+), and frees its lock. */
async function watchClient(connection: Connection): Promise<void> {
  if (connection.server.major >= 14) await connection.execute("SET client_connection_check_interval = '1s'");
}

async function backendPid(connection: Connection): Promise<number> {
  const { rows } = await connection.execute('SELECT pg_backend_pid() AS pid');
  return Number(rows[0]?.['pid']);
}

/**
 * Asked before the lock is taken, which would stay behind in the pool. While a transaction of another connection lasts, a
 * pooler either has given it the session that was ours, or gives us another one now; a server does neither.
 */
async function refusePooler(options: LockOptions, connection: Connection, pid: number): Promise<void> {
  const other = await options.connect();
  try {
    await other.begin();
    if ((await backendPid(other)) === pid || (await backendPid(connection)) !== pid) throw pooledConnection();
    await other.rollback();
  } finally {
    await other.close();
  }
}

/** A pooler that gave us a session of our own at first may change it later, or lend it to another runner meanwhile. */
async function verify(connection: Connection, key: string, pid: number): Promise<void> {
  const { rows } = await connection.execute(
    `SELECT pg_backend_pid() AS pid, EXISTS (
       SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
         AND (classid::bigint << 32 | objid::bigint) = $1::bigint AND objsubid = 1) AS held`,
    [key],
  );
  if (Number(rows[0]?.['pid']) !== pid || rows[0]?.['held'] !== true) throw pooledConnection();
}

function pooledConnection(): AludelError {
  return new AludelError(
    'ALUDEL_POOLED_CONNECTION',
    'The migration lock would not hold: a transaction pooler seems to sit between Aludel and PostgreSQL.',
    { hint: 'Give a URL that leads to the server itself, or to a pool in session mode.' },
  );
}

async function describeHolder(connection: Connection, key: string): Promise<string> {
  const { rows } = await connection.execute(
    `SELECT a.pid, a.application_name AS application, a.client_addr::text AS address, a.backend_start::text AS since
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [key],
  );
  const holder = rows[0];
  if (holder === undefined) return 'a session that has just ended';
  const application = String(holder['application'] ?? '') || 'unnamed application';
  const address = holder['address'] === null ? 'a local socket' : String(holder['address']);
  return `session ${String(holder['pid'])} (${application}, from ${address}, since ${String(holder['since'])})`;
}

/** A positive 63-bit number from the name. */
function lockKey(name: string): string {
  const digest = createHash('sha256').update(`aludel:${name}`).digest();
  return String(digest.readBigUInt64BE() >> 1n);
}
