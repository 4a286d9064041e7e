/** What the database says of a relation, put where the object holds it. */
import { type Entity, type ObjectState, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { RelatedMany } from '../mapping/related-many.js';
import { RelatedOne } from '../mapping/related-one.js';
import type { RelationMap } from '../mapping/relation-map.js';

/** Among objects of several classes some may lack a relation. */
export function holds(state: ObjectState, { property }: RelationMap<Mapper>): boolean {
  return state.declared.names.includes(property);
}

export function heldOf(state: ObjectState, { property }: RelationMap<Mapper>): RelatedMany | RelatedOne {
  return state.declared.of(state, property) as RelatedMany | RelatedOne;
}

export function isLoaded(state: ObjectState, relation: RelationMap<Mapper>): boolean {
  return heldOf(state, relation).isLoaded;
}

/** As `isLoaded`; what memory holds is tied to the object, so that it is there when the session is over too. */
export function keepRelated(state: ObjectState, relation: RelationMap<Mapper>): boolean {
  const held = heldOf(state, relation);
  if (held instanceof RelatedMany) return held.isLoaded;
  const known = held.peek();
  if (known !== undefined) held.take(known);
  return known !== undefined;
}

export function fillRelation(state: ObjectState, relation: RelationMap<Mapper>, found: readonly Entity[]): void {
  const held = heldOf(state, relation);
  if (held instanceof RelatedOne) held.take(found[0] ?? null);
  else held.take(relation.inverse === undefined ? found : found.filter((item) => stays(state, relation, item)));
}

/** An object that was moved to another owner in memory is not put back by a collection that is loaded afterwards. */
function stays(owner: ObjectState, { inverse, direction }: RelationMap<Mapper>, item: Entity): boolean {
  const held = inverse === undefined ? undefined : stateOf(item).relations?.get(inverse);
  if (direction !== 'toMany' || !(held instanceof RelatedOne) || !held.isChanged) return true;
  return held.peek() === owner.entity;
}

/** What a collection is ordered by where its declaration says nothing. */
export function keyOrder(mapper: Mapper): unknown[] {
  return mapper.keys.map(({ property }) => mapper.definition.c[property]);
}
