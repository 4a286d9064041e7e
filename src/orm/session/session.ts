/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A session: the objects of one piece of work, each row once, and the transaction that reads and writes them. Calls are
 * queued, so that `Promise.all` over one session is safe. What needs the database gives a promise; the rest does not.
 */
import { AludelError } from '../../errors.js';
import type { Kysely } from 'kysely';
import type { QueryResult } from '../../engine/connection.js';
import type { HydrateOptions } from '../loading/hydrate.js';
import type { QueryOption } from '../loading/loaders.js';
import { Entity, type ObjectState, stateOf } from '../mapping/entity.js';
import { mapperOf } from '../mapping/mapper.js';
import type { ModelOf } from '../query/alias.js';
import type { ExplainOptions } from '../../dialects/explain.js';
import type { KeyPage, OffsetPage, PageByKey, PageByOffset } from '../query/page.js';
import { renderCount, renderExists } from '../query/render-select.js';
import { runSelect } from '../query/run-select.js';
import { Select } from '../query/select.js';
import type { InsertRow, Returning, Write, WriteTarget } from '../query/write.js';
import { EventRegistry } from './event-registry.js';
import { insertMany } from './insert-many.js';
import { type Find, mergeObjects, type MergeOptions } from './merge.js';
import type { KeyOf } from './read-key.js';
import { refreshObject } from './refresh-object.js';
import { SessionCore } from './session-core.js';
import { RowCountError } from './session-errors.js';
import type { RefreshOptions, SessionOptions, StreamOptions } from './session-options.js';
import {
  explainQuery,
  getObject,
  openSessionKysely,
  peekObject,
  readKeyPage,
  readNumber,
  runStatement,
  setForTransaction,
} from './session-reads.js';
import { streamObjects } from './stream-objects.js';
import type { Transaction } from './transaction.js';

export class Session {
  /** As given in the options; to be read and written by whoever likes. */
  readonly info: Record<string, unknown>;
  readonly #core: SessionCore;

  constructor(transaction: Transaction, options: SessionOptions = {}, events: EventRegistry = new EventRegistry()) {
    this.info = { ...options.info };
    this.#core = new SessionCore(this, transaction, options, events);
  }

