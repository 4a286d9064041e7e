import { expect, it } from 'vitest';
import { describeEach } from '../../support/describe-each.js';
import { createDatabase, servers } from './support/database.js';

describeEach(servers, '$name', ({ dialect, url }) => {
  it('lets one runner in at a time and tells the next whom it waits for', async () => {
    const engine = await createDatabase(url);
    const connect = () => engine.connect();
    const options = { key: 'aludel_version', connect };
    const first = await dialect.acquireLock({ ...options, timeout: 1000, onWait: () => {}, worker: await connect() });
    let second = Promise.resolve(first);
    const worker = await connect();
    const holder = await new Promise<string>((resolve) => {
      second = dialect.acquireLock({ ...options, timeout: 10_000, onWait: resolve, worker });
    });
    expect(holder).toMatch(/^session \d+ \(user root, from .+\)$/);
    await first.verify();
    await first.release();
    const taken = await second;
    await taken.verify();
    await taken.release();
    await worker.close();
  });

  it('gives up with a name when the time is over', async () => {
    const engine = await createDatabase(url);
    const connect = () => engine.connect();
    const options = { key: 'k', onWait: () => {}, connect };
    const first = await dialect.acquireLock({ ...options, timeout: 1000, worker: await connect() });
    const other = dialect.acquireLock({ ...options, timeout: 0, worker: await connect() });
    await expect(other).rejects.toMatchObject({
      code: 'ALUDEL_LOCK_TIMEOUT',
      message: expect.stringMatching(/^Another run holds the migration lock: session \d+ /),
    });
    await first.release();
  });

  it('does not keep runners of other databases out', async () => {
    const [one, two] = [await createDatabase(url), await createDatabase(url)];
    const options = { key: 'k', timeout: 0, onWait: () => {} };
    const first = await dialect.acquireLock({
      ...options,
      connect: () => one.connect(),
      worker: await one.connect(),
    });
    const second = await dialect.acquireLock({
      ...options,
      connect: () => two.connect(),
      worker: await two.connect(),
    });
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
      worker: await engine.connect(),
    });
    const { rows } = await connection.execute('SELECT RELEASE_ALL_LOCKS() AS released');
    expect(Number(rows[0]?.['released'])).toBe(1);
    await expect(lock.verify()).rejects.toMatchObject({ code: 'ALUDEL_POOLED_CONNECTION' });
  });
});
