/** Where sessions come from: one maker for each engine, for the whole life of the program. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { AludelError } from '../../errors.js';
import type { Dialect } from '../../dialects/dialect.js';
import type { Engine } from '../../engine/connection.js';
import { placeOfCall } from '../../engine/holder.js';
import { withRetries } from '../../engine/retries.js';
import { checkOptions, type KnownOptions } from '../../util/known-options.js';
import { EventRegistry } from './event-registry.js';
import { type EventSource, listen } from './event-source.js';
import { Session } from './session.js';
import type { SessionOptions } from './session-options.js';
import { type DialectOf, OwnTransaction } from './transaction.js';

export interface BeginSessionOptions extends SessionOptions {
  /** How often `fn` runs again, in a new session, after a deadlock or a serialization failure. Default: 0. */
  readonly retries?: number;
}

const KNOWN: KnownOptions<BeginSessionOptions> = {
  autoflush: true,
  expireOnCommit: true,
  mode: true,
  isolationLevel: true,
  readOnly: true,
  criteria: true,
  info: true,
  retries: true,
};

export interface SessionMaker extends EventSource {
  /** A new session. Nothing is opened before its first statement; `close()` it, or use `await using`. */
  (options?: SessionOptions): Session;
  /**
   * Runs `fn` with a session of its own: committed when it returns, rolled back when it throws, closed in any case.
   * @example const id = await db.begin(async (session) => { session.add(ticket); await session.flush(); return ticket.id; });
   */
  begin<T>(fn: (session: Session) => Promise<T>, options?: BeginSessionOptions): Promise<T>;
  /** As `begin`, with the session known to `current()` in everything that `fn` calls: for the request of a web server. */
  run<T>(fn: (session: Session) => Promise<T>, options?: BeginSessionOptions): Promise<T>;
  /** The session of the `run()` around this call. @throws AludelError ALUDEL_OBJECT_STATE when there is none. */
  current(): Session;
}

export function createSessionMaker(engine: Engine, defaults: SessionOptions, dialectOf: DialectOf): SessionMaker {
  checkOptions('sessionMaker', defaults, KNOWN);
  const scope = new AsyncLocalStorage<Session>();
  const events = new EventRegistry();
  let dialect: Dialect | undefined;
  const findDialect: DialectOf = async (connection) => (dialect ??= await dialectOf(connection));
  const open = (options: SessionOptions): { session: Session; transaction: OwnTransaction } => {
    checkOptions('a session', options, KNOWN);
    const criteria = [...(defaults.criteria ?? []), ...(options.criteria ?? [])];
    const all = { ...defaults, ...options, criteria };
    const { mode = all.readOnly === true ? 'deferred' : 'immediate', isolationLevel, readOnly } = all;
    // A session connects at its first statement, far behind the call that made it.
    const begin = { mode, isolationLevel, readOnly, withFirst: true, label: placeOfCall() };
    const transaction = new OwnTransaction(engine, findDialect, begin);
    return { session: new Session(transaction, all, events), transaction };
  };
  const make = (options: SessionOptions = {}): Session => open(options).session;
  const begin: SessionMaker['begin'] = (fn, options = {}) => {
    const once = async (): ReturnType<typeof fn> => {
      const { session, transaction } = open(options);
      try {
        const value = await fn(session);
        await session.commit();
        return value;
      } finally {
        transaction.isLast = true;
        await session.close();
      }
    };
    return withRetries(once, { retries: options.retries ?? 0 });
  };
  const maker = Object.assign(make, {
    begin,
    on: (...args: readonly unknown[]): (() => void) => listen(events, args),
    run: <T>(fn: (session: Session) => Promise<T>, options?: BeginSessionOptions): Promise<T> =>
      begin((session) => scope.run(session, () => fn(session)), options),
    current: (): Session => {
      const session = scope.getStore();
      if (session !== undefined) return session;
      throw new AludelError('ALUDEL_OBJECT_STATE', 'There is no current session here.', {
        hint: 'Call it inside db.run(async () => { ... }), or pass the session on.',
      });
    },
  });
  madeOf.set(maker, { engine, defaults, events });
  return maker;
}

interface MakerParts {
  readonly engine: Engine;
  readonly defaults: SessionOptions;
  readonly events: EventRegistry;
}

const madeOf: WeakMap<Engine | SessionMaker, MakerParts> = new WeakMap();

/** What a session maker was made of; an engine alone has neither options nor listeners. */
export function partsOf(source: Engine | SessionMaker): MakerParts {
  return madeOf.get(source) ?? { engine: source as Engine, defaults: {}, events: new EventRegistry() };
}
