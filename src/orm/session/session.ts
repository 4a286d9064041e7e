/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A session: the objects of one piece of work, each row once, and the transaction that reads and writes them. Calls are
 * queued, so that `Promise.all` over one session is safe. What needs the database gives a promise; the rest does not.
 */
import { AludelError } from '../../errors.js';
import type { Kysely } from 'kysely';
import type { ArrayQuery, ArrayResult, Connection, IsolationLevel, QueryResult } from '../../engine/connection.js';
import { openKysely } from '../../engine/kysely.js';
import { fillColumn, type HydrateOptions, type LoadTarget } from '../loading/hydrate.js';
import { loadBehind } from '../loading/load-behind.js';
import { type LoadPlan, planLoads } from '../loading/load-plan.js';
import type { LoadOption } from '../loading/loaders.js';
import { type ObjectQuery, readObjects } from '../loading/read-objects.js';
import { RelationLoader } from '../loading/relation-loader.js';
import { selectRows } from '../loading/select-rows.js';
import { run, type SqlText } from '../loading/sql-text.js';
import { codecOf } from '../values/codecs.js';
import { identityKey } from '../mapping/column-values.js';
import { Entity, type ObjectState, stateOf } from '../mapping/entity.js';
import { type Mapper, mapperOf } from '../mapping/mapper.js';
import type { ModelOf } from '../query/alias.js';
import { keyPage, type KeyPage, keyQuery, type OffsetPage, type PageByKey, type PageByOffset } from '../query/page.js';
import { type ExplainOptions, explainVerb, readPlan } from '../query/explain.js';
import { prepareSelect, renderPrepared } from '../query/prepare-select.js';
import { renderCount, renderExists } from '../query/render-select.js';
import { runSelect, withCriteria } from '../query/run-select.js';
import { takesBulkRows } from '../query/bulk-rows.js';
import { type Criteria, CriteriaSet } from '../query/criteria.js';
import { openStream } from '../query/stream-select.js';
import { Select } from '../query/select.js';
import { insert, type InsertRow, type Returning, type Write, type WriteTarget } from '../query/write.js';
import { writeTable } from '../query/write-table.js';
import { mapperOfState } from '../unit-of-work/work.js';
import { EventRegistry, type SessionEvent } from './event-registry.js';
import type { ListenerHost } from './flush-events.js';
import { type KeyOf, readKey } from './read-key.js';
import { RollbackNeededError, RowCountError, UnsavedChangesError } from './session-errors.js';
import { SessionObjects } from './session-objects.js';
import { SessionQueue } from './session-queue.js';
import type { Active, Transaction } from './transaction.js';
import { type Find, mergeObjects, type MergeOptions } from './merge.js';
import { flushSession } from './flush-session.js';
import { runCriteria } from './run-criteria.js';
import { runInsert, type WriteResult } from './run-insert.js';

export interface SessionOptions {
  /** Writes what changed before every statement that reads. Default: true. */
  readonly autoflush?: boolean;
  /** Forgets what is loaded at every commit. Default: false. */
  readonly expireOnCommit?: boolean;
  /**
   * SQLite: how the transaction begins. `deferred` suits sessions that only read: one that reads first and writes later
   * fails where another has written in between. Default: `immediate`.
   */
  readonly mode?: 'deferred' | 'immediate';
  /** Of the session's transactions. Default: the engine's. */
  readonly isolationLevel?: IsolationLevel | undefined;
  /** Reads alone, from a replica where the engine has one; a flush with something to write is refused. Default: false. */
  readonly readOnly?: boolean;
  /** What every row must meet to be read; added to what the session maker says. Default: nothing. */
  readonly criteria?: readonly Criteria[];
  /** What listeners and whoever else has the session shall know: who acts, for which request. Default: nothing. */
  readonly info?: Readonly<Record<string, unknown>>;
}

export interface StreamOptions {
  /** Rows in memory at a time. Default: 1000; of `insertMany()` 5000. */
  readonly batch?: number;
}

export interface RefreshOptions {
  /** What is loaded with the object, anew too: `[selectin(Ticket.c.comments)]`. */
  readonly load?: readonly LoadOption[];
  /** Throws unsaved changes away. Default: false, they are an UnsavedChangesError. */
  readonly discard?: boolean;
}

