/** The objects of a session and what is known of each: the side of a session that never waits. */
import { AludelError } from '../../errors.js';
import type { Attribute } from '../mapping/attributes.js';
import { type Entity, type ObjectState, type SessionLink, stateOf } from '../mapping/entity.js';
import { changedColumns, mapperOfState } from '../unit-of-work/work.js';
import { copyValue, identityKey, isSame } from '../mapping/column-values.js';
import { ChangeLog } from './change-log.js';
import { IdentityMap } from './identity-map.js';

export class SessionObjects implements SessionLink {
  readonly identity: IdentityMap = new IdentityMap();
  readonly log: ChangeLog = new ChangeLog();
  readonly pending: Set<ObjectState> = new Set();
  readonly dirty: Set<ObjectState> = new Set();
  readonly toDelete: Set<ObjectState> = new Set();
  readonly watched: Set<ObjectState> = new Set();
  /** Deleted in this transaction; detached when it is committed. */
  readonly gone: Set<ObjectState> = new Set();
  readonly load: SessionLink['load'];
  readonly changing: SessionLink['changing'];

  constructor(load: SessionLink['load'], changing: SessionLink['changing']) {
    this.load = load;
    this.changing = changing;
  }

  touch(state: ObjectState): void {
    this.log.touch(state);
  }

  markDirty(state: ObjectState): void {
    if (state.status === 'persistent') this.dirty.add(state);
  }

  watch(state: ObjectState, column: Attribute, value: unknown): void {
    state.watched ??= new Map();
    if (state.watched.has(column.property) || state.key === undefined) return;
    state.watched.set(column.property, copyValue(column, value));
    this.watched.add(state);
  }

  /** False where a flush would find nothing to write. */
  get hasWork(): boolean {
    return this.pending.size > 0 || this.dirty.size > 0 || this.toDelete.size > 0 || this.watched.size > 0;
  }

  /** Values that were changed in place, which no setter has seen. */
  detectChanges(): void {
    for (const state of this.watched) {
      const { byProperty } = mapperOfState(state);
      for (const [property, before] of state.watched ?? []) {
        const column = byProperty.get(property);
        if (column === undefined || state.original?.has(property) === true) continue;
        if (isSame(column, state.row[property], before)) continue;
        this.touch(state);
        (state.original ??= new Map()).set(property, before);
        this.markDirty(state);
      }
    }
  }

  /** The properties, columns and relations, that a flush would write. */
  changedProperties(state: ObjectState): string[] {
    this.detectChanges();
    const relations = [...(state.relations ?? [])].filter(([, held]) => held.isChanged && state.key !== undefined);
    return [...changedColumns(state).map(({ property }) => property), ...relations.map(([property]) => property)];
  }

  isModified(state: ObjectState): boolean {
    return this.changedProperties(state).length > 0;
  }

  add(state: ObjectState): void {
    if (state.relations === undefined) return this.#attach(state);
    const queue = [state];
    const seen = new Set(queue);
    for (const each of queue) {
      this.#attach(each);
      const mapper = mapperOfState(each);
      for (const [property, held] of each.relations ?? []) {
        if (!mapper.relation(property).cascade.saveUpdate) continue;
        for (const item of held.items()) {
          const other = stateOf(item);
          if (seen.has(other) || other.session === this) continue;
          seen.add(other);
          queue.push(other);
        }
      }
    }
  }

