import { createHash } from 'node:crypto';
import { AludelError } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import { describeStatement } from '../describe-statement.js';
import type { LockOptions, RunnerLock } from '../dialect.js';
import { textOf, textOrNull } from '../row.js';
import { acquireSessionLock, type SessionLocks } from '../session-lock.js';

/** https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS */
const ADVISORY_LOCKS: SessionLocks = {
  prepare: async (connection, options) => {
    await refusePooler(options, connection);
    await Promise.all([connection, options.worker].map(watchClient));
  },
  nameOf: (_, key) => Promise.resolve(lockKey(key)),
  tryLock: async (connection, key) => {
    const { rows } = await connection.execute('SELECT pg_try_advisory_lock($1::bigint) AS taken', [key]);
    return rows[0]?.['taken'] === true;
  },
  free: async (connection, key) => {
    await connection.execute('SELECT pg_advisory_unlock($1::bigint)', [key]);
  },
  describeHolder,
  verify,
};

/** A session's advisory lock. */
export function acquireLock(options: LockOptions): Promise<RunnerLock> {
  return acquireSessionLock(options, ADVISORY_LOCKS);
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
 * Asked before the lock is taken, which would stay behind in the pool. A pooler sooner or later gives another connection
 * the session that was ours or, while a transaction of that one lasts, gives us another session; a server does neither.
 */
async function refusePooler({ connect }: LockOptions, connection: Connection): Promise<void> {
  const pid = await backendPid(connection);
  const other = await connect();
  try {
    // Some pools hand out the session that was used last, others all of them by turns.
    for (let sample = 0; sample < 4; sample++) {
      if ((await backendPid(other)) === pid) throw pooledConnection();
    }
    await other.begin();
    if ((await backendPid(other)) === pid || (await backendPid(connection)) !== pid) throw pooledConnection();
    await other.rollback();
  } finally {
    await other.close();
  }
}

/** A pooler that gave us a session of our own at first may have changed it since. */
async function verify(connection: Connection, key: string): Promise<void> {
  const { rows } = await connection.execute(
    `SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
       AND (classid::bigint << 32 | objid::bigint) = $1::bigint AND objsubid = 1`,
    [key],
  );
  if (rows.length === 0) throw pooledConnection();
}

function pooledConnection(): AludelError {
  return new AludelError(
    'ALUDEL_POOLED_CONNECTION',
    'The migration lock would not hold: a transaction pooler seems to sit between Aludel and PostgreSQL.',
    { hint: 'Give a URL that leads to the server itself, or to a pool in session mode.' },
  );
}

async function describeHolder(connection: Connection, key: string): Promise<string | null> {
  const { rows } = await connection.execute(
    `SELECT a.pid::text AS pid, a.application_name AS application, a.client_addr::text AS address,
       a.backend_start::text AS since, CASE a.state WHEN 'active' THEN a.query END AS statement
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [key],
  );
  const holder = rows[0];
  if (holder === undefined) return null;
  const application = textOrNull(holder, 'application') || 'unnamed application';
  const address = textOrNull(holder, 'address') ?? 'a local socket';
  const session = `session ${textOf(holder, 'pid')} (${application}, from ${address}, since ${textOf(holder, 'since')})`;
  const statement = textOrNull(holder, 'statement');
  if (statement === null) return session;
  return `${session}, which runs: ${describeStatement(statement, { doubleQuotesAreNames: true })}`;
}

/** A positive 63-bit number from the name. */
function lockKey(name: string): string {
  const digest = createHash('sha256').update(`aludel:${name}`).digest();
  return String(digest.readBigUInt64BE() >> 1n);
}
