/** Who wants to hear of what. A session maker keeps one and its sessions share it: nothing is global. */

export const ROW_EVENTS = [
  'beforeInsert',
  'beforeUpdate',
  'beforeDelete',
  'afterInsert',
  'afterUpdate',
  'afterDelete',
] as const;

/** What happens to the row of an object in a flush. */
export type RowEvent = (typeof ROW_EVENTS)[number];

/** What happens to one column or relation of an object: a value is set, an object added to a collection or taken out. */
export type AttributeEvent = 'set' | 'append' | 'remove';

/** Events that belong to no model. */
export const SESSION_EVENTS = [
  'afterBegin',
  'beforeFlush',
  'afterFlush',
  'beforeCommit',
  'afterCommit',
  'afterRollback',
  'query',
] as const;

/** What happens to a session as a whole. */
export type SessionEvent = Exclude<(typeof SESSION_EVENTS)[number], 'query'>;

export type EventName = RowEvent | AttributeEvent | SessionEvent | 'query';

/** Listeners are typed where they are registered, by `EventSource`. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Listener = (...args: any[]) => unknown;

interface Entry {
  /** Of which classes; undefined for events of sessions. */
  readonly model: abstract new (...args: never[]) => object;
  readonly property: string | undefined;
  readonly listener: Listener;
}

export class EventRegistry {
  readonly #entries: Map<EventName, Entry[]> = new Map();

  /** Gives the function that takes the listener away again. */
  add(event: EventName, listener: Listener, model: Entry['model'] = Object, property?: string): () => void {
    const entry = { model, property, listener };
    this.#entries.set(event, [...(this.#entries.get(event) ?? []), entry]);
    return () => {
      const left = this.#entries.get(event)?.filter((each) => each !== entry) ?? [];
      if (left.length > 0) this.#entries.set(event, left);
      else this.#entries.delete(event);
    };
  }

  has(...events: readonly EventName[]): boolean {
    return this.#entries.size > 0 && events.some((event) => this.#entries.has(event));
  }

  /** In the order in which they were registered; those of a model hear of its children too. */
  of(event: EventName, object?: object, property?: string): readonly Listener[] {
    const entries = this.#entries.get(event);
    if (entries === undefined) return [];
    const wanted = entries.filter(
      (entry) => (object === undefined || object instanceof entry.model) && entry.property === property,
    );
    return wanted.map(({ listener }) => listener);
  }
}
