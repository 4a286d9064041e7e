/**
 * What a session does one thing after the other: its transaction, the flush before each statement that reads, and why
 * nothing goes on after a flush that has failed.
 */
import { AludelError } from '../../errors.js';
import type { ArrayQuery, ArrayResult, DialectName } from '../../engine/connection.js';
import type { LoadTarget } from '../loading/hydrate.js';
import { relationLoader } from '../loading/relation-loader.js';
import type { Mapper } from '../mapping/mapper.js';
import { CriteriaSet, withCriteria } from '../query/criteria.js';
import type { EventRegistry, SessionEvent } from './event-registry.js';
import type { ListenerHost } from './flush-events.js';
import { flushSession } from './flush-session.js';
import { RollbackNeededError } from './session-errors.js';
import { SessionObjects } from './session-objects.js';
import type { SessionOptions } from './session-options.js';
import { SessionQueue } from './session-queue.js';
import type { Active, Transaction } from './transaction.js';

export class SessionCore {
  readonly objects: SessionObjects;
  readonly target: LoadTarget;
  readonly criteria: CriteriaSet;
  /** What listeners are given. */
  readonly #session: object;
  readonly #transaction: Transaction;
  readonly #options: SessionOptions;
  readonly #events: EventRegistry;
  readonly #queue: SessionQueue = new SessionQueue();
  /** Calls within which nothing is flushed. */
  #quiet = 0;
  /** Why the transaction is over; only a rollback clears it. */
  #failure: { readonly cause: unknown } | undefined;
  /** The open transaction, with the listeners of queries around its connection. */
  #active: Active | undefined;

