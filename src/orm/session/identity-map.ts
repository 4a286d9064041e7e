import type { IdentityKey, ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { getOrMake } from '../../util/group-by.js';

/** One object for each row, held until the session is closed. */
export class IdentityMap {
  readonly #byMapper: Map<Mapper, Map<IdentityKey, ObjectState>> = new Map();

  get(mapper: Mapper, key: IdentityKey): ObjectState | undefined {
    const state = this.#byMapper.get(mapper.root)?.get(key);
    // The row of a key may be of another class that extends the same one.
    return state !== undefined && (mapper === mapper.root || state.entity instanceof mapper.model) ? state : undefined;
  }

  /** The objects of one model, and of those that extend it, by key. */
  of(mapper: Mapper): Map<IdentityKey, ObjectState> {
    return getOrMake(this.#byMapper, mapper.root, () => new Map());
  }

  set(mapper: Mapper, key: IdentityKey, state: ObjectState): void {
    this.of(mapper).set(key, state);
  }

  delete(mapper: Mapper, state: ObjectState): void {
    if (state.key === undefined) return;
    const known = this.#byMapper.get(mapper.root);
    if (known?.get(state.key) === state) known.delete(state.key);
  }

  forEach(visit: (state: ObjectState) => void): void {
    for (const states of this.#byMapper.values()) for (const state of states.values()) visit(state);
  }

  clear(): void {
    this.#byMapper.clear();
  }
}
