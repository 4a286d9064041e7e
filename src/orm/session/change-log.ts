/** What objects were before the transaction, and before each savepoint, so that a rollback restores them. */
import type { IdentityKey, ObjectState, SessionLink, Status } from '../mapping/entity.js';

interface Overwritten {
  readonly property: string;
  readonly old: unknown;
}

interface Snapshot {
  readonly status: Status;
  readonly session: SessionLink | undefined;
  readonly key: IdentityKey | undefined;
  readonly row: Readonly<Record<string, unknown>>;
  readonly original: ReadonlyMap<string, unknown> | undefined;
  readonly defaulted: ReadonlySet<string> | undefined;
  readonly toDelete: boolean;
  readonly relations: ReadonlyMap<string, () => void> | undefined;
  /** What a flush has written over: few properties, most often the key alone. */
  overwritten: Overwritten[] | undefined;
}

interface Level {
  readonly epoch: number;
  readonly snapshots: Map<ObjectState, Snapshot>;
}

let lastEpoch = 0;
const NOTHING: Snapshot['row'] = {};

export class ChangeLog {
  readonly #levels: Level[] = [newLevel()];

  /** Keeps what the object is now, once for each level. */
  touch(state: ObjectState): void {
    const level = this.#top;
    if (state.epoch === level.epoch) return;
    state.epoch = level.epoch;
    if (!level.snapshots.has(state)) level.snapshots.set(state, takeSnapshot(state));
  }

  /** True for an object that a rollback would restore. */
  holds(state: ObjectState): boolean {
    return this.#levels.some(({ snapshots }) => snapshots.has(state));
  }

  /** Keeps a value that a flush is about to write over. */
  overwrite(state: ObjectState, property: string): void {
    this.touch(state);
    const snapshot = this.#top.snapshots.get(state);
    if (snapshot !== undefined) keepFirst(snapshot, property, state.row[property]);
  }

  /** A savepoint begins. */
  push(): void {
    this.#levels.push(newLevel());
  }

  /** The savepoint is released: what it knows goes to the level around it. */
  release(): void {
    const level = this.#levels.pop();
    for (const [state, snapshot] of level?.snapshots ?? []) {
      const around = this.#top.snapshots.get(state);
      if (around === undefined) this.#top.snapshots.set(state, snapshot);
      else for (const { property, old } of snapshot.overwritten ?? []) keepFirst(around, property, old);
    }
  }

  /** The objects that have changed since the last savepoint. */
  get touched(): readonly ObjectState[] {
    return [...this.#top.snapshots.keys()];
  }

  /** The savepoint is rolled back: restores its objects, and gives them. */
  restore(): ObjectState[] {
    const level = this.#levels.pop();
    if (this.#levels.length === 0) this.#levels.push(newLevel());
    for (const [state, snapshot] of level?.snapshots ?? []) restoreSnapshot(state, snapshot);
    return [...(level?.snapshots.keys() ?? [])];
  }

  /** The transaction is committed. */
  clear(): void {
    this.#levels.splice(0, this.#levels.length, newLevel());
  }

  get depth(): number {
    return this.#levels.length;
  }

  get #top(): Level {
    const top = this.#levels.at(-1);
    if (top === undefined) throw new Error('unreachable: a change log has a level');
    return top;
  }
}

function newLevel(): Level {
  return { epoch: ++lastEpoch, snapshots: new Map() };
}

function takeSnapshot(state: ObjectState): Snapshot {
  const { relations } = state;
  return {
    status: state.status,
    session: state.session,
    key: state.key,
    // Of a new object a rollback takes back only what a flush has written.
    row: state.status === 'transient' ? NOTHING : { ...state.row },
    original: state.original === undefined ? undefined : new Map(state.original),
    defaulted: state.defaulted === undefined ? undefined : new Set(state.defaulted),
    toDelete: state.toDelete,
    relations: relations && new Map([...relations].map(([name, held]) => [name, held.snapshot()])),
    overwritten: undefined,
  };
}

function restoreSnapshot(state: ObjectState, snapshot: Snapshot): void {
  const isNew = snapshot.status === 'transient';
  state.status = snapshot.status;
  state.session = snapshot.session;
  state.key = snapshot.key;
  state.toDelete = snapshot.toDelete;
  state.original = snapshot.original === undefined ? undefined : new Map(snapshot.original);
  state.defaulted = snapshot.defaulted === undefined ? undefined : new Set(snapshot.defaulted);
  state.watched = undefined;
  // A new object keeps what it was given since, and loses what the flush gave it.
  if (isNew) for (const { property, old } of snapshot.overwritten ?? []) state.row[property] = old;
  else {
    for (const name of Object.keys(state.row)) if (!Object.hasOwn(snapshot.row, name)) delete state.row[name];
    Object.assign(state.row, snapshot.row);
  }
  for (const [name, held] of state.relations ?? []) (snapshot.relations?.get(name) ?? (() => held.expire()))();
}

function keepFirst(snapshot: Snapshot, property: string, old: unknown): void {
  const kept = snapshot.overwritten;
  // Most often the key alone: a list that grows from nothing gets 17 places.
  if (kept === undefined) snapshot.overwritten = [{ property, old }];
  else if (!kept.some((each) => each.property === property)) kept.push({ property, old });
}
