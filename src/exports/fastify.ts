/** `aludel/fastify`: one session for each request of Fastify 4 or 5. */
import { PassThrough, pipeline, Readable } from 'node:stream';
import { callbackify } from 'node:util';
import type { SessionMaker } from '../orm/session/session-maker.js';
import { isClientOrServerError, RequestSession, type RequestSessionOptions } from './request-session.js';

export type { RequestSessionOptions } from './request-session.js';

/** What is used of a Fastify instance; its own type fits. */
export interface FastifyHooks {
  // Of its many overloads none fits a plainer type.
  readonly addHook: (...args: never[]) => unknown;
}

export type FastifySessions = (instance: FastifyHooks, options: object, done: () => void) => void;

type AddHook = (name: string, hook: (...args: never[]) => unknown) => unknown;

/**
 * A plugin that gives every request a session, as `db.current()` in all that handles it. It is committed before the answer
 * is sent, and rolled back when its status is 400 or more or the client has gone away. When the commit fails, Fastify's
 * error handler answers.
 * @example await app.register(sessions(db));
 */
export function sessions<R extends object>(
  db: SessionMaker,
  { session, isFailure = isClientOrServerError }: RequestSessionOptions<R> = {},
): FastifySessions {
  const scopes = new WeakMap<R, RequestSession>();
  const plugin: FastifySessions = (instance, _options, done) => {
    const addHook = instance.addHook.bind(instance) as AddHook;
    addHook('onRequest', (request: R, _reply: never, next: () => void) => {
      scopes.set(request, new RequestSession(db, session?.(request) ?? {}, next));
    });
    addHook('onSend', async (request: R, reply: { readonly statusCode: number }, payload: unknown) => {
      const scope = scopes.get(request);
      const end = async (): Promise<void> => scope?.end(isFailure(reply.statusCode));
      // Where it was the commit that failed, its error has broken the answer off.
      const rollBack = (): void => void scope?.end(true).catch(() => undefined);
      if (payload instanceof Readable) return endWithStream(payload, end, rollBack);
      await end();
      return payload;
    });
    addHook('onRequestAbort', async (request: R) => {
      await scopes.get(request)?.end(true);
    });
    done();
  };
  // For the instance itself, not for a context of the plugin's own: https://fastify.dev/docs/latest/Reference/Plugins/#handle-the-scope
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/** The same stream, whose rows may be read by the session while it is sent: its end waits for the commit. */
function endWithStream(payload: Readable, commit: () => Promise<void>, rollBack: () => void): Readable {
  const sent = new PassThrough({ flush: callbackify(commit) });
  return pipeline(payload, sent, (error) => {
    if (error) rollBack();
  });
}