  /** New objects that the next flush inserts. */
  get new(): object[] {
    return [...this.#core.objects.pending].map((state) => state.entity);
  }

  /** Objects that differ from their rows: exactly those that the next flush would update. */
  get dirty(): object[] {
    this.#core.objects.detectChanges();
    return [...this.#core.objects.dirty]
      .filter((state) => this.#core.objects.isModified(state))
      .map((state) => state.entity);
  }

  /** Objects that the next flush deletes. */
  get deleted(): object[] {
    return [...this.#core.objects.toDelete].map((state) => state.entity);
  }

  /** True for an object of this session, new or loaded. */
  has(object: object): boolean {
    return stateOf(object).session === this.#core.objects;
  }

  /**
   * Takes objects in: new ones are inserted by the next flush, with those that they lead to; those of a former session
   * go on here.
   * @throws AludelError ALUDEL_OBJECT_STATE for objects of another session, or when another object stands for the row.
   */
  add(...objects: readonly object[]): void {
    for (const object of objects) this.#core.objects.add(stateOf(object));
  }

  /** Marks objects: the next flush deletes them, and what the cascades of their relations say. */
  delete(...objects: readonly object[]): void {
    for (const object of objects) this.#core.objects.delete(stateOf(object));
  }

  /** Lets objects go: new ones become transient again, loaded ones detached. */
  expunge(...objects: readonly object[]): void {
    for (const object of objects) this.#core.objects.expunge(stateOf(object));
  }

  /** The object of a key, if it is in this session; no statement is sent. */
  peek<T extends object>(model: ModelOf<T>, key: KeyOf): T | undefined {
    return peekObject(this.#core, mapperOf(model), key)?.entity as T | undefined;
  }

  /**
   * The object of a key, from memory if it is there; null for none. A key of several columns is an array or an object.
   * What is in memory gets the relations that it lacks.
   * @example await session.get(Ticket, 1, selectin(Ticket.c.comments))
   * @example await session.get(Ticket, 1, skipCriteria('softDelete'))
   */
  async get<T extends object>(model: ModelOf<T>, key: KeyOf, ...options: readonly QueryOption[]): Promise<T | null> {
    return getObject(this.#core, model, key, options);
  }

  /** The object of a key. @throws RowCountError when there is none. */
  async getOne<T extends object>(model: ModelOf<T>, key: KeyOf, ...options: readonly QueryOption[]): Promise<T> {
    const found = await this.get(model, key, ...options);
    if (found !== null) return found;
    throw new RowCountError(`There is no "${model.name}" with this key.`, 0, {
      hint: 'Call get(), which gives null, where there may be none.',
    });
  }

  /** The rows of a query: objects, values, arrays or objects of them. Known objects keep what they hold, unless `refresh` is set. */
  all<T>(query: Select<T>, options?: HydrateOptions): Promise<T[]>;
  /** The rows that a statement gives back, which says so by `returning()`. */
  all<T>(statement: Returning<T>): Promise<T[]>;
  all<T>(query: Select<T> | Returning<T>, options: HydrateOptions = {}): Promise<T[]> {
    if (!(query instanceof Select)) return runStatement(this.#core, query).then(({ rows }) => rows as T[]);
    return this.#core.read(`a query for ${query.label}`, (active) =>
      runSelect(this.#core.target, active, query, options),
    );
  }

  /** The first row of a query, or null. */
  async first<T>(query: Select<T>, options: HydrateOptions = {}): Promise<T | null> {
    const rows = await this.all(query.limit(Math.min(query.parts.limit ?? 1, 1)), options);
    return rows[0] ?? null;
  }

  /** The only row of a query. @throws RowCountError when there is none, or more than one. */
  async one<T>(query: Select<T>, options: HydrateOptions = {}): Promise<T> {
    const rows = await this.#atMostOne(query, options);
    if (rows.length > 0) return rows[0] as T;
    throw new RowCountError(`The query for ${query.label} needs one row and gave none.`, 0, {
      hint: 'Call oneOrNull() where there may be none.',
    });
  }

  /** The only row of a query, or null. @throws RowCountError when there is more than one. */
  async oneOrNull<T>(query: Select<T>, options: HydrateOptions = {}): Promise<T | null> {
    return (await this.#atMostOne(query, options))[0] ?? null;
  }

  /** Runs `insert()`, `update()` or `deleteFrom()`, after a flush; gives the number of rows that it has written. */
  async run(statement: Write): Promise<{ readonly rowCount: number }> {
    const { rowCount } = await runStatement(this.#core, statement);
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
    return insertMany(this.#core, target, rows, batch);
  }

  /** The number of rows that a query gives, without loading any. */
  count(query: Select<unknown>): Promise<number> {
    return readNumber(this.#core, query, renderCount);
  }

  /** True where a query gives a row. */
  async exists(query: Select<unknown>): Promise<boolean> {
    return (await readNumber(this.#core, query, renderExists)) > 0;
  }

  /**
   * A page of a query and the number of rows in all, in two statements. With `after` instead of `offset`, the page that
   * follows a row: as fast for the last page as for the first, and no row is left out when others come and go.
   * @example const { items, next } = await session.page(select(Ticket).orderBy(Ticket.c.createdAt.desc()), { limit: 50, after: null });
   */
  page<T>(query: Select<T>, page: PageByKey): Promise<KeyPage<T>>;
  page<T>(query: Select<T>, page: PageByOffset): Promise<OffsetPage<T>>;
  async page<T>(query: Select<T>, page: PageByKey | PageByOffset): Promise<KeyPage<T> | OffsetPage<T>> {
    if ('after' in page) return readKeyPage(this.#core, query, page);
    const total = await this.count(query);
    return { items: await this.all(query.limit(page.limit).offset(page.offset ?? 0)), total };
  }

  /** How the database would run a query, in its own words; nothing is read of it unless `analyze` is set. */
  explain(query: Select<unknown>, options: ExplainOptions = {}): Promise<string> {
    return explainQuery(this.#core, query, options);
  }

  /**
   * A Kysely on the connection of this session, in its transaction: each query flushes first. Tables and columns have their
   * names in the database, values are those of the driver. It has no transactions of its own.
   * @example const db = session.kysely<TablesOf<{ users: typeof User }>>();
   */
  kysely<Tables>(): Kysely<Tables> {
    return openSessionKysely(this.#core);
  }

  /**
   * The rows of a query, a batch at a time in memory: by a cursor of the server where it has one. Objects that came with a
   * batch and were not changed leave the session with it. Loaders run for each batch; joins of collections are refused. The
   * stream ends with its transaction; `break` closes it.
   * @example for await (const ticket of session.stream(select(Ticket), { batch: 500 })) write(ticket);
   */
  stream<T>(query: Select<T>, { batch = 1000 }: StreamOptions = {}): AsyncGenerator<T, void, undefined> {
    return streamObjects(this.#core, query, batch);
  }

  /** Runs one statement on the connection of this session, after a flush. Placeholders are the driver's own. */
  execute(sql: string, params: readonly unknown[] = []): Promise<QueryResult> {
    return this.#core.read(sql, (active) => active.connection.execute(sql, params));
  }

  /**
   * PostgreSQL: sets a setting until the transaction of this session ends, for the policies of row-level security.
   * @example await session.setLocal('app.user_id', user.id); // current_setting('app.user_id')::int in a policy
   * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED elsewhere: no other database has settings of a transaction.
   */
  setLocal(name: string, value: string | number | bigint | boolean): Promise<void> {
    return setForTransaction(this.#core, name, String(value));
  }

  /** Writes what changed, and leaves the transaction open. */
  flush(): Promise<void> {
    return this.#core.flush();
  }

  /** Writes what changed, and commits. */
  commit(): Promise<void> {
    return this.#core.commit();
  }

  /** Rolls back: objects are again what they were when the transaction began, and new ones are transient. */
  rollback(): Promise<void> {
    return this.#core.rollback();
  }

  /** Rolls back and lets all objects go. The session may be used again. */
  close(): Promise<void> {
    return this.#core.close();
  }

  /**
   * Runs `fn` in a savepoint, released when it returns. When it throws, the rows and the objects are again what they
   * were before, and the session goes on.
   */
  nested<T>(fn: (session: this) => Promise<T>): Promise<T> {
    return this.#core.nested(() => fn(this));
  }

  /** Forgets columns and relations, all or those named: `refresh` or `load()` reads them again. Changes are lost. */
  expire(object: object, properties?: readonly string[]): void {
    this.#core.objects.expire(this.#member(object), properties);
  }

  /** Forgets everything that is loaded. */
  expireAll(): void {
    this.#core.objects.expireAll();
  }

  /**
   * Reads columns and relations again, all columns or what is named.
   * @throws UnsavedChangesError when it would throw changes away; RowCountError when the row is gone.
   */
  async refresh(object: object, properties?: readonly string[], options: RefreshOptions = {}): Promise<void> {
    await refreshObject(this.#core, this.#member(object), properties, options);
  }

  /** Copies objects that belong to no session, and those that they lead to, onto those of this one; gives these. */
  async merge<T extends object>(object: T, options: MergeOptions = {}): Promise<T> {
    const find: Find = (mapper, key) => this.get(mapper.model, key);
    return (await this.#core.quietly(() => mergeObjects(find, this.#core.objects, object, options))) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #member(object: object): ObjectState {
    const state = Entity.stateOf(object);
    if (state?.session === this.#core.objects && state.key !== undefined) return state;
    throw new AludelError('ALUDEL_OBJECT_STATE', `${state?.label ?? 'The object'} is not persistent in this session.`, {
      hint: 'Load it with session.get(), or add it and flush.',
    });
  }

  async #atMostOne<T>(query: Select<T>, options: HydrateOptions): Promise<T[]> {
    const rows = await this.all(query.limit(Math.min(query.parts.limit ?? 2, 2)), options);
    if (rows.length < 2) return rows;
    throw new RowCountError(`The query for ${query.label} needs one row and gave more.`, 2, {
      hint: 'Narrow it with where(), or take the first with first().',
    });
  }
}
