import { describe, expect, it } from 'vitest';
import { setTimeout as wait } from 'node:timers/promises';
import {
  createEngine,
  declarativeBase,
  integer,
  PoolTimeoutError,
  select,
  sessionMaker,
  StaleRowError,
  varchar,
  version,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();
class Counter extends Base.table('counters', { id: integer().primaryKey(), name: varchar(20), v: version() }) {}
Base.register(Counter);

describe.each(dialects)('$name', (dialect) => {
  const { db, rows, url } = useDatabase(dialect, Base);

  it('lets one of two sessions that change a row win', async () => {
    await db().begin(async (s) => s.add(new Counter({ id: 1, name: 'x' })));
    const read = (): Promise<Counter> => db().begin((s) => s.getOne(Counter, 1));
    const [first, second] = [await read(), await read()];
    const change = (counter: Counter, name: string): Promise<void> =>
      db().begin(async (s) => {
        s.add(counter);
        counter.name = name;
      });
    const results = await Promise.allSettled([change(first, 'first'), change(second, 'second')]);
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(failed).toEqual([expect.any(StaleRowError)]);
    expect(await rows('SELECT v FROM counters')).toEqual([[2]]);
  });

  it('names the call that made a session open the connection for which others wait', async () => {
    const { stackTraceLimit } = Error;
    // As Node has it: the frames of a session alone are more.
    Error.stackTraceLimit = 10;
    const narrow = createEngine(url(), { pool: { size: 1, overflow: 0, timeout: 50 } });
    const s = sessionMaker(narrow)({ mode: 'deferred' });
    try {
      await s.get(Counter, 1);
      const error: unknown = await narrow.connect().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PoolTimeoutError);
      expect((error as Error).message).toContain('concurrency.dialect.test.ts');
      await s.close();
      const refused = narrow.transaction(() => narrow.connect(), { mode: 'deferred' });
      await expect(refused).rejects.toThrow('concurrency.dialect.test.ts');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      await s.close();
      await narrow.dispose();
    }
  });

  it.runIf(dialect.name === 'sqlite')('lets twenty sessions write to one file, and the event loop run', async () => {
    let ticks = 0;
    const timer = setInterval(() => void (ticks += 1), 10);
    await Promise.all(
      Array.from({ length: 20 }, (_, id) =>
        db().begin(async (s) => {
          s.add(new Counter({ id: id + 1, name: 'x' }));
          await s.flush();
          await wait(10);
          expect((await s.all(select(Counter))).length).toBe(id + 1);
        }),
      ),
    );
    clearInterval(timer);
    expect(await rows('SELECT count(*) FROM counters')).toEqual([[20]]);
    expect(ticks).toBeGreaterThan(10);
  });

  it.runIf(dialect.name !== 'sqlite')('says that its connection was lost, and goes on with another', async () => {
    const s = db()();
    s.add(new Counter({ id: 1, name: 'x' }));
    await s.flush();
    const isPostgres = dialect.name === 'postgres';
    const [row] = (await s.execute(`SELECT ${isPostgres ? 'pg_backend_pid()' : 'CONNECTION_ID()'} AS id`)).rows;
    await rows(isPostgres ? `SELECT pg_terminate_backend(${row?.['id']})` : `KILL ${row?.['id']}`);
    await expect(s.execute('SELECT 1')).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_LOST' });
    await s.rollback();
    s.add(new Counter({ id: 2, name: 'y' }));
    await s.commit();
    await s.close();
    expect(await rows('SELECT id FROM counters')).toEqual([[2]]);
  });
});
