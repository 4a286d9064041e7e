import type { ObjectState } from '../mapping/entity.js';
import { NotLoadedError } from '../mapping/not-loaded.js';
import type { LoadPlan } from './load-plan.js';

/** By the objects of one result: the query that gave an object last decides. */
const refusals: WeakMap<readonly ObjectState[], ReadonlySet<string>> = new WeakMap();

/** Takes note of what `throwOn()` says of the objects of one result. */
export function noteRefusals({ refused }: LoadPlan, states: readonly (ObjectState | undefined)[]): void {
  const peers = refused === undefined ? undefined : states.find((state) => state !== undefined)?.peers;
  if (peers !== undefined && refused !== undefined) refusals.set(peers, refused);
}

/** @throws NotLoadedError where the query has said that the relation may not be loaded. */
export function refuseLoad(state: ObjectState, property: string): void {
  const refused = state.peers === undefined ? undefined : refusals.get(state.peers);
  if (refused?.has('*') !== true && refused?.has(property) !== true) return;
  throw new NotLoadedError(`Relation "${property}" of ${state.label} may not be loaded: throwOn() has said so.`, {
    hint: `Load it with the query: .options(selectin(${state.modelName}.c.${property})).`,
    details: { model: state.modelName, relation: property },
  });
}
