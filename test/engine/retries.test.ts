import { expect, it } from 'vitest';
import { DeadlockError, LockTimeoutError, SerializationError } from '../../src/database-errors.js';
import { withRetries } from '../../src/engine/retries.js';

/** Fails with each of the errors in turn, then gives how often it was run. */
function failing(...errors: Error[]): { run: () => Promise<number>; runs: () => number } {
  let runs = 0;
  return {
    runs: () => runs,
    run: () => {
      const error = errors[runs];
      runs += 1;
      return error === undefined ? Promise.resolve(runs) : Promise.reject(error);
    },
  };
}

it('runs again after deadlocks and serialization failures', async () => {
  const { run } = failing(new DeadlockError('a'), new SerializationError('b'));
  expect(await withRetries(run)).toBe(3);
});

it('gives up with the last error after the retries asked for', async () => {
  const { run, runs } = failing(new DeadlockError('a'), new DeadlockError('b'), new DeadlockError('c'));
  await expect(withRetries(run, { retries: 1 })).rejects.toThrow('b');
  expect(runs()).toBe(2);
});

it('passes other errors at once', async () => {
  const { run, runs } = failing(new LockTimeoutError('held'));
  await expect(withRetries(run)).rejects.toThrow('held');
  expect(runs()).toBe(1);
});
