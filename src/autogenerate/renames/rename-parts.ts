/**
 * Constraints and indexes that say the same under another name: a naming convention that puts the table and its columns
 * into names changes all of them with a rename. Dropping and adding would read the whole table again for nothing.
 */
import { renameIndex } from '../../operations/apply-rename.js';
import type { Operation } from '../../operations/operation.js';
import { isPartition, tablesAbove } from '../../operations/partitions.js';
import { type Constraint, constraintsOf, type Index, type Schema, type Table, tableKey } from '../../schema/table.js';
import { sameConstraint, sameIndex } from '../../schema/same.js';
import { nameAside } from './order-renames.js';

interface Pair {
  readonly table: Table;
  readonly to: string;
  /** Where it is now: changes when it makes room. */
  name: string;
  existing: Constraint | Index;
}

/** The operations that give equal constraints and indexes their new names, where no other part has these. */
export function renameParts(from: Schema, to: Schema): Operation[] {
  const wanted = new Map(to.tables.map((table) => [tableKey(table), table]));
  const pairs = from.tables.flatMap((table) => {
    const other = wanted.get(tableKey(table));
    return other === undefined || other === table ? [] : pairParts(table, other);
  });
  return pairs.length === 0 ? [] : orderPairs(pairs, from);
}

function pairParts(from: Table, to: Table): Pair[] {
  const constraints = pairEqual(constraintsOf(from), constraintsOf(to), (a, b) =>
    a.kind === b.kind && a.name !== null && b.name !== null ? sameConstraint({ ...a, name: b.name }, b) : false,
  );
  const indexes = pairEqual(from.indexes, to.indexes, (a, b) => {
    const operation = { kind: 'renameIndex', table: from, name: a.name, to: b.name, existing: a } as const;
    const [renamed] = renameIndex({ ...from, indexes: [a] }, operation).indexes;
    return renamed !== undefined && sameIndex(renamed, b);
  });
  return [...constraints, ...indexes].map(([existing, { name }]) => ({
    table: from,
    name: existing.name ?? '',
    to: name ?? '',
    existing,
  }));
}

/** Pairs of the parts that have no equal of the same name on the other side. */
function pairEqual<P extends Constraint | Index>(
  from: readonly P[],
  to: readonly P[],
  isEqual: (a: P, b: P) => boolean,
): [P, P][] {
  const known = new Map(from.map((part) => [part.name, part]));
  const isKept = (part: P, other: P | undefined): boolean => other !== undefined && isEqual(other, part);
  const wanted = to.filter((part) => part.name !== null && !isKept(part, known.get(part.name)));
  if (wanted.length === 0) return [];
  const kept = new Map(to.map((part) => [part.name, part]));
  const left = from.filter((part) => part.name !== null && !isKept(part, kept.get(part.name)));
  return wanted.flatMap((part): [P, P][] => {
    const at = left.findIndex((other) => isEqual(other, part));
    return left.splice(at, at === -1 ? 0 : 1).map((other): [P, P] => [other, part]);
  });
}

/** In an order in which each name is free when it is taken; names that others keep are left to drop and add. */
function orderPairs(pairs: readonly Pair[], schema: Schema): Operation[] {
  const taken = new Map<string, number>();
  const key = (table: Table, name: string): string => `${table.namespace ?? ''}\0${name}`;
  const count = (table: Table, name: string, step: 1 | -1): void => {
    taken.set(key(table, name), (taken.get(key(table, name)) ?? 0) + step);
  };
  const isTaken = ({ table, to }: Pair): boolean => (taken.get(key(table, to)) ?? 0) > 0;
  for (const table of schema.tables) {
    count(table, table.name, 1);
    for (const { name } of [...constraintsOf(table), ...table.indexes]) if (name !== null) count(table, name, 1);
    // A partition has the checks of the tables above it, under their names.
    const above = isPartition(table) ? tablesAbove(table, schema.tables) : [];
    for (const { name } of above.flatMap(({ checks }) => checks)) if (name !== null) count(table, name, 1);
  }
  const operations: Operation[] = [];
  const rename = (pair: Pair, to: string): void => {
    const { table, name, existing } = pair;
    const owner = { namespace: table.namespace, name: table.name };
    operations.push(
      'kind' in existing
        ? { kind: 'renameConstraint', table: owner, name, to, existing }
        : { kind: 'renameIndex', table: owner, name, to, existing },
    );
    count(table, name, -1);
    count(table, to, 1);
    pair.name = to;
    pair.existing = { ...existing, name: to };
  };
  let pending = withoutBlocked(pairs, taken, key);
  while (pending.length > 0) {
    const before = pending.length;
    pending = pending.filter((pair) => {
      if (isTaken(pair)) return true;
      rename(pair, pair.to);
      return false;
    });
    const [first] = pending;
    if (pending.length === before && first !== undefined) rename(first, nameAside(first.name, new Set(namesOf(taken))));
  }
  return operations;
}

/** Without those that wait for a name which nobody gives up. */
function withoutBlocked(
  pairs: readonly Pair[],
  taken: ReadonlyMap<string, number>,
  key: (table: Table, name: string) => string,
): Pair[] {
  let left = [...pairs];
  for (;;) {
    const given = new Map<string, number>();
    for (const { table, name } of left) given.set(key(table, name), (given.get(key(table, name)) ?? 0) + 1);
    const wanted = new Map<string, number>();
    for (const { table, to } of left) wanted.set(key(table, to), (wanted.get(key(table, to)) ?? 0) + 1);
    const free = left.filter(({ table, to }) => {
      const name = key(table, to);
      return wanted.get(name) === 1 && (taken.get(name) ?? 0) <= (given.get(name) ?? 0);
    });
    if (free.length === left.length) return free;
    left = free;
  }
}

function namesOf(taken: ReadonlyMap<string, number>): string[] {
  return [...taken.keys()].map((known) => known.slice(known.indexOf('\0') + 1));
}
