/** Where sessions come from: one maker for each engine, for the whole life of the program. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { AludelError } from '../../errors.js';
import type { Dialect } from '../../dialects/dialect.js';
import type { Engine } from '../../engine/connection.js';
import { withRetries } from '../../engine/retries.js';
import { Session, type SessionOptions } from './session.js';
import { type DialectOf, OwnTransaction } from './transaction.js';

export interface BeginSessionOptions extends SessionOptions {
  /** How often `fn` runs again, in a new session, after a deadlock or a serialization failure. Default: 0. */
  readonly retries?: number;
}

export interface SessionMaker {
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
  const scope = new AsyncLocalStorage<Session>();
  let dialect: Dialect | undefined;
  const findDialect: DialectOf = async (connection) => (dialect ??= await dialectOf(connection));
  const make = (options: SessionOptions = {}): Session => {
    const all = { ...defaults, ...options };
    const { mode = 'immediate', isolationLevel } = all;
    return new Session(new OwnTransaction(engine, findDialect, { mode, isolationLevel, withFirst: true }), all);
  };
  const begin: SessionMaker['begin'] = (fn, options = {}) => {
    const once = async (): ReturnType<typeof fn> => {
      const session = make(options);
      try {
        const value = await fn(session);
        await session.commit();
        return value;
      } finally {
        await session.close();
      }
    };
    return withRetries(once, { retries: options.retries ?? 0 });
  };
  return Object.assign(make, {
    begin,
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
}
