import { createHash } from 'node:crypto';
import { AludelError } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import { describeStatement } from '../describe-statement.js';
import type { LockOptions, RunnerLock } from '../dialect.js';
import { textOf, textOrNull } from '../row.js';
import { acquireSessionLock, type SessionLocks } from '../session-lock.js';

/** https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html, https://mariadb.com/kb/en/get_lock/ */
const USER_LOCKS: SessionLocks = {
  prepare: () => Promise.resolve(),
  nameOf: lockName,
  tryLock: async (connection, name) => {
    const { rows } = await connection.execute('SELECT GET_LOCK(?, 0) AS taken', [name]);
    return Number(rows[0]?.['taken']) === 1;
  },
  free: async (connection, name) => {
    await connection.execute('SELECT RELEASE_LOCK(?)', [name]);
  },
  describeHolder,
  verify,
};

/** GET_LOCK. */
export function acquireLock(options: LockOptions): Promise<RunnerLock> {
  return acquireSessionLock(options, USER_LOCKS);
}

/** Locks are known to the whole server, by names of at most 64 characters: the database is part of the name. */
async function lockName(connection: Connection, key: string): Promise<string> {
  const { rows } = await connection.execute('SELECT DATABASE() AS name');
  const digest = createHash('sha256')
    .update(JSON.stringify([textOf(rows[0] ?? {}, 'name'), key]))
    .digest('hex');
  return `aludel_${digest.slice(0, 40)}`;
}

/** Behind a proxy that shares sessions the lock may belong to another one by now. */
async function verify(connection: Connection, name: string): Promise<void> {
  const { rows } = await connection.execute('SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS held', [name]);
  if (Number(rows[0]?.['held']) === 1) return;
  throw new AludelError(
    'ALUDEL_POOLED_CONNECTION',
    'The migration lock does not hold: a proxy that shares sessions seems to sit between Aludel and the server.',
    { hint: 'Give a URL that leads to the server itself.' },
  );
}

/** Without the PROCESS privilege only the number of another account's session is to be had. */
async function describeHolder(connection: Connection, name: string): Promise<string | null> {
  const { rows } = await connection.execute(
    `SELECT l.id, p.USER AS user, p.HOST AS host, p.INFO AS statement FROM (SELECT IS_USED_LOCK(?) AS id) l
     LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id`,
    [name],
  );
  const row = rows[0] ?? {};
  const id = textOrNull(row, 'id');
  if (id === null) return null;
  const user = textOrNull(row, 'user');
  const session = user === null ? `session ${id}` : `session ${id} (user ${user}, from ${textOf(row, 'host')})`;
  const statement = textOrNull(row, 'statement');
  if (statement === null) return session;
  return `${session}, which runs: ${describeStatement(statement, { doubleQuotesAreNames: false })}`;
}
