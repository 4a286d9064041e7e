/** Gives sessions their dialects: `orm/` cannot import what knows all of them, so it is handed over from here. */
import { dialectOf } from './connect.js';
import type { Engine } from './engine/connection.js';
import { createSessionMaker, type SessionMaker } from './orm/session/session-maker.js';
import type { SessionOptions } from './orm/session/session-options.js';
import { openTestSession, type TestSession } from './orm/session/test-session.js';

/**
 * Makes the sessions of an engine. One for each program.
 * @example
 * const db = sessionMaker(createEngine('postgresql://localhost/app'));
 * await db.begin(async (session) => { session.add(new User({ email: 'ann@example.com' })); });
 */
export function sessionMaker(engine: Engine, options: SessionOptions = {}): SessionMaker {
  return createSessionMaker(engine, options, dialectOf);
}

/**
 * A session for one test: it may commit as it likes, and `rollback()` at the end undoes everything. Of a session maker it
 * has the options and the listeners.
 * @example const { session, rollback } = await testSession(engine);
 */
export function testSession(source: Engine | SessionMaker, options: SessionOptions = {}): Promise<TestSession> {
  return openTestSession(source, options, dialectOf);
}
