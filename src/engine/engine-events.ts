/** What an engine tells: each statement, and where its connections go. */
import { tracingChannel } from 'node:diagnostics_channel';
import { AludelError } from '../errors.js';
import type { DialectName, PoolEvent, PoolEventName, QueryEvent, SlowQueryOptions } from './connection.js';

/** What subscribers of the diagnostics channels `tracing:aludel:query:*` get. */
export interface QueryTrace {
  readonly sql: string;
  /** Undefined unless `hideParameters` is false. */
  readonly params: readonly unknown[] | undefined;
  readonly dialect: DialectName;
  /** `host:port` or a file. */
  readonly place: string;
}

type QueryListener = (event: QueryEvent) => void;
type PoolListener = (event: PoolEvent) => void | Promise<void>;

export class EngineEvents {
  readonly #queries: Set<QueryListener> = new Set();
  readonly #pool: Record<PoolEventName, Set<PoolListener>> = {
    connect: new Set(),
    checkout: new Set(),
    checkin: new Set(),
    close: new Set(),
  };

  get hasQueryListeners(): boolean {
    return this.#queries.size > 0;
  }

  on(event: string, ...rest: readonly unknown[]): () => void {
    if (event === 'query') return add(this.#queries, rest[0] as QueryListener);
    if (Object.hasOwn(this.#pool, event)) return add(this.#pool[event as PoolEventName], rest[0] as PoolListener);
    if (event !== 'slowQuery') {
      throw new AludelError('ALUDEL_USAGE', `An engine has no event "${event}".`, {
        hint: `Choose one of: query, slowQuery, ${Object.keys(this.#pool).join(', ')}.`,
      });
    }
    const [{ milliseconds }, listener] = rest as [SlowQueryOptions, QueryListener];
    return add(this.#queries, (query) => {
      if (query.milliseconds >= milliseconds) listener(query);
    });
  }

  tellQuery(event: QueryEvent): void {
    for (const listener of this.#queries) listener(event);
  }

  /** A promise where somebody listens: to wait for nothing costs a short session more than its statement. */
  tellPool(event: PoolEventName, facts: () => PoolEvent): Promise<void> | undefined {
    return this.#pool[event].size === 0 ? undefined : this.#tellPool(event, facts());
  }

  async #tellPool(event: PoolEventName, facts: PoolEvent): Promise<void> {
    for (const listener of this.#pool[event]) await listener(facts);
  }
}

function add<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const channel = tracingChannel<string, object>('aludel:query');

/** True where somebody subscribes to the channels of `traceQuery`. */
export function areQueriesTraced(): boolean {
  const { start, asyncEnd, error } = channel;
  return start.hasSubscribers || asyncEnd.hasSubscribers || error.hasSubscribers;
}

/** Runs a statement where tracers see it: https://nodejs.org/api/diagnostics_channel.html#tracingchanneltracepromisefn-context-thisarg-args */
export function traceQuery<T>(trace: () => QueryTrace, run: () => Promise<T>): Promise<T> {
  if (!areQueriesTraced()) return run();
  return channel.tracePromise(run, trace());
}
