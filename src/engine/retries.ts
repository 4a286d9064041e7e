/** Runs a transaction again that lost against others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AludelError } from '../errors.js';

export interface RetryOptions {
  /** How often `fn` is run again. Default: 3. */
  readonly retries?: number;
}

const FIRST_WAIT = 10;
const LONGEST_WAIT = 500;

/** True for a deadlock or a serialization failure: the transaction was undone, and may succeed when run again. */
export function isRetryable(error: unknown): boolean {
  return (
    error instanceof AludelError && (error.code === 'ALUDEL_DEADLOCK' || error.code === 'ALUDEL_SERIALIZATION_FAILURE')
  );
}

/**
 * Runs `fn`, a whole transaction, and runs it again when it fails by a deadlock or a serialization failure: at most
 * `retries` times, after 5 to 10 ms and then up to twice as long each time, at most 500 ms. Other errors pass at once.
 * @example await withRetries(() => engine.transaction(move), { retries: 5 });
 */
export async function withRetries<T>(fn: () => Promise<T>, { retries = 3 }: RetryOptions = {}): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fn();
    } catch (error) {
      if (attempt >= retries || !isRetryable(error)) {
        throw error;
      }
      // Jitter keeps two that met once from meeting again.
      await sleep(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + Math.random() / 2));
    }
  }
}
