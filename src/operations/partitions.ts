import { relationKey } from '../schema/objects.js';
import type { Constraint, Table } from '../schema/table.js';

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

/** What a partition has between two tables: its own parts, and the checks and foreign keys of those given. */
export function withRules(table: Table, ...others: readonly Table[]): Table {
  const own = ownParts(table);
  const join = <C extends Constraint>(parts: readonly C[], rules: readonly C[]): readonly C[] => [
    ...parts,
    ...rules
      .filter(({ name }) => !parts.some((part) => part.name === name))
      .map((rule) => ({ ...rule, inherited: true as const })),
  ];
  return {
    ...own,
    checks: others.reduce((parts, { checks }) => join(parts, checks), own.checks),
    foreignKeys: others.reduce((parts, { foreignKeys }) => join(parts, foreignKeys), own.foreignKeys),
  };
}

/** The table of a partition, that which this one is a partition of, and so on. */
export function tablesAbove(table: Table, tables: readonly Table[]): readonly Table[] {
  if (!isPartition(table)) return [];
  const parents = tables.filter((other) => table.dependsOn?.includes(relationKey(other)) === true);
  return parents.flatMap((parent) => [parent, ...tablesAbove(parent, tables)]);
}
