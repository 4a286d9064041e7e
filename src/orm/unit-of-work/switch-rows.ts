import type { ObjectState } from '../mapping/entity.js';
import { isSame } from '../mapping/column-values.js';
import { mapperOfState, type Work } from './work.js';

/**
 * A new object with the key of a deleted one takes its row: one UPDATE of what differs instead of DELETE and INSERT.
 * Gives the new objects with those whose rows they took.
 */
export function switchRows(work: Work): Map<ObjectState, ObjectState> {
  const switched = new Map<ObjectState, ObjectState>();
  const deleted = new Map([...work.deletes].map((state) => [state.key, state]));
  for (const state of deleted.size === 0 ? [] : work.saves) {
    if (state.key !== undefined) continue;
    const mapper = mapperOfState(state);
    const key = mapper.keyOf((property) => state.row[property]);
    const from =
      key === undefined ? undefined : [...work.deletes].find((d) => d.key === key && mapperOfState(d) === mapper);
    if (from === undefined) continue;
    state.original = new Map();
    for (const column of mapper.columns) {
      const { property } = column;
      const before = from.committed(property);
      if (state.row[property] === undefined) state.row[property] = before;
      else if (!isSame(column, before, state.row[property])) state.original.set(property, before);
    }
    if (mapper.version !== undefined) {
      state.row[mapper.version.property] = from.committed(mapper.version.property);
      state.original.delete(mapper.version.property);
    }
    state.key = key;
    work.deletes.delete(from);
    switched.set(state, from);
  }
  return switched;
}
