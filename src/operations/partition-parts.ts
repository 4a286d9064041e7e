/** PostgreSQL: the parts of partitions that are made by themselves, since the server would not make them, or call them otherwise. */
import type { Table } from '../schema/table.js';
import type { Operation } from './operation.js';
import { doesFor, isPartition, type Part, partsOf, tablesAbove } from './partitions.js';

/** True for a part of a partitioned table that some partitions have no part of. */
export function isPartial(part: Part): boolean {
  return 'only' in part && part.inherited !== true;
}

/** What new partitions have of partial parts of their tables, and these parts, once all partitions are there. */
export function createParts(created: readonly Table[], tables: readonly Table[]): Operation[] {
  const owned = created.filter((table) => isPartition(table) && table.attached !== true);
  return [
    ...owned.flatMap((table) => {
      const demands = tablesAbove(table, tables).flatMap((parent) => partsOf(parent).filter(isPartial));
      const parts = partsOf(table).filter(
        (part) => part.inherited === true && demands.some((one) => doesFor(part, one)),
      );
      return parts.map((part) => addPart(part, table));
    }),
    // Those of a partition that is partitioned itself come before those of its table.
    ...created.toReversed().flatMap((table) =>
      partsOf(table)
        .filter(isPartial)
        .map((part) => addPart(part, table)),
    ),
  ];
}

export function addPart(part: Part, { namespace, name }: Table): Operation {
  const table = { namespace, name };
  return 'kind' in part
    ? { kind: 'addConstraint', table, constraint: part }
    : { kind: 'createIndex', table, index: part };
}