  #attach(state: ObjectState): void {
    const mapper = mapperOfState(state);
    if (state.session === this) {
      if (state.toDelete) {
        this.touch(state);
        state.toDelete = false;
        this.toDelete.delete(state);
      }
      return;
    }
    if (state.session !== undefined)
      throw refuse(state, 'belongs to another session', 'Expunge it there, or merge it.');
    if (state.status === 'deleted') throw refuse(state, 'was deleted', 'Make a new object.');
    this.touch(state);
    if (state.key === undefined) {
      state.status = 'pending';
      this.pending.add(state);
    } else {
      const known = this.identity.get(mapper, state.key);
      if (known !== undefined && known !== state) {
        throw refuse(state, 'stands for a row that another object of this session stands for', 'Use session.merge().');
      }
      state.status = 'persistent';
      this.identity.set(mapper, state.key, state);
      this.dirty.add(state);
    }
    state.session = this;
  }

  delete(state: ObjectState): void {
    if (state.session === undefined && state.status === 'detached') this.add(state);
    if (state.session !== this || state.key === undefined) {
      throw refuse(
        state,
        'is not persistent in this session',
        'Only what has a row can be deleted; expunge new objects.',
      );
    }
    this.touch(state);
    state.toDelete = true;
    this.toDelete.add(state);
  }

  expunge(state: ObjectState): void {
    if (state.session !== this) throw refuse(state, 'is not in this session', 'Expunge it where it was added.');
    this.touch(state);
    this.forget(state);
    state.status = state.key === undefined ? 'transient' : 'detached';
    state.session = undefined;
    state.toDelete = false;
  }

  /** Takes an object out of all lists. */
  forget(state: ObjectState): void {
    for (const list of [this.pending, this.dirty, this.toDelete, this.watched]) list.delete(state);
    this.identity.delete(mapperOfState(state), state);
  }

  /** Lets objects go that nobody has changed, without a note for a rollback: there is nothing to restore. */
  release(states: readonly ObjectState[]): void {
    this.detectChanges();
    for (const state of states) {
      const isKept = this.dirty.has(state) || this.toDelete.has(state) || this.log.holds(state);
      if (isKept || state.session !== this) continue;
      this.forget(state);
      state.status = 'detached';
      state.session = undefined;
      state.peers = undefined;
    }
  }

  link(owner: ObjectState, property: string, other: ObjectState): void {
    const { cascade } = mapperOfState(owner).relation(property);
    if (other.session !== this && cascade.saveUpdate) this.add(other);
  }

  unlink(owner: ObjectState, property: string, other: ObjectState): void {
    const { cascade } = mapperOfState(owner).relation(property);
    if (cascade.deleteOrphan && other.session === this && other.key === undefined) this.expunge(other);
  }

  findRelated(state: ObjectState, property: string, held: Entity | null | undefined): Entity | null | undefined {
    const { direction, pairs, target } = mapperOfState(state).relation(property);
    if (direction !== 'toOne') return held;
    const values = pairs.map((pair) => state.row[pair.owner.property]);
    if (values.includes(null)) return null;
    if (values.includes(undefined)) return held;
    const from = held === null || held === undefined ? undefined : stateOf(held);
    if (
      from !== undefined &&
      pairs.every((pair, i) => isSame(pair.target, from.committed(pair.target.property), values[i]))
    )
      return held;
    if (!target.keys.every((key, i) => pairs[i]?.target === key)) return undefined;
    return this.identity.get(target, identityKey(target.keys, values))?.entity;
  }

  expire(state: ObjectState, properties?: readonly string[]): void {
    const mapper = mapperOfState(state);
    this.touch(state);
    for (const { property, spec } of mapper.columns) {
      if (properties?.includes(property) === false) continue;
      // The key stays readable: it says which row this is.
      if (spec.primaryKey || mapper.keys.some((key) => key.property === property)) {
        state.row[property] = state.committed(property);
      } else state.row[property] = undefined;
      state.original?.delete(property);
      state.watched?.delete(property);
    }
    for (const [property, held] of state.relations ?? []) if (properties?.includes(property) ?? true) held.expire();
    if (!this.isModified(state)) this.dirty.delete(state);
  }

  expireAll(): void {
    this.identity.forEach((state) => this.expire(state));
  }

  committed(): void {
    this.log.clear();
    for (const state of this.gone) state.status = 'detached';
    this.gone.clear();
  }

  /** Back to the last savepoint. */
  restore(): void {
    const keys = new Map(this.log.touched.map((state) => [state, state.key]));
    const states = this.log.restore();
    for (const state of states) {
      const mapper = mapperOfState(state);
      const key = keys.get(state);
      if (key !== undefined && this.identity.get(mapper, key) === state) this.identity.of(mapper).delete(key);
    }
    for (const state of states) this.#sort(state);
  }

  rollback(): void {
    while (this.log.depth > 1) this.restore();
    this.restore();
  }

  /** Puts a restored object into the lists where it belongs. */
  #sort(state: ObjectState): void {
    for (const list of [this.pending, this.dirty, this.toDelete, this.gone]) list.delete(state);
    if (state.status === 'deleted') this.gone.add(state);
    if (state.session !== this) return;
    if (state.status === 'pending') this.pending.add(state);
    if (state.status !== 'persistent' || state.key === undefined) return;
    this.identity.set(mapperOfState(state), state.key, state);
    this.dirty.add(state);
    if (state.toDelete) this.toDelete.add(state);
  }

  /** Lets all objects go. */
  clear(): void {
    for (const state of this.pending) letGo(state);
    this.identity.forEach(letGo);
    for (const list of [this.pending, this.dirty, this.toDelete, this.watched]) list.clear();
    this.identity.clear();
    this.committed();
  }
}

function letGo(state: ObjectState): void {
  state.status = state.key === undefined ? 'transient' : 'detached';
  state.session = undefined;
  state.peers = undefined;
}

function refuse(state: ObjectState, problem: string, hint: string): AludelError {
  return new AludelError('ALUDEL_OBJECT_STATE', `${state.label} ${problem}.`, {
    hint,
    details: { model: state.modelName, status: state.status },
  });
}
