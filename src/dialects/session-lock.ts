import type { Connection } from '../engine/connection.js';
import type { LockOptions, RunnerLock } from './dialect.js';
import { pollLock } from './poll-lock.js';

/** A server's locks that end with the session which holds them, so that a killed runner never leaves one behind. */
export interface SessionLocks {
  /** Looks at a new connection before it tries to take a lock. */
  prepare(connection: Connection, options: LockOptions): Promise<void>;
  /** What the server calls the lock of a key. */
  nameOf(connection: Connection, key: string): Promise<string>;
  tryLock(connection: Connection, name: string): Promise<boolean>;
  free(connection: Connection, name: string): Promise<void>;
  /** For messages; null when nobody holds it any more. */
  describeHolder(connection: Connection, name: string): Promise<string | null>;
  /** @throws AludelError ALUDEL_POOLED_CONNECTION when the connection does not hold it. */
  verify(connection: Connection, name: string): Promise<void>;
}

/** Takes the lock of a run on a connection that does nothing else, then that of the connection which does the work. */
export async function acquireSessionLock(options: LockOptions, locks: SessionLocks): Promise<RunnerLock> {
  const { key, worker } = options;
  const connection = await options.connect();
  const take = async (holder: Connection, name: string): Promise<void> =>
    pollLock(
      options,
      () => locks.tryLock(holder, name),
      () => locks.describeHolder(holder, name),
    );
  try {
    await locks.prepare(connection, options);
    const name = await locks.nameOf(connection, key);
    const workName = await locks.nameOf(worker, `${key} statements`);
    await take(connection, name);
    await take(worker, workName);
    await locks.verify(connection, name);
    return {
      verify: () => locks.verify(connection, name),
      release: async () => {
        // The worker's ends with its connection too, but later: nobody needs to wait, and to be told of it, until then.
        await locks.free(worker, workName).catch(() => undefined);
        await connection.close();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
