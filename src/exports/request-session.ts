/** One session for each request of a web server: what the adapters of the frameworks share. */
import type { SessionMaker } from '../orm/session/session-maker.js';
import type { SessionOptions } from '../orm/session/session-options.js';

export interface RequestSessionOptions<R> {
  /**
   * The options of the session of a request: who acts, whether it only reads. Default: those of the session maker.
   * @example { session: (request) => ({ info: { userId: request.userId }, readOnly: request.method === 'GET' }) }
   */
  readonly session?: (request: R) => SessionOptions;
  /** Whether an answer with this status rolls back. Default: from 400 on. */
  readonly isFailure?: (status: number) => boolean;
}

/** Thrown to roll back, and caught again. */
export const ROLLED_BACK: Error = new Error('The answer says that the request has failed.');

/**
 * The session of a request, as `db.current()` for everything that `handle` starts. Nothing is opened before its first
 * statement.
 */
export class RequestSession {
  readonly #done: Promise<void>;
  #end: (isFailure: boolean) => void = () => undefined;

  constructor(db: SessionMaker, options: SessionOptions, handle: () => void) {
    const run = (): Promise<void> =>
      new Promise((commit, rollBack) => {
        this.#end = (isFailure) => (isFailure ? rollBack(ROLLED_BACK) : commit());
        // Not yet: a handler that answers at once must find everything in place that ends the session.
        queueMicrotask(handle);
      });
    this.#done = db.run(run, options).catch((error: unknown) => {
      if (error !== ROLLED_BACK) throw error;
    });
    // Whoever ends the request sees the error.
    this.#done.catch(() => undefined);
  }

  /** Commits or rolls back, once, and waits for it. */
  end(isFailure: boolean): Promise<void> {
    this.#end(isFailure);
    return this.#done;
  }
}

export function isClientOrServerError(status: number): boolean {
  return status >= 400;
}
