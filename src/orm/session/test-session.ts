import type { Engine } from '../../engine/connection.js';
import { partsOf, type SessionMaker } from './session-maker.js';
import { Session } from './session.js';
import type { SessionOptions } from './session-options.js';
import { type DialectOf, JoinedTransaction } from './transaction.js';

/** A session for one test, inside a transaction that is never committed. */
export interface TestSession {
  /** Its `commit()` releases a savepoint, and its `rollback()` goes back to one: nothing reaches other connections. */
  readonly session: Session;
  /** Undoes everything. */
  rollback(): Promise<void>;
}

export async function openTestSession(
  source: Engine | SessionMaker,
  options: SessionOptions,
  dialectOf: DialectOf,
): Promise<TestSession> {
  const { engine, defaults, events } = partsOf(source);
  const connection = await engine.connect();
  const dialect = await dialectOf(connection);
  await connection.begin();
  const session = new Session(new JoinedTransaction({ connection, dialect }), { ...defaults, ...options }, events);
  return {
    session,
    rollback: async () => {
      await session.close();
      await connection.rollback();
      await connection.close();
    },
  };
}
