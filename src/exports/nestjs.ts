/** `aludel/nestjs`: one session for each request of NestJS 10 or 11. */
import type { SessionMaker } from '../orm/session/session-maker.js';
import type { SessionOptions } from '../orm/session/session-options.js';

/** What is used of an RxJS Observable; its own type fits. */
export interface NestObservable {
  subscribe(observer: NestObserver): unknown;
}

export interface NestObserver {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** What is used of an ExecutionContext; its own type fits. */
export interface NestContext {
  getHandler(): object;
}

export interface NestSessionOptions {
  /** The options of the session of a request, which `context.switchToHttp().getRequest()` gives. Default: the maker's. */
  readonly session?: (context: never) => SessionOptions;
}

/**
 * An interceptor that gives every request a session, as `db.current()` in the controllers and what they call. It is
 * committed before the answer is sent, and rolled back when the handler throws. When the commit fails, Nest's exception
 * filters answer. `@Sse()` handlers get none: a stream of events is no piece of work that ends.
 * @example app.useGlobalInterceptors(new SessionInterceptor(db));
 */
export class SessionInterceptor {
  readonly #db: SessionMaker;
  readonly #options: NestSessionOptions;

  constructor(db: SessionMaker, options: NestSessionOptions = {}) {
    this.#db = db;
    this.#options = options;
  }

  async intercept<O extends NestObservable>(context: NestContext, next: { handle(): O }): Promise<O> {
    if (isEventStream(context.getHandler())) return next.handle();
    return this.#db.run(
      async () => {
        // Nest binds the handler to the context in which it is asked for.
        const source = next.handle();
        const values: unknown[] = [];
        await new Promise<void>((complete, error) => {
          source.subscribe({ next: (value) => values.push(value), error, complete });
        });
        // An Observable of the program's own RxJS, so that this module needs none.
        const Observable = source.constructor as new (subscribe: (observer: NestObserver) => void) => O;
        return new Observable((observer) => {
          for (const value of values) observer.next(value);
          observer.complete();
        });
      },
      this.#options.session?.(context as never),
    );
  }
}

/** What `@Sse()` leaves behind by Nest's reflect-metadata: https://docs.nestjs.com/techniques/server-sent-events */
function isEventStream(handler: object): boolean {
  const { getMetadata } = Reflect as { getMetadata?: (key: string, target: object) => unknown };
  return getMetadata?.('__sse__', handler) === true;
}
