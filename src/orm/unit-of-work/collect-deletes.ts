import { type Entity, type ObjectState, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { RelationMap } from '../mapping/relation-map.js';
import { type FlushHost, linkPairs, mapperOfState, type Work } from './work.js';
import { getOrMake, groupBy } from '../../util/group-by.js';

/** One relation on the way through the deleted objects. */
interface Step {
  readonly host: FlushHost;
  readonly work: Work;
  readonly relation: RelationMap<Mapper>;
  /** Deleted objects that have the relation. */
  readonly states: readonly ObjectState[];
  /** What is deleted with them is added here. */
  readonly next: ObjectState[];
}

/** Follows the relations of deleted objects, a level at a time, so that each relation is loaded once a level. */
export async function collectDeletes(host: FlushHost, work: Work): Promise<void> {
  let frontier: ObjectState[] = [...work.deletes];
  while (frontier.length > 0) {
    const next: ObjectState[] = [];
    for (const [mapper, states] of groupBy(frontier, mapperOfState)) {
      for (const relation of mapper.relations) {
        if (relation.settings.viewOnly === true) continue;
        const step = { host, work, relation, states, next };
        if (relation.direction === 'toMany') await followChildren(step);
        else if (relation.direction === 'manyToMany') await followAssociations(step);
        else if (relation.cascade.delete) await deleteRelated(step);
      }
    }
    frontier = next;
  }
}

async function followChildren(step: Step): Promise<void> {
  const { host, work, relation, states } = step;
  const isCascaded = relation.onDelete === 'cascade';
  const isCleared = relation.onDelete === 'set null' && !relation.cascade.delete;
  if (!isCascaded && !isCleared) await loadMissing(host, relation, states);
  for (const state of states) {
    for (const item of related(state, relation)) {
      const child = stateOf(item);
      const parent = work.linkOf(child, linkPairs(relation))?.parent ?? null;
      const isMoved = parent !== null && parent !== state;
      if (work.deletes.has(child) || isMoved || !host.isMember(child)) {
        if (isCascaded && work.deletes.has(child)) work.cascaded.add(child);
        continue;
      }
      if (!relation.cascade.delete && !isCascaded) {
        work.link(child, linkPairs(relation), null);
        continue;
      }
      if (isCascaded) work.cascaded.add(child);
      remove(step, child);
    }
  }
}

async function followAssociations(step: Step): Promise<void> {
  const { work, relation, states } = step;
  if (relation.onDelete !== 'cascade') {
    getOrMake(work.associationClears, relation, () => []).push(...states);
  }
  if (relation.cascade.delete) await deleteRelated(step);
}

async function deleteRelated(step: Step): Promise<void> {
  const { host, relation, states } = step;
  await loadMissing(host, relation, states);
  for (const state of states) for (const item of related(state, relation)) remove(step, stateOf(item));
}

function remove({ host, work, next }: Step, state: ObjectState): void {
  if (work.deletes.has(state) || !host.isMember(state)) return;
  work.saves.delete(state);
  work.links.delete(state);
  if (state.key === undefined) {
    host.expunge(state);
    return;
  }
  host.markDelete(state);
  work.deletes.add(state);
  next.push(state);
}

async function loadMissing(
  host: FlushHost,
  relation: RelationMap<Mapper>,
  states: readonly ObjectState[],
): Promise<void> {
  if (relation.settings.writeOnly === true) return;
  await host.load(
    relation,
    states.filter((state) => !state.declared.of(state, relation.property).isLoaded),
  );
}

/** The objects in memory; loaded before where that is needed. */
function related(state: ObjectState, { property }: RelationMap<Mapper>): Entity[] {
  return state.declared.of(state, property).items();
}
