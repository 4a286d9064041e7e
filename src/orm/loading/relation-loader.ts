/** `.load()` of objects: for all peers at once, and one statement for all calls of one tick. */
import { type LoadOptions, type ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { NotLoadedError } from '../mapping/not-loaded.js';
import type { RelationMap } from '../mapping/relation-map.js';
import type { Active } from '../session/transaction.js';
import { mapperOfState } from '../unit-of-work/work.js';
import { laterLoadsOf, type LoadTarget } from './hydrate.js';
import { loadBehind } from './load-behind.js';
import { plainPlan, planLoads } from './load-plan.js';
import type { CriteriaOptions } from './row-criteria.js';
import { groupBy } from '../../util/group-by.js';

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

export class RelationLoader {
  readonly #host: LoaderHost;
  readonly #batches: Map<RelationMap<Mapper>, Batch> = new Map();

  constructor(host: LoaderHost) {
    this.#host = host;
  }

  async load(state: ObjectState, property: string, options: LoadOptions): Promise<void> {
    const relation = mapperOfState(state).relation(property);
    if (relation.settings.writeOnly === true) return;
    refuseLoad(state, property);
    const batch = this.#batches.get(relation) ?? this.#open(relation);
    batch.states.add(state);
    if (options.only !== true) {
      for (const peer of state.peers ?? []) {
        if (peer.session === state.session && peer.declared === state.declared) batch.states.add(peer);
      }
    }
    await batch.done;
  }

  #open(relation: RelationMap<Mapper>): Batch {
    const states = new Set<ObjectState>();
    // Other calls of this tick still come in; the read waits for its turn and takes them all.
    const done = Promise.resolve().then(() =>
      this.#host.read(async (active) => {
        this.#batches.delete(relation);
        const inner = planLoads(relation.target, [], [relation.owner.root]);
        const plan = { ...plainPlan(relation.owner), behind: [{ relation, inner, isSubquery: false, depth: 1 }] };
        const target = this.#host.target();
        for (const [options, group] of groupBy(states, (state) => laterLoadsOf(state)?.options)) {
          if (options === undefined) await loadBehind(target, active, plan, group);
          else await loadBehind({ ...target, options }, this.#host.withOptions(active, options), plan, group);
        }
      }),
    );
    done.catch(() => this.#batches.delete(relation));
    const batch = { states, done };
    this.#batches.set(relation, batch);
    return batch;
  }
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
