import { expect, it } from 'vitest';
import { describeEach } from '../../support/describe-each.js';
import { createDatabase, servers } from './support/database.js';

describeEach(servers, '$name', ({ dialect, url }) => {
  it('lets one runner in at a time and tells the next whom it waits for', async () => {
    const engine = await createDatabase(url);
    const connect = () => engine.connect();
    const first = await dialect.acquireLock({ key: 'aludel_version', timeout: 1000, onWait: () => {}, connect });
    let second = Promise.resolve(first);
    const holder = await new Promise<string>((resolve) => {
      second = dialect.acquireLock({ key: 'aludel_version', timeout: 10_000, onWait: resolve, connect });
    });
    expect(holder).toMatch(/^session \d+ \(user root, from .+\)$/);
    await first.verify();
    await first.release();
    const taken = await second;
    await taken.verify();
    await taken.release();
  });

  it('gives up with a name when the time is over', async () => {
    const engine = await createDatabase(url);
    const connect = () => engine.connect();
    const first = await dialect.acquireLock({ key: 'k', timeout: 1000, onWait: () => {}, connect });
    await expect(dialect.acquireLock({ key: 'k', timeout: 0, onWait: () => {}, connect })).rejects.toMatchObject({
      code: 'ALUDEL_LOCK_TIMEOUT',
      message: expect.stringMatching(/^Another run holds the migration lock: session \d+ /),
    });
    await first.release();
  });

  it('does not keep runners of other databases out', async () => {
    const [one, two] = [await createDatabase(url), await createDatabase(url)];
    const options = { key: 'k', timeout: 0, onWait: () => {} };
    const first = await dialect.acquireLock({ ...options, connect: () => one.connect() });
    const second = await dialect.acquireLock({ ...options, connect: () => two.connect() });
    await first.verify();
    await second.verify();
  });

  it('notices when the lock is not held any more', async () => {
    const engine = await createDatabase(url);
    const connection = await engine.connect();
    const lock = await dialect.acquireLock({
      key: 'k',
      timeout: 0,
      onWait: () => {},
      connect: () => Promise.resolve(connection),
    });
    const { rows } = await connection.execute('SELECT RELEASE_ALL_LOCKS() AS released');
    expect(Number(rows[0]?.['released'])).toBe(1);
    await expect(lock.verify()).rejects.toMatchObject({ code: 'ALUDEL_POOLED_CONNECTION' });
  });
});
