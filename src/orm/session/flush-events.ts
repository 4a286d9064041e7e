/**
 * The row events of one flush: those before it come when it is known what will be written, and before the first statement;
 * those after it when all rows are written, and the transaction is still open. Statements stay as few as without listeners.
 */
import type { ObjectState } from '../mapping/entity.js';
import type { Flushed } from '../unit-of-work/flush.js';
import { isToWrite, mapperOfState, type Work } from '../unit-of-work/work.js';
import { type EventName, type EventRegistry, type Listener, ROW_EVENTS } from './event-registry.js';
import { type History, historyOf } from './inspect.js';

/** What listeners are called with, and how. */
export interface ListenerHost {
  readonly events: EventRegistry;
  readonly session: object;
  /** Calls a listener inside the flush, which holds the session for itself. */
  call(listener: Listener, ...args: readonly unknown[]): Promise<void>;
}

type Kind = 'Insert' | 'Update' | 'Delete';

export class FlushEvents {
  readonly #host: ListenerHost;
  readonly #isWanted: boolean;
  readonly #kinds: Map<ObjectState, Kind> = new Map();
  readonly #changes: Map<ObjectState, ReadonlyMap<string, History>> = new Map();
  /** True when a listener was called: it may have left more to write. */
  wereCalled = false;

  constructor(host: ListenerHost) {
    this.#host = host;
    this.#isWanted = host.events.has(...ROW_EVENTS);
  }

  /** Calls the listeners of a session event, if there are any. */
  async emit(event: EventName): Promise<void> {
    for (const listener of this.#host.events.of(event)) await this.#call(listener, this.#host.session);
  }

  /** Says what will be written, of each object once. True when a listener was called, which may have changed the plan. */
  async before(work: Work): Promise<boolean> {
    let wasCalled = false;
    for (const [state, kind] of this.#isWanted ? kindsOf(work) : []) {
      if (this.#kinds.get(state) === kind) continue;
      this.#kinds.set(state, kind);
      for (const listener of this.#host.events.of(`before${kind}`, state.entity)) {
        wasCalled = true;
        await this.#call(
          listener,
          state.entity,
          this.#context(state, () => changesOf(state)),
        );
      }
    }
    return wasCalled;
  }

  /** Keeps what has changed of the rows that were written, before the session forgets it. */
  remember({ work, switched }: Flushed): void {
    if (this.#kinds.size === 0) return;
    const replaced = new Set(switched.values());
    for (const [state, kind] of this.#kinds) {
      const isWritten =
        kind === 'Delete'
          ? work.deletes.has(state) || replaced.has(state)
          : work.saves.has(state) || switched.has(state);
      if (!isWritten || !this.#host.events.has(`after${kind}`)) continue;
      this.#changes.set(state, kind === 'Delete' ? new Map() : changesOf(state, kind === 'Insert'));
    }
  }

  async after(): Promise<void> {
    for (const [state, changes] of this.#changes) {
      const kind = this.#kinds.get(state) ?? 'Update';
      for (const listener of this.#host.events.of(`after${kind}`, state.entity)) {
        await this.#call(
          listener,
          state.entity,
          this.#context(state, () => changes),
        );
      }
    }
    await this.emit('afterFlush');
  }

  async #call(listener: Listener, ...args: readonly unknown[]): Promise<void> {
    this.wereCalled = true;
    await this.#host.call(listener, ...args);
  }

  #context(state: ObjectState, changes: () => ReadonlyMap<string, History>): object {
    return {
      session: this.#host.session,
      history: (property: string) => changes().get(property) ?? historyOf(state, property, false),
      get changed() {
        return [...changes().keys()];
      },
    };
  }
}

function kindsOf(work: Work): [ObjectState, Kind][] {
  const saves = [...work.saves].filter((state) => isToWrite(work, state));
  return [
    ...saves.map((state): [ObjectState, Kind] => [state, state.key === undefined ? 'Insert' : 'Update']),
    ...[...work.deletes].map((state): [ObjectState, Kind] => [state, 'Delete']),
  ];
}

/** The columns and relations that differ from what the database had. */
function changesOf(state: ObjectState, isNew: boolean = state.key === undefined): ReadonlyMap<string, History> {
  const columns = mapperOfState(state).columns.map(({ property }) => property);
  const all = [...columns, ...(state.relations?.keys() ?? [])];
  const histories = all.map((property): [string, History] => [property, historyOf(state, property, isNew)]);
  return new Map(histories.filter(([, { hasChanges }]) => hasChanges));
}
