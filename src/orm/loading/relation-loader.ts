/** `.load()` of objects: for all peers at once, and one statement for all calls of one tick. */
import type { ObjectState, SessionLink } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { NotLoadedError } from '../mapping/not-loaded.js';
import type { RelationMap } from '../mapping/relation-map.js';
import type { Active } from '../session/transaction.js';
import { mapperOfState } from '../unit-of-work/work.js';
import { laterLoadsOf, type LoadTarget } from './hydrate.js';
import { loadBehind } from './load-behind.js';
import { plainPlan, planLoads } from './load-plan.js';
import type { CriteriaOptions } from './row-criteria.js';
import { getOrMake, groupBy } from '../../util/group-by.js';

export interface LoaderHost {
  target(): LoadTarget;
  /** Runs a task on the connection, after a flush. */
  read(task: (active: Active) => Promise<void>): Promise<void>;
  /** With what the query that gave the objects has said of criteria. */
  withOptions(active: Active, options: CriteriaOptions): Active;
}

interface Batch {
  readonly states: Set<ObjectState>;
  readonly done: Promise<void>;
}

export function relationLoader(host: LoaderHost): SessionLink['load'] {
  const batches = new Map<RelationMap<Mapper>, Batch>();
  const open = (relation: RelationMap<Mapper>): Batch => {
    const states = new Set<ObjectState>();
    // Other calls of this tick still come in; the read waits for its turn and takes them all.
    const done = Promise.resolve().then(() =>
      host.read(async (active) => {
        batches.delete(relation);
        const inner = planLoads(relation.target, [], [relation.owner.root]);
        const plan = { ...plainPlan(relation.owner), behind: [{ relation, inner, isSubquery: false, depth: 1 }] };
        const target = host.target();
        for (const [options, group] of groupBy(states, (state) => laterLoadsOf(state)?.options)) {
          if (options === undefined) await loadBehind(target, active, plan, group);
          else await loadBehind({ ...target, options }, host.withOptions(active, options), plan, group);
        }
      }),
    );
    done.catch(() => batches.delete(relation));
    return { states, done };
  };
  return async (state, property, { only }) => {
    const relation = mapperOfState(state).relation(property);
    if (relation.settings.writeOnly === true) return;
    refuseLoad(state, property);
    const { states, done } = getOrMake(batches, relation, () => open(relation));
    states.add(state);
    for (const peer of only === true ? [] : (state.peers ?? [])) {
      if (peer.session === state.session && peer.declared === state.declared) states.add(peer);
    }
    await done;
  };
}

/** @throws NotLoadedError where the query has said that the relation may not be loaded. */
function refuseLoad(state: ObjectState, property: string): void {
  const { refused } = laterLoadsOf(state) ?? {};
  if (refused?.has('*') !== true && refused?.has(property) !== true) return;
  throw new NotLoadedError(`Relation "${property}" of ${state.label} may not be loaded: throwOn() has said so.`, {
    hint: `Load it with the query: .options(selectin(${state.modelName}.c.${property})).`,
    details: { model: state.modelName, relation: property },
  });
}
