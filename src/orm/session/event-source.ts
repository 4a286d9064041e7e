/** What `db.on()` takes: the types of the listeners follow from the model. */
import { AludelError } from '../../errors.js';
import type { ArrayResult } from '../../engine/connection.js';
import type { Many } from '../mapping/related-many.js';
import type { One } from '../mapping/related-one.js';
import type { ModelOf } from '../query/alias.js';
import {
  type AttributeEvent,
  type EventName,
  type EventRegistry,
  type Listener,
  ROW_EVENTS,
  type RowEvent,
  SESSION_EVENTS,
  type SessionEvent,
} from './event-registry.js';
import type { History } from './inspect.js';
import type { Session } from './session.js';

/** What a property holds: the objects of a relation, or the value of a column. */
export type Held<V> = V extends Many<infer T> ? T : V extends One<infer T> ? T : V;

/** What a listener learns of the row that is written. */
export interface RowContext<T> {
  /**
   * The session that is flushed. What is added to it, changed or deleted is written by the same flush; it may read, without
   * a flush before. It cannot be flushed, committed or rolled back from here.
   */
  readonly session: Session;
  /** The columns and relations that differ from the database, or did before this flush. None of a deleted object. */
  readonly changed: readonly (keyof T & string)[];
  /** What has changed of a property in this flush. */
  history<K extends keyof T & string>(property: K): History<Held<T[K]>>;
}

export type RowListener<T> = (object: T, context: RowContext<T>) => void | Promise<void>;

/** A change of one property, which is not made yet. */
export interface AttributeChange<V> {
  readonly session: Session;
  /** What comes in or, with `remove`, goes; null for a relation that is emptied. */
  readonly value: V;
  /** What a column holds now; undefined for relations, and where it is not loaded. */
  readonly before: V | undefined;
}

/** A statement that a session is about to send for its objects and queries. */
export interface SessionQuery {
  readonly session: Session;
  readonly sql: string;
  /** As the driver gets them. */
  readonly params: readonly unknown[];
}

/** Gives what `next()` gives, or rows of its own. */
export type QueryListener = (query: SessionQuery, next: () => Promise<ArrayResult>) => Promise<ArrayResult>;

export interface EventSource {
  /**
   * Calls `listener` for every row of a model, and of its children, that a flush writes. Listeners are awaited one after
   * the other, in the order of registration. `before...` comes before the first statement of the flush, and may still
   * change the object; `after...` when all its rows are written. Bulk statements have no row events. Gives the function
   * that takes the listener away.
   * @example db.on(Ticket, 'afterInsert', (ticket, { session }) => session.add(new AuditLog({ recordId: ticket.id })));
   */
  on<T extends object>(model: ModelOf<T>, event: RowEvent, listener: RowListener<T>): () => void;
  /**
   * Calls `listener` before a property of an object in a session changes: `set` for columns and relations to one object,
   * `append` and `remove` for collections. The other side of a relation, which follows, is not told of.
   */
  on<T extends object, K extends keyof T & string>(
    model: ModelOf<T>,
    event: AttributeEvent,
    property: K,
    listener: (object: T, change: AttributeChange<Held<T[K]>>) => void,
  ): () => void;
  /**
   * Puts `listener` around every statement that sessions send for queries, loads and flushes; the last one innermost. Of a
   * stream there is no result to give: `engine.on('query')` tells of it.
   */
  on(event: 'query', listener: QueryListener): () => void;
  /**
   * Calls `listener` for each session: `afterBegin` when its transaction has begun, `beforeFlush` and `afterFlush` when
   * there is something to write, `beforeCommit`, `afterCommit` and `afterRollback`. They are awaited in order.
   */
  on(event: SessionEvent, listener: (session: Session) => void | Promise<void>): () => void;
}

/** The untyped side of `on()`: a model or an event first, then a property where there is one. */
export function listen(events: EventRegistry, args: readonly unknown[]): () => void {
  const listener = args.at(-1) as Listener;
  const [first, event, property] = args;
  const name = typeof property === 'string' ? property : undefined;
  const known: readonly unknown[] =
    typeof first === 'string' ? SESSION_EVENTS : name === undefined ? ROW_EVENTS : ['set', 'append', 'remove'];
  const asked = typeof first === 'string' ? first : event;
  if (!known.includes(asked)) {
    throw new AludelError('ALUDEL_USAGE', `There is no event "${String(asked)}" here.`, {
      hint: `Choose one of: ${known.join(', ')}.`,
    });
  }
  if (typeof first === 'string') return events.add(first as EventName, listener);
  return events.add(event as EventName, listener, first as ModelOf<object>, name);
}
