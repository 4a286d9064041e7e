/** Follows relations to everything that a flush has to write: keys, orphans, association rows, cascaded deletes. */
import { AludelError } from '../../errors.js';
import { type Entity, type ObjectState, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { RelatedMany } from '../mapping/related-many.js';
import { RelatedOne } from '../mapping/related-one.js';
import type { RelationMap } from '../mapping/relation-map.js';
import { collectDeletes } from './collect-deletes.js';
import { type FlushHost, linkPairs, mapperOfState, Work } from './work.js';

export interface CollectOptions {
  /** Whether an object that was taken out of a relation is an orphan is decided by a flush that was asked for. */
  readonly isAutoflush: boolean;
}

export async function collectWork(host: FlushHost, options: CollectOptions): Promise<Work> {
  const work = new Work();
  for (const state of [...host.pending, ...host.dirty]) if (!state.toDelete) work.saves.add(state);
  for (const state of host.toDelete) work.deletes.add(state);
  const owners = [...work.saves, ...work.deletes];
  const removals: Removal[] = [];
  for (const owner of owners) {
    for (const [property, held] of owner.relations ?? []) {
      const relation = mapperOfState(owner).relation(property);
      if (relation.settings.viewOnly === true) continue;
      if (relation.direction === 'manyToMany') noteAssociations(host, work, relation, held as RelatedMany);
      else if (relation.direction === 'toOne') noteToOne(host, work, relation, held as RelatedOne, options);
      else removals.push(...noteToMany(host, work, relation, held as RelatedMany | RelatedOne));
      const mayBeMissed = relation.direction !== 'toOne' && !options.isAutoflush && !owner.toDelete;
      if (mayBeMissed) warnOfUnsaved(held as RelatedMany | RelatedOne);
    }
  }
  // What another owner has taken in is no orphan, so removals come last.
  for (const removal of removals) await noteRemoval(host, work, removal, options);
  await collectDeletes(host, work);
  return work;
}

interface Removal {
  readonly relation: RelationMap<Mapper>;
  readonly held: RelatedMany | RelatedOne;
  /** Undefined where the object was replaced before it was loaded. */
  readonly child: ObjectState | undefined;
}

function noteToOne(
  host: FlushHost,
  work: Work,
  relation: RelationMap<Mapper>,
  held: RelatedOne,
  { isAutoflush }: CollectOptions,
): void {
  const { owner } = held.place;
  if (owner.toDelete || (!held.isChanged && owner.key !== undefined)) return;
  const value = held.peek();
  if (value === undefined || (value === null && !held.isChanged)) return;
  if (value === null) {
    const inverse = relation.inverse === undefined ? undefined : relation.target.relation(relation.inverse);
    if (isAutoflush && inverse?.cascade.deleteOrphan === true && owner.key !== undefined) work.deferred.add(held);
    else work.link(owner, linkPairs(relation), null);
    return;
  }
  const parent = stateOf(value);
  if (!host.isMember(parent)) throw notInSession(held, parent);
  work.link(owner, linkPairs(relation), parent);
}

/** Notes the objects that came in; gives those that went. */
function noteToMany(
  host: FlushHost,
  work: Work,
  relation: RelationMap<Mapper>,
  held: RelatedMany | RelatedOne,
): Removal[] {
  const { owner } = held.place;
  const { added, removed } = changes(held);
  for (const item of owner.toDelete ? [] : added) {
    const child = stateOf(item);
    // What only the other side has put here comes into the session by itself or not at all.
    if (host.isMember(child) && !child.toDelete) work.link(child, linkPairs(relation), owner);
  }
  return removed.map((item) => ({ relation, held, child: item === undefined ? undefined : stateOf(item) }));
}

function changes(held: RelatedMany | RelatedOne): { added: Iterable<Entity>; removed: (Entity | undefined)[] } {
  const isNew = held.place.owner.key === undefined;
  if (held instanceof RelatedMany) {
    return { added: isNew ? held.peek() : held.added, removed: isNew ? [] : [...held.removed] };
  }
  const value = held.peek() ?? null;
  const isIn = value !== null && (isNew || held.isChanged);
  return { added: isIn ? [value] : [], removed: isNew || !held.isChanged || held.before === null ? [] : [held.before] };
}

async function noteRemoval(
  host: FlushHost,
  work: Work,
  { relation, held, child }: Removal,
  options: CollectOptions,
): Promise<void> {
  if (child === undefined) {
    const value = held instanceof RelatedOne ? held.peek() : undefined;
    for (const old of await host.loadReplaced(relation, held.place.owner)) {
      if (old.entity !== value) await noteRemoval(host, work, { relation, held, child: old }, options);
    }
    return;
  }
  if (!host.isMember(child) || child.toDelete) return;
  const pairs = linkPairs(relation);
  if ((work.linkOf(child, pairs)?.parent ?? null) !== null) return;
  if (!relation.cascade.deleteOrphan) work.link(child, pairs, null);
  else if (options.isAutoflush) work.deferred.add(held);
  else if (child.key === undefined) host.expunge(child);
  else {
    host.markDelete(child);
    work.links.delete(child);
    work.deletes.add(child);
  }
  if (child.toDelete || !host.isMember(child)) work.saves.delete(child);
}

/** One row of the association table for each pair of objects, whichever side was changed, or both. */
function noteAssociations(host: FlushHost, work: Work, relation: RelationMap<Mapper>, held: RelatedMany): void {
  const { owner } = held.place;
  const { secondary } = relation;
  if (owner.toDelete || secondary === undefined) return;
  const note = (item: Entity, rows: Work['associationInserts']): void => {
    const other = stateOf(item);
    if (!host.isMember(other) || other.toDelete) return;
    const cells = [
      ...secondary.owner.map((column) => ({ column, state: owner })),
      ...secondary.target.map((column) => ({ column, state: other })),
    ].sort((one, next) => (one.column.name < next.column.name ? -1 : 1));
    const name = cells.map(({ column, state }) => `${column.name}=${state.id}`).join(',');
    rows.set(`${secondary.table.namespace ?? ''}.${secondary.table.name}:${name}`, { table: secondary.table, cells });
  };
  const { added, removed } = changes(held);
  for (const item of added) note(item, work.associationInserts);
  for (const item of removed) if (item !== undefined) note(item, work.associationDeletes);
}

/** What was warned of: once is enough. */
const warned: Set<string> = new Set();

/** Who makes a new object with its parent may believe that it is saved with it. An autoflush may come before its `add()`. */
function warnOfUnsaved(held: RelatedMany | RelatedOne): void {
  const { owner, property } = held.place;
  for (const item of changes(held).added) {
    const { session, modelName } = stateOf(item);
    if (session !== undefined) continue;
    const message = `A "${modelName}" in "${property}" of "${owner.modelName}" is not saved, since it is in no session.`;
    if (warned.has(message)) continue;
    warned.add(message);
    process.emitWarning(message, { code: 'ALUDEL_NOT_ADDED', detail: 'Call session.add() with it.' });
  }
}

function notInSession({ place }: RelatedOne, parent: ObjectState): AludelError {
  const { owner, property } = place;
  return new AludelError(
    'ALUDEL_OBJECT_STATE',
    `Relation "${property}" of ${owner.label} leads to a "${parent.modelName}" that is not in the session.`,
    {
      hint: 'Call session.add() with it, or let the relation cascade "save-update".',
      details: { model: owner.modelName, relation: property },
    },
  );
}
