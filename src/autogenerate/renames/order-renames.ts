import { ASIDE } from './rename.js';

export interface RenameStep {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames in an order in which no name is taken twice: chains from their end, swaps by way of a third name. What has a
 * wanted name and is not renamed itself is moved aside: it will be dropped.
 */
export function orderRenames(renames: readonly RenameStep[], names: readonly string[]): RenameStep[] {
  const taken = new Set(names);
  const steps: RenameStep[] = [];
  const take = (from: string, to: string): void => {
    steps.push({ from, to });
    taken.delete(from);
    taken.add(to);
  };
  const sources = new Set(renames.map(({ from }) => from));
  for (const { to } of renames) {
    if (taken.has(to) && !sources.has(to)) take(to, nameAside(to, taken));
  }
  let pending = [...renames];
  while (pending.length > 0) {
    const free = pending.filter(({ to }) => !taken.has(to));
    const [first] = pending;
    if (free.length > 0) {
      for (const { from, to } of free) take(from, to);
      pending = pending.filter((rename) => !free.includes(rename));
    } else if (first !== undefined) {
      const aside = nameAside(first.from, taken);
      take(first.from, aside);
      pending = [{ from: aside, to: first.to }, ...pending.slice(1)];
    }
  }
  return steps;
}

/** A name that nothing has, short enough for every database. */
export function nameAside(name: string, taken: ReadonlySet<string>): string {
  for (let number = 0; ; number++) {
    const suffix = number === 0 ? '' : `_${number}`;
    const aside = `${ASIDE}${[...name].slice(0, 12).join('')}${suffix}`;
    if (!taken.has(aside)) return aside;
  }
}
