import { createHash } from 'node:crypto';
import { AludelError } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import { describeStatement } from '../describe-statement.js';
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
    await takeLock(options, connection, name);
    const workName = await lockName(connection, `${options.key} statements`);
    await takeLock(options, options.worker, workName);
    const lock: RunnerLock = {
      verify: () => verify(connection, name),
      release: async () => {
        // Closing it frees this one as well; whoever waits need not see the time between.
        await options.worker.execute('SELECT RELEASE_LOCK(?)', [workName]).catch(() => undefined);
        await connection.close();
      },
    };
    await lock.verify();
    return lock;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function takeLock(options: LockOptions, connection: Connection, name: string): Promise<void> {
  const tryLock = async (): Promise<boolean> => {
    const { rows } = await connection.execute('SELECT GET_LOCK(?, 0) AS taken', [name]);
    return Number(rows[0]?.['taken']) === 1;
  };
  await pollLock(options, tryLock, () => describeHolder(connection, name));
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
