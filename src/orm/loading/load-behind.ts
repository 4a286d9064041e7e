/** What a plan loads in statements behind that of its objects. */
import { type ObjectState, stateOf } from '../mapping/entity.js';
import type { Active } from '../session/transaction.js';
import { heldOf, holds, keepRelated } from './fill-relation.js';
import type { HydrateOptions, LoadTarget } from './hydrate.js';
import type { LoadPlan, RelationPlan } from './load-plan.js';
import { type KeyQuery, loadRelation } from './load-relation.js';

export interface LoadBehindOptions extends HydrateOptions {
  /** The query that gave the objects, for `subquery()`. */
  readonly owners?: KeyQuery | undefined;
}

/**
 * Loads the relations of a plan that objects lack, those too that other objects got by a join: what was known before the
 * query does not stand among its rows.
 */
export async function loadBehind(
  target: LoadTarget,
  active: Active,
  { joined, behind }: LoadPlan,
  states: readonly ObjectState[],
  options: LoadBehindOptions = {},
): Promise<void> {
  for (const each of [...joined, ...behind]) {
    const seen = new Set(states);
    let level: readonly ObjectState[] = [...seen];
    let { owners } = options;
    for (let depth = 0; depth < each.depth && level.length > 0; depth += 1) {
      const related = await loadLevel(target, active, each, level, { ...options, owners });
      level = related.filter((state) => !seen.has(state));
      for (const state of level) seen.add(state);
      owners = undefined;
    }
  }
}

/** One relation of some objects; gives the objects that it leads to. */
async function loadLevel(
  target: LoadTarget,
  active: Active,
  { relation, inner, isSubquery }: RelationPlan,
  level: readonly ObjectState[],
  { refresh, owners }: LoadBehindOptions,
): Promise<readonly ObjectState[]> {
  const having = level.filter((state) => holds(state, relation) && state.key !== undefined);
  const lacking = having.filter((state) => !keepRelated(state, relation));
  const isAll = isSubquery && lacking.length === level.length;
  await loadRelation(target, active, relation, lacking, { plan: inner, refresh, owners: isAll ? owners : undefined });
  if (inner.joined.length + inner.behind.length === 0 && !(relation.target.root === relation.owner.root)) return [];
  const related = having.flatMap((state) => heldOf(state, relation).items());
  const states = [...new Set(related)].map(stateOf);
  await loadBehind(target, active, inner, states, { refresh });
  return states;
}
