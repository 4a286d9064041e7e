import { tableKey } from '../../schema/table.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { findComponents } from './components.js';
import { mapperOfState } from './work.js';
import { groupBy } from '../../util/group-by.js';

/** Models whose tables refer to each other in a circle, or one alone, each with those that extend it; and their rows. */
export interface Unit {
  readonly mappers: readonly Mapper[];
  readonly rows: readonly ObjectState[];
}

/** Rows by table, referred tables first; where foreign keys leave a choice, in the order of declaration. */
export function orderTables(rows: Iterable<ObjectState>): Unit[] {
  const groups = groupBy(rows, mapperOfState);
  const families = groupBy(groups.keys(), (mapper) => mapper.root);
  const place = new Map<Mapper, number>();
  for (const root of families.keys()) {
    place.set(root, [...root.definition.metadata.tables.values()].indexOf(root.definition));
  }
  const inOrder = (roots: Iterable<Mapper>): Mapper[] =>
    [...roots].sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0));
  const byTable = new Map<string, Mapper>();
  for (const { parts, root } of groups.keys()) for (const part of parts) byTable.set(tableKey(part.tableName), root);
  const needs = (root: Mapper): Mapper[] => {
    const keys = (families.get(root) ?? []).flatMap(({ table }) => table.foreignKeys);
    return inOrder(new Set(keys.flatMap((key) => byTable.get(tableKey(key.target)) ?? [])));
  };
  return findComponents(inOrder(families.keys()), needs).map((component) => {
    const mappers = inOrder(component).flatMap((root) => families.get(root) ?? []);
    return { mappers, rows: mappers.flatMap((mapper) => groups.get(mapper) ?? []) };
  });
}
