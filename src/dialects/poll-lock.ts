import { setTimeout as sleep } from 'node:timers/promises';
import { LockTimeoutError } from '../database-errors.js';
import type { LockOptions } from './dialect.js';

/**
 * Tries to take a lock until it is there or the time is up. Polling, because the blocking call of PostgreSQL deadlocks
 * with CREATE INDEX CONCURRENTLY of the holder.
 */
export async function pollLock(
  options: Pick<LockOptions, 'timeout' | 'onWait'>,
  tryLock: () => Promise<boolean>,
  /** Null when the holder has just gone. */
  describeHolder: () => Promise<string | null>,
): Promise<void> {
  const until = Date.now() + options.timeout;
  let isTold = false;
  for (let attempt = 1; !(await tryLock()); attempt++) {
    const holder = isTold ? null : await describeHolder();
    if (holder !== null) {
      options.onWait(holder);
      isTold = true;
    }
    if (Date.now() > until) {
      const by = (await describeHolder()) ?? 'a session that has just ended';
      throw new LockTimeoutError(`Another run holds the migration lock: ${by}.`, {
        hint: 'Wait for it to end, then run the command again.',
      });
    }
    await sleep(Math.min(50 * attempt, 250));
  }
}