export class Session {
  /** As given in the options; to be read and written by whoever likes. */
  readonly info: Record<string, unknown>;
  readonly #events: EventRegistry;
  readonly #transaction: Transaction;
  readonly #options: SessionOptions;
  readonly #objects: SessionObjects;
  readonly #queue: SessionQueue = new SessionQueue();
  readonly #loader: RelationLoader;
  readonly #criteria: CriteriaSet;
  readonly #target: LoadTarget;
  /** Calls within which nothing is flushed. */
  #quiet = 0;
  /** Why the transaction of this session is over; only a rollback clears it. */
  #failure: { readonly cause: unknown } | undefined;
  /** The open transaction, with the listeners of queries around its connection. */
  #active: Active | undefined;

  constructor(transaction: Transaction, options: SessionOptions = {}, events: EventRegistry = new EventRegistry()) {
    this.#transaction = transaction;
    this.#options = options;
    this.#events = events;
    this.info = { ...options.info };
    this.#criteria = new CriteriaSet(options.criteria ?? []);
    this.#loader = new RelationLoader({
      target: () => this.#target,
      read: (task) => this.#read('a relation', task),
    });
    this.#objects = new SessionObjects(
      (state, property, loadOptions) => this.#loader.load(state, property, loadOptions),
      ({ entity, row }, event, property, value) => {
        for (const listener of events.of(event, entity, property)) {
          listener(entity, { session: this, value, before: row[property] });
        }
      },
    );
    this.#target = { identity: this.#objects.identity, link: this.#objects };
  }

  /** New objects that the next flush inserts. */
  get new(): object[] {
    return [...this.#objects.pending].map((state) => state.entity);
  }

  /** Objects that differ from their rows: exactly those that the next flush would update. */
  get dirty(): object[] {
    this.#objects.detectChanges();
    return [...this.#objects.dirty].filter((state) => this.#objects.isModified(state)).map((state) => state.entity);
  }

  /** Objects that the next flush deletes. */
  get deleted(): object[] {
    return [...this.#objects.toDelete].map((state) => state.entity);
  }

  /** True for an object of this session, new or loaded. */
  has(object: object): boolean {
    return stateOf(object).session === this.#objects;
  }

  /**
   * Takes objects in: new ones are inserted by the next flush, with those that they lead to; those of a former session
   * go on here.
   * @throws AludelError ALUDEL_OBJECT_STATE for objects of another session, or when another object stands for the row.
   */
  add(...objects: readonly object[]): void {
    for (const object of objects) this.#objects.add(stateOf(object));
  }

  /** Marks objects: the next flush deletes them, and what the cascades of their relations say. */
  delete(...objects: readonly object[]): void {
    for (const object of objects) this.#objects.delete(stateOf(object));
  }

  /** Lets objects go: new ones become transient again, loaded ones detached. */
  expunge(...objects: readonly object[]): void {
    for (const object of objects) this.#objects.expunge(stateOf(object));
  }

  /** The object of a key, if it is in this session; no statement is sent. */
  peek<T extends object>(model: ModelOf<T>, key: KeyOf): T | undefined {
    const mapper = mapperOf(model);
    const state = this.#objects.identity.get(mapper, identityKey(mapper.keys, readKey(mapper, key)));
    return state?.entity as T | undefined;
  }

  /**
   * The object of a key, from memory if it is there; null for none. A key of several columns is an array or an object.
   * What is in memory gets the relations that it lacks.
   * @example await session.get(Ticket, 1, selectin(Ticket.c.comments))
   */
  async get<T extends object>(model: ModelOf<T>, key: KeyOf, ...options: readonly LoadOption[]): Promise<T | null> {
    const mapper = mapperOf(model);
    // Only the database knows whether the row meets criteria.
    const isHidden =
      !this.#criteria.isEmpty && this.#quiet === 0 && this.#criteria.of(mapper, mapper.definition).length > 0;
    const known = isHidden ? undefined : this.peek(model, key);
    if (known !== undefined && options.length === 0) return known;
    const values = readKey(mapper, key);
    return this.#read(`get(${mapper.name})`, async (active) => {
      const plan = planLoads(mapper, options);
      const found = known === undefined ? await this.#readByKey(active, plan, values) : stateOf(known);
      if (found !== undefined) await loadBehind(this.#target, active, plan, [found]);
      return (found?.entity ?? null) as T | null;
    });
  }

  /** The object of a key. @throws RowCountError when there is none. */
  async getOne<T extends object>(model: ModelOf<T>, key: KeyOf, ...options: readonly LoadOption[]): Promise<T> {
    const found = await this.get(model, key, ...options);
    if (found === null) throw new RowCountError(`There is no "${model.name}" with this key.`, 0);
    return found;
  }

  /** The rows of a query: objects, values, arrays or objects of them. Known objects keep what they hold, unless `refresh` is set. */
  all<T>(query: Select<T>, options?: HydrateOptions): Promise<T[]>;
  /** The rows that a statement gives back, which says so by `returning()`. */
  all<T>(statement: Returning<T>): Promise<T[]>;
  all<T>(query: Select<T> | Returning<T>, options: HydrateOptions = {}): Promise<T[]> {
    if (!(query instanceof Select)) return this.#write(query).then(({ rows }) => rows as T[]);
    return this.#read(`a query for ${query.label}`, (active) => runSelect(this.#target, active, query, options));
  }

  /** The first row of a query, or null. */
  async first<T>(query: Select<T>, options: HydrateOptions = {}): Promise<T | null> {
    const rows = await this.all(query.limit(Math.min(query.parts.limit ?? 1, 1)), options);
    return rows[0] ?? null;
  }

  /** The only row of a query. @throws RowCountError when there is none, or more than one. */
  async one<T>(query: Select<T>, options: HydrateOptions = {}): Promise<T> {
    const rows = await this.#atMostOne(query, options);
    if (rows.length === 0) throw new RowCountError(`The query for ${query.label} needs one row and gave none.`, 0);
    return rows[0] as T;
  }

  /** The only row of a query, or null. @throws RowCountError when there is more than one. */
  async oneOrNull<T>(query: Select<T>, options: HydrateOptions = {}): Promise<T | null> {
    return (await this.#atMostOne(query, options))[0] ?? null;
  }

  /** Runs `insert()`, `update()` or `deleteFrom()`, after a flush; gives the number of rows that it has written. */
  async run(statement: Write): Promise<{ readonly rowCount: number }> {
    const { rowCount } = await this.#write(statement);
    return { rowCount };
  }

  /**
   * Inserts very many rows as they come, in the fastest way that the database has: COPY on PostgreSQL, LOAD DATA LOCAL on
   * MySQL and MariaDB where the server allows it, one prepared statement on SQLite. All of them or none; nothing is given
   * back, and no events of objects are told.
   * @example const { rowCount } = await session.insertMany(Ticket, readRows('tickets.csv'));
   */
  insertMany<S>(
    target: WriteTarget<S>,
    rows: Iterable<InsertRow<S>> | AsyncIterable<InsertRow<S>>,
    { batch = 5000 }: StreamOptions = {},
  ): Promise<{ readonly rowCount: number }> {
    checkBatch(batch);
    const statement = insert(target);
    return this.nested(async () => {
      const { part } = writeTable(statement.parts);
      const isBulk = await this.#read('insertMany()', (active) => takesBulkRows(active, part));
      let rowCount = 0;
      for await (const values of inBatches(rows, batch)) {
        const { parts } = statement.values(values);
        rowCount += (await this.#write({ parts: { ...parts, isBulk } })).rowCount;
      }
      return { rowCount };
    });
  }

  /** The number of rows that a query gives, without loading any. */
  count(query: Select<unknown>): Promise<number> {
    return this.#read(`the count of ${query.label}`, async (active) => {
      const { rows } = await run(withCriteria(active, query.parts), (text) => renderCount(text, query));
      return Number(rows[0]?.[0]);
    });
  }

  /** True where a query gives a row. */
  exists(query: Select<unknown>): Promise<boolean> {
    return this.#read(`a query for ${query.label}`, async (active) => {
      const { rows } = await run(withCriteria(active, query.parts), (text) => renderExists(text, query));
      return Number(rows[0]?.[0] ?? 0) > 0;
    });
  }

  /**
   * A page of a query and the number of rows in all, in two statements. With `after` instead of `offset`, the page that
   * follows a row: as fast for the last page as for the first, and no row is left out when others come and go.
   * @example const { items, next } = await session.page(select(Ticket).orderBy(Ticket.c.createdAt.desc()), { limit: 50, after: null });
   */
  page<T>(query: Select<T>, page: PageByKey): Promise<KeyPage<T>>;
  page<T>(query: Select<T>, page: PageByOffset): Promise<OffsetPage<T>>;
  async page<T>(query: Select<T>, page: PageByKey | PageByOffset): Promise<KeyPage<T> | OffsetPage<T>> {
    if ('after' in page) {
      return this.#read(`a page of ${query.label}`, async (active) => {
        const wanted = keyQuery(query, page, active.dialect.name);
        return keyPage<T>(await runSelect(this.#target, active, wanted, {}), page.limit);
      });
    }
    const total = await this.count(query);
    return { items: await this.all(query.limit(page.limit).offset(page.offset ?? 0)), total };
  }

  /** How the database would run a query, in its own words; nothing is read of it unless `analyze` is set. */
  explain(query: Select<unknown>, options: ExplainOptions = {}): Promise<string> {
    return this.#read(`a plan for ${query.label}`, async (active) => {
      const { name } = active.dialect;
      const { rows } = await run(
        withCriteria(active, query.parts),
        (text) => `${explainVerb(name, options)} ${renderPrepared(text, prepareSelect(query.parts)).sql}`,
      );
      return readPlan(name, rows);
    });
  }

  /**
   * A Kysely on the connection of this session, in its transaction: each query flushes first. Tables and columns have their
   * names in the database, values are those of the driver. It has no transactions of its own.
   * @example const db = session.kysely<TablesOf<{ users: typeof User }>>();
   */
  kysely<Tables>(): Kysely<Tables> {
    const refuse = (): never => {
      throw new AludelError('ALUDEL_USAGE', 'The transaction of session.kysely() is that of the session.', {
        hint: 'Use session.nested() around what may fail, session.commit() at the end.',
      });
    };
    const connection = {
      query: (query: ArrayQuery) =>
        this.#read('a query of Kysely', (active) => active.send?.(query) ?? active.connection.query(query)),
      begin: refuse,
    } as unknown as Connection;
    return openKysely({ dialect: this.#transaction.dialect, locate: () => null, connectionAt: () => connection });
  }

  /**
   * The rows of a query, a batch at a time in memory: by a cursor of the server where it has one. Objects that came with a
   * batch and were not changed leave the session with it. Loaders run for each batch; joins of collections are refused. The
   * stream ends with its transaction; `break` closes it.
   * @example for await (const ticket of session.stream(select(Ticket), { batch: 500 })) write(ticket);
   */
  async *stream<T>(query: Select<T>, { batch = 1000 }: StreamOptions = {}): AsyncGenerator<T, void, undefined> {
    checkBatch(batch);
    const what = `a stream of ${query.label}`;
    const opened = await this.#read(what, async (active) => ({
      rows: await openStream(active, query),
      in: this.#active,
    }));
    const isOpen = (): boolean => opened.in === this.#active;
    let created: ObjectState[] = [];
    try {
      for (let isOver = false; !isOver;) {
        const items = await this.#read(what, (active) => {
          if (!isOpen()) throw refuseEnded();
          return opened.rows.next({ ...this.#target, created }, active, batch);
        });
        isOver = items.length < batch;
        yield* items;
        this.#objects.release(created);
        created = [];
      }
    } finally {
      if (isOpen()) await this.#queue.run(() => opened.rows.close());
    }
  }

  /** Runs one statement on the connection of this session, after a flush. Placeholders are the driver's own. */
  execute(sql: string, params: readonly unknown[] = []): Promise<QueryResult> {
    return this.#read(sql, (active) => active.connection.execute(sql, params));
  }

  /**
   * PostgreSQL: sets a setting until the transaction of this session ends, for the policies of row-level security.
   * @example await session.setLocal('app.user_id', user.id); // current_setting('app.user_id')::int in a policy
   * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED elsewhere: no other database has settings of a transaction.
   */
  setLocal(name: string, value: string | number | bigint | boolean): Promise<void> {
    return this.#read(`setLocal(${name})`, async ({ connection, dialect }) => {
      if (dialect.name !== 'postgres') {
        throw new AludelError(
          'ALUDEL_OPERATION_UNSUPPORTED',
          `setLocal() is of PostgreSQL, and this is ${dialect.name}.`,
          {
            hint: 'Give the session criteria: db({ criteria: [criteria(Model, (columns) => ...)] }).',
          },
        );
      }
      await connection.query({ sql: 'SELECT set_config($1, $2, true)', params: [name, String(value)] });
    });
  }

  /** Writes what changed, and leaves the transaction open. */
  flush(): Promise<void> {
    return this.#alone('flush', () => this.#flush(false));
  }

  /** Writes what changed, and commits. */
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
      if (this.#options.expireOnCommit === true) this.#objects.expireAll();
      this.#objects.committed();
    });
    await this.#emit('afterCommit');
  }

  /** Rolls back: objects are again what they were when the transaction began, and new ones are transient. */
  rollback(): Promise<void> {
    return this.#rollback('rollback', () => this.#refuseNested('rollback'));
  }

  /** Rolls back and lets all objects go. The session may be used again. */
  close(): Promise<void> {
    return this.#rollback('close', undefined, () => this.#objects.clear());
  }

  /**
   * Runs `fn` in a savepoint, released when it returns. When it throws, the rows and the objects are again what they
   * were before, and the session goes on.
   */
  async nested<T>(fn: (session: this) => Promise<T>): Promise<T> {
    const { connection } = await this.#alone('begin a savepoint', async () => {
      await this.#flush(false);
      this.#refuseFailed();
      const active = await this.#start();
      this.#objects.log.push();
      return active;
    });
    try {
      const value = await connection.savepoint(async () => {
        const result = await fn(this);
        await this.flush();
        return result;
      });
      this.#objects.log.release();
      return value;
    } catch (error) {
      this.#failure = undefined;
      this.#objects.restore();
      throw error;
    }
  }

  /** Forgets columns and relations, all or those named: `refresh` or `load()` reads them again. Changes are lost. */
  expire(object: object, properties?: readonly string[]): void {
    this.#objects.expire(this.#member(object), properties);
  }

  /** Forgets everything that is loaded. */
  expireAll(): void {
    this.#objects.expireAll();
  }

  /**
   * Reads columns and relations again, all columns or what is named.
   * @throws UnsavedChangesError when it would throw changes away; RowCountError when the row is gone.
   */
  async refresh(object: object, properties?: readonly string[], options: RefreshOptions = {}): Promise<void> {
    const state = this.#member(object);
    const mapper = mapperOfState(state);
    const { load = [] } = options;
    const loaded = load.flatMap((each) => (each.kind === 'relation' ? [each.attribute.property] : []));
    const isRead = (name: string): boolean => (properties?.includes(name) ?? true) || loaded.includes(name);
    const lost = this.#objects.changedProperties(state).filter(isRead);
    if (lost.length > 0 && options.discard !== true) throw new UnsavedChangesError(state.label, lost);
    this.#objects.expire(state, properties === undefined ? undefined : [...properties, ...loaded]);
    const columns = mapper.columns.filter(({ property }) => properties?.includes(property) ?? true);
    if (columns.length > 0) await this.#readColumns(state, mapper, columns);
    for (const name of properties?.filter((each) => mapper.declared.names.includes(each)) ?? []) {
      await mapper.declared.of(state, name).load({ only: true });
    }
    if (load.length > 0) {
      const plan = planLoads(mapper, load);
      await this.#read(`a refresh of ${state.label}`, (active) => loadBehind(this.#target, active, plan, [state]));
    }
  }

  /** Copies objects that belong to no session, and those that they lead to, onto those of this one; gives these. */
  async merge<T extends object>(object: T, options: MergeOptions = {}): Promise<T> {
    this.#quiet += 1;
    try {
      const find: Find = (mapper, key) => this.get(mapper.model, key);
      return (await mergeObjects(find, this.#objects, object, options)) as T;
    } finally {
      this.#quiet -= 1;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #write(statement: Write | Returning<unknown>): Promise<WriteResult> {
    const { parts } = statement;
    return this.#read(`a statement for "${parts.definition.tableName.name}"`, (active) => {
      const writer = { target: this.#target, objects: this.#objects };
      // A row is inserted, and found again, whatever hides it from reading.
      const all = { ...active, criteria: undefined };
      if ('rows' in parts) return runInsert(writer, all, parts);
      return runCriteria(writer, parts.obeysCriteria ? active : all, parts);
    });
  }

  get #listeners(): ListenerHost {
    const call: ListenerHost['call'] = async (listener, ...args) => {
      await this.#queue.call(() => listener(...args));
    };
    return { events: this.#events, session: this, call };
  }

  #member(object: object): ObjectState {
    const state = Entity.stateOf(object);
    if (state?.session === this.#objects && state.key !== undefined) return state;
    throw new AludelError('ALUDEL_OBJECT_STATE', `${state?.label ?? 'The object'} is not persistent in this session.`, {
      hint: 'Load it with session.get(), or add it and flush.',
    });
  }

  #refuseNested(verb: string): void {
    if (this.#objects.log.depth === 1) return;
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
    for (const listener of this.#events.of(event)) await listener(this);
  }

  /** The transaction, begun if need be. */
  async #start(): Promise<Active> {
    if (this.#active !== undefined) return this.#active;
    const active = await this.#transaction.start();
    this.#active = this.#events.has('query') ? { ...active, send: (query) => this.#send(active, query) } : active;
    try {
      for (const listener of this.#events.of('afterBegin')) await this.#queue.call(() => listener(this));
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
      (inner, listener) => async () => this.#queue.call(() => listener({ session: this, sql, params }, inner)),
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
      this.#objects.rollback();
      after?.();
      await this.#transaction.rollback();
      return isOpen;
    });
    if (wasOpen) await this.#emit('afterRollback');
  }

  /** Flushes if need be, then reads. `what` names the statement for the error of a flush. */
  #read<T>(what: string, task: (active: Active) => Promise<T>): Promise<T> {
    if (this.#queue.isInside) return this.#start().then((active) => task(this.#seen(active)));
    return this.#queue.run(async () => {
      this.#refuseFailed();
      if (this.#options.autoflush !== false && this.#quiet === 0 && this.#objects.hasWork) {
        try {
          await this.#flush(true);
        } catch (error) {
          throw explainAutoflush(error, what);
        }
      }
      return await task(this.#seen(this.#active ?? (await this.#start())));
    });
  }

  /** With what every row must meet to be read. */
  #seen(active: Active): Active {
    return this.#criteria.isEmpty || this.#quiet > 0 ? active : { ...active, criteria: this.#criteria };
  }

  async #atMostOne<T>(query: Select<T>, options: HydrateOptions): Promise<T[]> {
    const rows = await this.all(query.limit(Math.min(query.parts.limit ?? 2, 2)), options);
    if (rows.length < 2) return rows;
    throw new RowCountError(`The query for ${query.label} needs one row and gave more.`, 2, {
      hint: 'Narrow it with where(), or take the first with first().',
    });
  }

  async #readByKey(active: Active, plan: LoadPlan, key: readonly unknown[]): Promise<ObjectState | undefined> {
    const where = (text: SqlText): ObjectQuery => ({ where: () => text.oneOf(plan.mapper.keys, [key]) });
    const { states } = await readObjects(this.#target, active, plan, [where]);
    return states[0];
  }

  async #readColumns(state: ObjectState, mapper: Mapper, columns: Mapper['columns']): Promise<void> {
    await this.#read(`a refresh of ${state.label}`, async (active) => {
      const key = mapper.keys.map(({ property }) => state.committed(property));
      const [row] = await selectRows(active, mapper, columns, mapper.keys, [key]);
      if (row === undefined) {
        throw new RowCountError(`The row of ${state.label} is gone.`, 0, {
          hint: 'Somebody else has deleted it: expunge the object.',
        });
      }
      columns.forEach((column, i) => {
        fillColumn(state, column, codecOf(column, active.dialect.name).decode(row[i]));
      });
    });
  }

  async #flush(isAutoflush: boolean): Promise<void> {
    this.#refuseFailed();
    try {
      const start = (): Promise<Active> => (this.#options.readOnly === true ? refuseWrite() : this.#start());
      await flushSession(this.#objects, this.#target, start, { isAutoflush }, this.#listeners);
    } catch (cause) {
      this.#failure = { cause };
      // A savepoint is rolled back by who made it.
      if (this.#objects.log.depth === 1) await this.#transaction.rollback().catch(() => undefined);
      throw cause;
    }
  }
}

type QueryHook = (query: object, next: () => Promise<ArrayResult>) => Promise<ArrayResult>;

function refuseWrite(): never {
  throw new AludelError('ALUDEL_OBJECT_STATE', 'The session is for reading alone, and has something to write.', {
    hint: 'Open it without { readOnly: true }.',
  });
}

function checkBatch(batch: number): void {
  if (Number.isSafeInteger(batch) && batch >= 1) return;
  throw new AludelError('ALUDEL_USAGE', 'The batch of a stream must be a whole number from 1.', {
    hint: 'Leave it out for the default.',
  });
}

async function* inBatches<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function refuseEnded(): AludelError {
  return new AludelError('ALUDEL_OBJECT_STATE', 'The stream is over: the transaction in which it read has ended.', {
    hint: 'Commit behind the loop, or write through another session.',
  });
}

/** Both statements: the one that failed, and the one that asked for the flush. */
function explainAutoflush(error: unknown, what: string): unknown {
  if (!(error instanceof AludelError)) return error;
  error.message = `${error.message} (in the flush before ${what})`;
  return error;
}
