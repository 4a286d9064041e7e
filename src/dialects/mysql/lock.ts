import { createHash } from 'node:crypto';
import { AludelError } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import type { LockOptions, RunnerLock } from '../dialect.js';
import { pollLock } from '../poll-lock.js';
import { textOf, textOrNull } from '../row.js';

/**
 * GET_LOCK on a connection that does nothing else. It ends with the session, so a killed runner never leaves it behind.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export async function acquireLock(options: LockOptions): Promise<RunnerLock> {
  const connection = await options.connect();
  try {
    const name = await lockName(connection, options.key);
    const tryLock = async (): Promise<boolean> => {
      const { rows } = await connection.execute('SELECT GET_LOCK(?, 0) AS taken', [name]);
      return Number(rows[0]?.['taken']) === 1;
    };
    await pollLock(options, tryLock, () => describeHolder(connection, name));
    const lock: RunnerLock = {
      verify: () => verify(connection, name),
      release: () => connection.close(),
    };
    await lock.verify();
    return lock;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Waits until the session of an earlier run has ended, with the statement that the server may still carry out for it. */
export async function claimSession(connection: Connection, options: LockOptions): Promise<void> {
  const name = `${await lockName(connection, options.key)}_run`;
  const tryLock = async (): Promise<boolean> => {
    const { rows } = await connection.execute('SELECT GET_LOCK(?, 0) AS taken', [name]);
    return Number(rows[0]?.['taken']) === 1;
  };
  await pollLock(options, tryLock, async () => {
    return `${await describeHolder(connection, name)}, whose process has ended and whose statement goes on`;
  });
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
async function describeHolder(connection: Connection, name: string): Promise<string> {
  const { rows } = await connection.execute(
    `SELECT l.id, p.USER AS user, p.HOST AS host FROM (SELECT IS_USED_LOCK(?) AS id) l
     LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id`,
    [name],
  );
  const row = rows[0] ?? {};
  const id = textOrNull(row, 'id');
  if (id === null) return 'a session that has just ended';
  const user = textOrNull(row, 'user');
  return user === null ? `session ${id}` : `session ${id} (user ${user}, from ${textOf(row, 'host')})`;
}
