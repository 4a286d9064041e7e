import type { Operation } from '../../operations/operation.js';
import { isHeir } from '../../operations/inheritance.js';
import { isPartition } from '../../operations/partitions.js';
import { relationKey } from '../../schema/objects.js';
import type { Table } from '../../schema/table.js';
import type { TableChanges } from './compare-table.js';
import { isForTheWayBack } from './heir-sides.js';

/**
 * The changes of tables (in one order with them) without what a partition does along with its table: whether a column takes
 * NULL. Said once more it would stand in the way back, where the partitions' turn comes first.
 */
export function followParents(tables: readonly Table[], changes: readonly TableChanges[]): TableChanges[] {
  const byKey = new Map(tables.map((table, i) => [relationKey(table), changes[i]?.columns ?? []]));
  return changes.map((own, i) => {
    const table = tables[i];
    if (table === undefined || !isPartition(table)) return own;
    const parents = (table.dependsOn ?? []).flatMap((key) => byKey.get(key) ?? []);
    return { ...own, columns: own.columns.flatMap((operation) => withoutFollowed(operation, parents)) };
  });
}

function withoutFollowed(operation: Operation, parents: readonly Operation[]): Operation[] {
  if (operation.kind !== 'alterColumn' || operation.changes.nullable === undefined) return [operation];
  const { nullable, ...changes } = operation.changes;
  const isFollowed = parents.some(
    (other) => other.kind === 'alterColumn' && other.column === operation.column && other.changes.nullable === nullable,
  );
  if (!isFollowed) return [operation];
  return Object.keys(changes).length === 0 ? [] : [{ ...operation, changes }];
}

/**
 * The changes of columns in the order of the tables, but for what a child takes over from its parent, or leaves to it: a column of one
 * name is there once.
 */
export function alongParents(tables: readonly Table[], changes: readonly TableChanges[]): Operation[] {
  const byKey = new Map(tables.map((table, i) => [relationKey(table), changes[i]?.columns ?? []]));
  const sides = tables.map((table, i) => {
    const own = changes[i]?.columns ?? [];
    const parents = isHeir(table) ? (table.dependsOn ?? []) : [];
    const above = parents.flatMap((key) => byKey.get(key) ?? []);
    const dropped = new Set(above.flatMap((change) => (change.kind === 'dropColumn' ? [change.column] : [])));
    const added = new Set(above.flatMap((change) => (change.kind === 'addColumn' ? [change.column.name] : [])));
    // A new column that both get is the child's own as well, and there before its parent's.
    const first = own.filter(
      (change, at) =>
        (change.kind === 'dropColumn' && added.has(change.column)) ||
        (change.kind === 'addColumn' && added.has(change.column.name)) ||
        (change.kind === 'alterColumn' && dropped.has(change.column)) ||
        isForTheWayBack(change, at, own),
    );
    const last = own.filter((change) => change.kind === 'addColumn' && dropped.has(change.column.name));
    return { first, last, rest: own.filter((change) => !first.includes(change) && !last.includes(change)) };
  });
  return [
    ...sides.flatMap(({ first }) => first),
    ...sides.flatMap(({ rest }) => rest),
    ...sides.flatMap(({ last }) => last),
  ];
}
