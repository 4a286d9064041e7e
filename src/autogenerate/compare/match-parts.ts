import { sameButValidity, sameConstraint, sameIndex } from '../../schema/same.js';
import type { Constraint, Index } from '../../schema/table.js';

/** The parts of two states of a table. */
export interface Matched<T> {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  /** Pairs that are equal but for their comments. */
  readonly kept: readonly (readonly [from: T, to: T])[];
}

/** Pairs what is equal, once each; what is left over on either side was removed or added. */
export function matchConstraints<C extends Constraint>(from: readonly C[], to: readonly C[]): Matched<C> {
  const left = [...from];
  const kept: [C, C][] = [];
  const added = to.filter((wanted) => {
    const byName = left.findIndex((known) => known.name === wanted.name && sameButValidity(known, wanted));
    const at = byName === -1 ? left.findIndex((known) => sameConstraint(known, wanted)) : byName;
    if (at === -1) return true;
    kept.push(...left.splice(at, 1).map((known): [C, C] => [known, wanted]));
    return false;
  });
  return { removed: left, added, kept };
}

/** Pairs indexes of one name that are equal. */
export function matchIndexes(from: readonly Index[], to: readonly Index[]): Matched<Index> {
  const known = new Map(from.map((index) => [index.name, index]));
  const kept: [Index, Index][] = [];
  const added = to.filter((index) => {
    const existing = known.get(index.name);
    if (existing === undefined || !sameIndex(existing, index)) return true;
    known.delete(index.name);
    kept.push([existing, index]);
    return false;
  });
  return { removed: [...known.values()], added, kept };
}
