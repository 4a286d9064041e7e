import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** A thing of the tests that leaves nothing behind. */
interface Removable {
  remove(): Promise<unknown>;
}

/** What `make` gives, made anew for each test of the block and removed behind it; only tests and hooks may read it. */
export function useEach<T extends Removable>(make: () => Promise<T>): T {
  const current = {} as T;
  beforeEach(async () => void Object.assign(current, await make()));
  afterEach(() => current.remove());
  return current;
}

/** The same, made once for all tests of the block. */
export function useOnce<T extends Removable>(make: () => Promise<T>): T {
  const current = {} as T;
  beforeAll(async () => void Object.assign(current, await make()));
  afterAll(() => current.remove());
  return current;
}
