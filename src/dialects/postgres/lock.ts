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

/** How often we look: at a login that names the session it got, and at one that hides it. */
const DIRECT_SAMPLES = 1;
const POOLED_SAMPLES = 12;

/**
 * Asked before the lock is taken, which would stay behind in the pool. A pooler sooner or later gives a connection the
 * session of another one or, while a transaction of that one lasts, a new session; a server does neither, nor does a
 * pooler in session mode. Behind a busy pooler each sample may by chance look like a server's.
 */
async function refusePooler({ connect, worker }: LockOptions, connection: Connection): Promise<void> {
  const other = await connect();
  const sessions: Sessions = new Map();
  const everyone = [connection, worker, other];
  try {
    await refuseShared(sessions, everyone);
    const samples = connection.processId === sessions.get(connection) ? DIRECT_SAMPLES : POOLED_SAMPLES;
    for (let sample = 0; sample < samples; sample++) {
      await other.begin();
      await refuseShared(sessions, everyone.toReversed());
      await other.rollback();
    }
  } finally {
    await other.close();
  }
}

type Sessions = Map<Connection, number>;

async function refuseShared(sessions: Sessions, connections: readonly Connection[]): Promise<void> {
  for (const connection of connections) {
    const pid = await backendPid(connection);
    const isNew = !sessions.has(connection);
    const isTaken = isNew ? [...sessions.values()].includes(pid) : sessions.get(connection) !== pid;
    if (isTaken) throw pooledConnection();
    sessions.set(connection, pid);
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
