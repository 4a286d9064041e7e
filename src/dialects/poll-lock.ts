import { setTimeout as sleep } from 'node:timers/promises';
import { LockTimeoutError } from '../database-errors.js';
import type { LockOptions } from './dialect.js';

/**
 * Tries to take a lock until it is there or the time is up. Polling, because the blocking call of PostgreSQL deadlocks
 * with CREATE INDEX CONCURRENTLY of the holder.
 */
export async function pollLock(
  options: LockOptions,
  tryLock: () => Promise<boolean>,
  describeHolder: () => Promise<string>,
): Promise<void> {
  const until = Date.now() + options.timeout;
  for (let attempt = 0; !(await tryLock()); attempt++) {
    if (attempt === 0) options.onWait(await describeHolder());
    if (Date.now() > until) {
      throw new LockTimeoutError(`Another run holds the migration lock: ${await describeHolder()}.`, {
        hint: 'Wait for it to end, then run the command again.',
      });
    }
    await sleep(Math.min(50 * (attempt + 1), 250));
  }
}
