import type { Table } from '../schema/table.js';

/** A partition, whose columns and inherited parts follow its table. */
export function isPartition(table: Table): boolean {
  return table.options['partitionOf'] !== undefined;
}

/** The table without the constraints and indexes that a partition has from its table. */
export function ownParts(table: Table): Table {
  const isOwn = ({ inherited }: { readonly inherited?: true }): boolean => inherited !== true;
  const { exclusions, ...rest } = table;
  return {
    ...rest,
    primaryKey: table.primaryKey !== null && isOwn(table.primaryKey) ? table.primaryKey : null,
    uniques: table.uniques.filter(isOwn),
    foreignKeys: table.foreignKeys.filter(isOwn),
    checks: table.checks.filter(isOwn),
    ...(exclusions === undefined ? {} : { exclusions: exclusions.filter(isOwn) }),
    indexes: table.indexes.filter(isOwn),
  };
}
