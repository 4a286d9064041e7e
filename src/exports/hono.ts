/** `aludel/hono`: one session for each request of Hono 4. */
import type { SessionMaker } from '../orm/session/session-maker.js';
import { isClientOrServerError, ROLLED_BACK, type RequestSessionOptions } from './request-session.js';

export type { RequestSessionOptions } from './request-session.js';

/** What is used of Hono's context; its own type fits. */
export interface HonoContext {
  readonly res: { readonly status: number };
  readonly error?: Error | undefined;
}

export type HonoMiddleware<C> = (context: C, next: () => Promise<void>) => Promise<void>;

/**
 * A middleware that gives every request a session, as `db.current()` in all that handles it. It is committed before the
 * answer is sent, and rolled back when its status is 400 or more. When the commit fails, Hono's error handler answers.
 * @example app.use(sessionPerRequest(db));
 */
export function sessionPerRequest<C extends HonoContext>(
  db: SessionMaker,
  { session, isFailure = isClientOrServerError }: RequestSessionOptions<C> = {},
): HonoMiddleware<C> {
  return async (context, next) => {
    const handle = async (): Promise<void> => {
      await next();
      if (context.error !== undefined || isFailure(context.res.status)) throw ROLLED_BACK;
    };
    await db.run(handle, session?.(context) ?? {}).catch((error: unknown) => {
      if (error !== ROLLED_BACK) throw error;
    });
  };
}
