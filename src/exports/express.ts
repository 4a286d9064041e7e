/** `aludel/express`: one session for each request of Express 4 or 5. */
import type { SessionMaker } from '../orm/session/session-maker.js';
import { isClientOrServerError, RequestSession, type RequestSessionOptions } from './request-session.js';

export type { RequestSessionOptions } from './request-session.js';

/** What is used of Express's response; its own type fits. */
export interface ExpressResponse {
  statusCode: number;
  readonly headersSent: boolean;
  end: (...args: never[]) => unknown;
  getHeaderNames(): string[];
  removeHeader(name: string): void;
  once(event: 'close', listener: () => void): unknown;
}

export type ExpressMiddleware<R> = (request: R, response: ExpressResponse, next: (error?: unknown) => void) => void;

/**
 * A middleware that gives every request a session, as `db.current()` in all that handles it. It is committed before the
 * answer ends, and rolled back when its status is 400 or more or the client has gone away. When the commit fails, the
 * error goes to Express's error handlers in the place of the answer.
 * @example app.use(sessionPerRequest(db));
 */
export function sessionPerRequest<R = unknown>(
  db: SessionMaker,
  { session, isFailure = isClientOrServerError }: RequestSessionOptions<R> = {},
): ExpressMiddleware<R> {
  return (request, response, next) => {
    const { end } = response;
    const restore = (): void => {
      response.end = end;
    };
    const scope = new RequestSession(db, session?.(request) ?? {}, next);
    let answer: never[] | undefined;
    const finish = async (): Promise<void> => {
      try {
        await scope.end(isFailure(response.statusCode));
      } catch (error) {
        restore();
        for (const name of response.headersSent ? [] : response.getHeaderNames()) response.removeHeader(name);
        next(error);
        return;
      }
      restore();
      end.apply(response, answer ?? []);
    };
    response.end = (...args: never[]) => {
      const isFirst = answer === undefined;
      // A handler that fails behind its answer has Express answer in its place.
      if (isFirst || args.length > 0) answer = args;
      if (isFirst) void finish();
      return response;
    };
    response.once('close', () => {
      restore();
      void scope.end(true).catch(() => undefined);
    });
  };
}
