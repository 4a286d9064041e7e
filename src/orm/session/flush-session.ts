import { AludelError } from '../../errors.js';
import { loadRelation } from '../loading/load-relation.js';
import { hydrate, type LoadTarget } from '../loading/hydrate.js';
import { plainPlan } from '../loading/load-plan.js';
import { selectRows } from '../loading/select-rows.js';
import { type ObjectState, stateOf } from '../mapping/entity.js';
import { isSame } from '../mapping/column-values.js';
import { RelatedMany } from '../mapping/related-many.js';
import type { CollectOptions } from '../unit-of-work/collect-work.js';
import { type Flushed, flush } from '../unit-of-work/flush.js';
import { type FlushHost, keysBetween, mapperOfState } from '../unit-of-work/work.js';
import { toReferring } from '../../dialects/codecs.js';
import { FlushEvents, type ListenerHost } from './flush-events.js';
import type { SessionObjects } from './session-objects.js';
import type { Active } from './transaction.js';

/** As SQLAlchemy's commit: https://docs.sqlalchemy.org/en/20/orm/events.html#sqlalchemy.orm.SessionEvents.after_flush */
const MOST_ROUNDS = 100;

/** Writes what changed in a session, and takes note of it; then what listeners have changed, until nothing is left. */
export async function flushSession(
  objects: SessionObjects,
  target: LoadTarget,
  start: () => Promise<Active>,
  options: CollectOptions,
  listeners: ListenerHost,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    objects.detectChanges();
    if (objects.pending.size === 0 && objects.dirty.size === 0 && objects.toDelete.size === 0) return;
    const events = new FlushEvents(listeners);
    await events.emit('beforeFlush');
    // What listeners have changed in place.
    if (events.wereCalled) objects.detectChanges();
    const owners = [...objects.pending, ...objects.dirty, ...objects.toDelete].filter(hasRelations);
    const flushed = await flush(hostOf(objects, target, start, events), start, options);
    const { isWritten } = flushed;
    events.remember(flushed);
    settle(objects, flushed, owners);
    if (!isWritten) return;
    await events.after();
    if (!events.wereCalled) return;
  }
  throw new AludelError('ALUDEL_OBJECT_STATE', `The listeners have left something to write ${MOST_ROUNDS} times.`, {
    hint: 'A listener of an event after a write must not change what it is called for each time.',
  });
}

function hostOf(
  objects: SessionObjects,
  target: LoadTarget,
  start: () => Promise<Active>,
  events: FlushEvents,
): FlushHost {
  return {
    announce: (work) => events.before(work),
    pending: objects.pending,
    dirty: objects.dirty,
    toDelete: objects.toDelete,
    isMember: (state) => state.session === objects,
    markDelete: (state) => objects.delete(state),
    expunge: (state) => objects.expunge(state),
    load: async (relation, states) => {
      if (states.length > 0) await loadRelation(target, await start(), relation, states);
    },
    loadReplaced: async (relation, state) => {
      const { target: mapper, pairs } = relation;
      const key = state.committedOf(pairs.map((pair) => pair.owner));
      const by = pairs.map((pair) => pair.target);
      const active = await start();
      const rows = await selectRows(active, mapper, mapper.selected, by, [key]);
      const found = hydrate(target, { plan: plainPlan(mapper), from: 0 }, rows, active.dialect.name);
      return found.filter((each) => each !== undefined);
    },
    write: (state, property, value) => {
      objects.log.overwrite(state, property);
      if (state.key !== undefined && state.original?.has(property) !== true) {
        (state.original ??= new Map()).set(property, state.row[property]);
      }
      state.row[property] = value;
    },
  };
}

/** The state of every object that the flush has written. */
function settle(objects: SessionObjects, { work, switched }: Flushed, owners: readonly ObjectState[]): void {
  for (const state of [...work.deletes, ...switched.values()]) settleDeleted(objects, state);
  for (const state of work.saves) settleSaved(objects, state);
  for (const state of switched.keys()) settleSaved(objects, state);
  objects.dirty.clear();
  for (const state of new Set([...owners, ...[...work.saves].filter(hasRelations)])) {
    for (const held of state.relations?.values() ?? []) {
      if (!held.isChanged && state.status !== 'persistent') continue;
      objects.touch(state);
      if (!work.deferred.has(held)) held.flushed();
      else {
        if (held instanceof RelatedMany) held.flushedAdded();
        if (state.session === objects) objects.dirty.add(state);
      }
    }
  }
}

function hasRelations({ relations }: ObjectState): boolean {
  return relations !== undefined;
}

/** The row of an object is gone. */
export function settleDeleted(objects: SessionObjects, state: ObjectState): void {
  objects.touch(state);
  forgetInCollections(state);
  objects.forget(state);
  state.status = 'deleted';
  state.toDelete = false;
  state.session = undefined;
  objects.gone.add(state);
}

function settleSaved(objects: SessionObjects, state: ObjectState): void {
  const mapper = mapperOfState(state);
  objects.touch(state);
  objects.pending.delete(state);
  const before = state.original;
  state.status = 'persistent';
  rekey(objects, state);
  state.original = undefined;
  state.defaulted = undefined;
  state.watched = undefined;
  if (before !== undefined && mapper.keys.some(({ property }) => before.has(property)))
    followKey(objects, state, before);
}

function rekey(objects: SessionObjects, state: ObjectState): void {
  const mapper = mapperOfState(state);
  if (state.key !== undefined) objects.identity.delete(mapper, state);
  state.key = mapper.keyOf((property) => state.row[property]);
  if (state.key !== undefined) objects.identity.set(mapper, state.key, state);
}

/** A key that changed has changed in the rows that refer to it, by ON UPDATE CASCADE: so do the objects in memory. */
function followKey(objects: SessionObjects, parent: ObjectState, before: ReadonlyMap<string, unknown>): void {
  const referred = (property: string): unknown => (before.has(property) ? before.get(property) : parent.row[property]);
  objects.identity.forEach((child) => {
    const { row, key } = child;
    for (const pairs of keysBetween(mapperOfState(child), mapperOfState(parent))) {
      const moves = pairs.map(({ child: { property, spec }, parent: to }) => ({
        property,
        spec,
        from: toReferring(to.spec, spec, referred(to.property)),
        to: toReferring(to.spec, spec, parent.row[to.property]),
      }));
      if (!moves.every((move) => isSame(move, row[move.property], move.from))) continue;
      objects.touch(child);
      const changed = new Map(moves.map(({ property }) => [property, row[property]]));
      for (const { property, to } of moves) row[property] = to;
      rekey(objects, child);
      if (child.key !== key) followKey(objects, child, changed);
    }
  });
}

/** A deleted object leaves the collections that are known to hold it. */
function forgetInCollections(state: ObjectState): void {
  const mapper = mapperOfState(state);
  for (const { property, inverse } of mapper.relations) {
    if (inverse === undefined) continue;
    for (const other of state.declared.of(state, property).items()) {
      const side = stateOf(other).relations?.get(inverse);
      if (side instanceof RelatedMany) side.forget(state.entity);
    }
  }
}
