import { AssertionError } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import type { QueryTrace } from '../engine/engine-events.js';

/** What opens and closes transactions; and what MySQL is asked once for each connection. */
const CONTROL = /^(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |PRAGMA |SELECT @@)/;

/** The statements of every call of `expectQueries` that is under way. */
const calls: AsyncLocalStorage<string[]> = new AsyncLocalStorage();
let isSubscribed = false;

/**
 * Runs `fn` and gives what it gives, when it has sent just `count` statements, on whichever engine and connection; those that
 * begin and end transactions do not count. Calls may run at the same time, and within each other: each counts its own.
 * @throws AssertionError with the statements that were sent.
 * @example const page = await expectQueries(3, () => searchTickets(session, { tags: ['billing'] }));
 */
export async function expectQueries<T>(count: number, fn: () => Promise<T>): Promise<T> {
  subscribe();
  const sent: string[] = [];
  const value = await calls.run(sent, fn);
  if (sent.length === count) return value;
  const list = sent.map((sql, i) => `  ${i + 1}. ${sql}`).join('\n');
  throw new AssertionError({
    message: `Expected ${count} statements, and ${sent.length} ${sent.length === 1 ? 'was' : 'were'} sent${list === '' ? '.' : `:\n${list}`}`,
    actual: sent.length,
    expected: count,
    operator: 'expectQueries',
    stackStartFn: expectQueries,
  });
}

function subscribe(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  tracingChannel<string, QueryTrace>('aludel:query').start.subscribe((message) => {
    const { sql } = message as QueryTrace;
    if (!CONTROL.test(sql)) calls.getStore()?.push(sql);
  });
}