  constructor(session: object, transaction: Transaction, options: SessionOptions, events: EventRegistry) {
    this.#session = session;
    this.#transaction = transaction;
    this.#options = options;
    this.#events = events;
    this.criteria = new CriteriaSet(options.criteria ?? []);
    const load = relationLoader({
      target: () => this.target,
      read: (task) => this.read('a relation', task),
      withOptions: (active, each) => (this.#quiet > 0 ? active : withCriteria(active, each)),
    });
    this.objects = new SessionObjects(load, ({ entity, row }, event, property, value) => {
      for (const listener of events.of(event, entity, property)) {
        listener(entity, { session, value, before: row[property] });
      }
    });
    this.target = { identity: this.objects.identity, link: this.objects };
  }

  get dialect(): DialectName {
    return this.#transaction.dialect;
  }

  /** The open transaction, if there is one. */
  get active(): Active | undefined {
    return this.#active;
  }

  /** True where only the database knows whether rows of a model may be seen. */
  isHidden(mapper: Mapper): boolean {
    return this.#isFiltered && this.criteria.of(mapper, mapper.definition).length > 0;
  }

  /** Runs `task` without flushing before what it reads, and seeing every row. */
  async quietly<T>(task: () => Promise<T>): Promise<T> {
    this.#quiet += 1;
    try {
      return await task();
    } finally {
      this.#quiet -= 1;
    }
  }

  /** Flushes if need be, then reads. `what` names the statement for the error of a flush. */
  read<T>(what: string, task: (active: Active) => Promise<T>): Promise<T> {
    if (this.#queue.isInside) return this.#start().then((active) => task(this.#seen(active)));
    return this.#queue.run(async () => {
      this.#refuseFailed();
      if (this.#options.autoflush !== false && this.#quiet === 0 && this.objects.hasWork) {
        try {
          await this.#flush(true);
        } catch (error) {
          throw explainAutoflush(error, what);
        }
      }
      return await task(this.#seen(this.#active ?? (await this.#start())));
    });
  }

  /** Runs when everything before it is done. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(task);
  }

  flush(): Promise<void> {
    return this.#alone('flush', () => this.#flush(false));
  }

  async commit(): Promise<void> {
    await this.#emit('beforeCommit');
    await this.#alone('commit', async () => {
      this.#refuseNested('commit');
      await this.#flush(false);
      try {
        this.#active = undefined;
        await this.#transaction.commit();
      } catch (cause) {
        this.#failure = { cause };
        throw cause;
      }
      if (this.#options.expireOnCommit === true) this.objects.expireAll();
      this.objects.committed();
    });
    await this.#emit('afterCommit');
  }

  rollback(): Promise<void> {
    return this.#rollback('rollback', () => this.#refuseNested('rollback'));
  }

  close(): Promise<void> {
    return this.#rollback('close', undefined, () => this.objects.clear());
  }

  async nested<T>(fn: () => Promise<T>): Promise<T> {
    const { connection } = await this.#alone('begin a savepoint', async () => {
      await this.#flush(false);
      this.#refuseFailed();
      const active = await this.#start();
      this.objects.log.push();
      return active;
    });
    try {
      const value = await connection.savepoint(async () => {
        const result = await fn();
        await this.flush();
        return result;
      });
      this.objects.log.release();
      return value;
    } catch (error) {
      this.#failure = undefined;
      this.objects.restore();
      throw error;
    }
  }

  get #listeners(): ListenerHost {
    const call: ListenerHost['call'] = async (listener, ...args) => {
      await this.#queue.call(() => listener(...args));
    };
    return { events: this.#events, session: this.#session, call };
  }

  #refuseNested(verb: string): void {
    if (this.objects.log.depth === 1) return;
    throw new AludelError('ALUDEL_OBJECT_STATE', `The session cannot ${verb} inside nested().`, {
      hint: 'Return from nested() to keep its changes, throw to undo them.',
    });
  }

  #refuseFailed(): void {
    if (this.#failure !== undefined) throw new RollbackNeededError(this.#failure.cause);
  }

  /** Waits for its turn; a listener that this session waits for never gets one. */
  #alone<T>(verb: string, task: () => Promise<T>): Promise<T> {
    if (!this.#queue.isInside) return this.#queue.run(task);
    return Promise.reject(
      new AludelError('ALUDEL_OBJECT_STATE', `A listener of a flush cannot ${verb} the session that is flushed.`, {
        hint: 'What it adds and changes is written by the same flush; read, or use another session.',
      }),
    );
  }

  async #emit(event: SessionEvent): Promise<void> {
    for (const listener of this.#events.of(event)) await listener(this.#session);
  }

  /** The transaction, begun if need be. */
  async #start(): Promise<Active> {
    if (this.#active !== undefined) return this.#active;
    const active = await this.#transaction.start();
    this.#active = this.#events.has('query') ? { ...active, send: (query) => this.#send(active, query) } : active;
    try {
      for (const listener of this.#events.of('afterBegin')) await this.#queue.call(() => listener(this.#session));
    } catch (error) {
      // What it prepares may be who sees which rows: nothing runs without it.
      this.#active = undefined;
      await this.#transaction.rollback();
      throw error;
    }
    return this.#active;
  }

  #send({ connection }: Active, query: ArrayQuery): Promise<ArrayResult> {
    const { sql, params = query.each?.flat() ?? [] } = query;
    const around = this.#events.of('query').map((listener) => listener as QueryHook);
    const next = around.reduceRight<() => Promise<ArrayResult>>(
      (inner, listener) => async () => this.#queue.call(() => listener({ session: this.#session, sql, params }, inner)),
      () => connection.query(query),
    );
    return next();
  }

  async #rollback(verb: string, check?: () => void, after?: () => void): Promise<void> {
    const wasOpen = await this.#alone(verb, async () => {
      check?.();
      const isOpen = this.#active !== undefined;
      this.#active = undefined;
      this.#failure = undefined;
      this.objects.rollback();
      after?.();
      await this.#transaction.rollback();
      return isOpen;
    });
    if (wasOpen) await this.#emit('afterRollback');
  }

  get #isFiltered(): boolean {
    return !this.criteria.isEmpty && this.#quiet === 0;
  }

  /** With what every row must meet to be read. */
  #seen(active: Active): Active {
    return this.#isFiltered ? { ...active, criteria: this.criteria } : active;
  }

  async #flush(isAutoflush: boolean): Promise<void> {
    this.#refuseFailed();
    try {
      const start = (): Promise<Active> => {
        this.refuseReadOnly();
        return this.#start();
      };
      await flushSession(this.objects, this.target, start, { isAutoflush }, this.#listeners);
    } catch (cause) {
      this.#failure = { cause };
      // A savepoint is rolled back by who made it.
      if (this.objects.log.depth === 1) await this.#transaction.rollback().catch(() => undefined);
      throw cause;
    }
  }

  /** @throws AludelError ALUDEL_OBJECT_STATE where the session only reads: on SQLite nobody else would say so. */
  refuseReadOnly(): void {
    if (this.#options.readOnly !== true) return;
    throw new AludelError('ALUDEL_OBJECT_STATE', 'The session is for reading alone, and has something to write.', {
      hint: 'Open it without { readOnly: true }.',
    });
  }
}

type QueryHook = (query: object, next: () => Promise<ArrayResult>) => Promise<ArrayResult>;

/** Both statements: the one that failed, and the one that asked for the flush. */
function explainAutoflush(error: unknown, what: string): unknown {
  if (!(error instanceof AludelError)) return error;
  error.message = `${error.message} (in the flush before ${what})`;
  return error;
}
