import { ASIDE } from './rename.js';

export interface RenameStep {
  readonly from: string;
  readonly to: string;
}

/** What two names are told apart by. */
export type Fold = (name: string) => string;

const AS_WRITTEN: Fold = (name) => name;

/**
 * Renames in an order in which no name is taken twice: chains from their end, swaps by way of a third name. What has a
 * wanted name, in any letter case that `fold` takes for it, and is not renamed itself is moved aside: it will be dropped.
 */
export function orderRenames(
  renames: readonly RenameStep[],
  names: readonly string[],
  fold: Fold = AS_WRITTEN,
): RenameStep[] {
  const taken = new Map(names.map((name) => [fold(name), name]));
  const steps: RenameStep[] = [];
  const take = (from: string, to: string): void => {
    steps.push({ from, to });
    taken.delete(fold(from));
    taken.set(fold(to), to);
  };
  const sources = new Set(renames.map(({ from }) => fold(from)));
  for (const { to } of renames) {
    const owner = taken.get(fold(to));
    if (owner !== undefined && !sources.has(fold(to))) take(owner, nameAside(owner, taken, fold));
  }
  let pending = [...renames];
  while (pending.length > 0) {
    // Another letter case of its own name is free.
    const free = pending.filter(({ from, to }) => !taken.has(fold(to)) || fold(from) === fold(to));
    const [first] = pending;
    if (free.length > 0) {
      for (const { from, to } of free) take(from, to);
      pending = pending.filter((rename) => !free.includes(rename));
    } else if (first !== undefined) {
      const aside = nameAside(first.from, taken, fold);
      take(first.from, aside);
      pending = [{ from: aside, to: first.to }, ...pending.slice(1)];
    }
  }
  return steps;
}

/** A name that nothing has, short enough for every database. */
export function nameAside(name: string, taken: { has(name: string): boolean }, fold: Fold = AS_WRITTEN): string {
  for (let number = 0; ; number++) {
    const suffix = number === 0 ? '' : `_${number}`;
    const aside = `${ASIDE}${[...name].slice(0, 12).join('')}${suffix}`;
    if (!taken.has(fold(aside))) return aside;
  }
}
