/** PostgreSQL: the parts of partitions that are made by themselves, since the server would not make them, or call them otherwise. */
import type { Table } from '../schema/table.js';
import { inheritedColumns, isHeir } from './inheritance.js';
import type { Operation } from './operation.js';
import { usualName } from './part-names.js';
import { doesFor, isPartition, mapParts, type Part, partsOf, tablesAbove } from './partitions.js';

/** True for a part of a partitioned table that some partitions have no part of. */
export function isPartial(part: Part): boolean {
  return 'only' in part;
}

/**
 * True for a partition that is made as a table of its own and attached then: it was one before, or calls what it has from its table as the
 * server would not.
 */
export function isMadeAlone(table: Table): boolean {
  if (!isPartition(table)) return false;
  return (
    table.attached === true ||
    partsOf(table).some((part) => part.inherited === true && part.name !== usualName(part, table))
  );
}

/** What new partitions have of partial parts of their tables, and these parts, once all partitions are there. */
export function createParts(created: readonly Table[], tables: readonly Table[]): Operation[] {
  const owned = created.filter((table) => isPartition(table) && !isMadeAlone(table));
  return [
    ...owned.flatMap((table) => {
      const demands = tablesAbove(table, tables).flatMap((parent) => partsOf(parent).filter(isPartial));
      const parts = partsOf(table).filter(
        (part) => part.inherited === true && !isPartial(part) && demands.some((one) => doesFor(part, one)),
      );
      // What the server makes with the partition has no comment yet.
      const bare = partsOf(table).filter(
        (part) => part.inherited === true && !isPartial(part) && !parts.includes(part),
      );
      return [...parts.map((part) => addPart(part, table)), ...bare.flatMap((part) => commentOn(part, table))];
    }),
    // Those of a partition that is partitioned itself come before those of its table.
    ...created.toReversed().flatMap((table) =>
      partsOf(table)
        .filter(isPartial)
        .map((part) => addPart(part, table)),
    ),
  ];
}

function commentOn({ name, comment, ...part }: Part, { namespace, name: table }: Table): Operation[] {
  if (name === null || comment === undefined) return [];
  const object = 'kind' in part ? 'constraint' : 'index';
  return [{ kind: 'setComment', object, table: { namespace, name: table }, name, comment, existing: null }];
}

export function addPart(part: Part, { namespace, name }: Table): Operation {
  const table = { namespace, name };
  return 'kind' in part
    ? { kind: 'addConstraint', table, constraint: part }
    : { kind: 'createIndex', table, index: part };
}

/** New partitions and heirs take the defaults of their tables: those that have none lose them again. */
export function dropDefaults(created: readonly Table[], tables: readonly Table[]): Operation[] {
  return created.flatMap((table) => {
    if (isMadeAlone(table)) return [];
    const { namespace, name } = table;
    const [parent] = tablesAbove(table, tables);
    const above = isHeir(table) ? inheritedColumns(table, tables) : null;
    return table.columns.flatMap((column): Operation[] => {
      const theirs = above?.get(column.name)?.column ?? parent?.columns.find((other) => other.name === column.name);
      const value = theirs?.default ?? null;
      if (column.default !== null || value === null || column.generation !== null || column.generated !== null)
        return [];
      if (column.inherited === true) return [];
      const existing = { ...column, default: value };
      return [
        {
          kind: 'alterColumn',
          table: { namespace, name },
          column: column.name,
          changes: { default: null },
          using: null,
          existing,
        },
      ];
    });
  });
}

/** The table without the parts that some of its partitions have no part of. */
export function withoutPartial(table: Table): Table {
  return partsOf(table).some(isPartial) ? mapParts(table, (parts) => parts.filter((part) => !isPartial(part))) : table;
}
