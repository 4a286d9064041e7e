import { type Table, tableKey } from '../../schema/table.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { findComponents } from './components.js';
import { groupBy, mapperOfState } from './work.js';

/** Models whose tables refer to each other in a circle, or one alone; with their rows. */
export interface Unit {
  readonly mappers: readonly Mapper[];
  readonly rows: readonly ObjectState[];
}

/** Rows by table, referred tables first; where foreign keys leave a choice, in the order of declaration. */
export function orderTables(rows: Iterable<ObjectState>): Unit[] {
  const groups = groupBy(rows, mapperOfState);
  const place = new Map<Mapper, number>();
  for (const mapper of groups.keys()) {
    place.set(mapper, [...mapper.definition.metadata.tables.values()].indexOf(mapper.definition));
  }
  const inOrder = (mappers: Iterable<Mapper>): Mapper[] =>
    [...mappers].sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0));
  const byTable = new Map([...groups.keys()].map((mapper) => [tableKey(mapper.table), mapper]));
  const needs = ({ table }: { readonly table: Table }): Mapper[] =>
    inOrder(table.foreignKeys.flatMap((key) => byTable.get(tableKey(key.target)) ?? []));
  return findComponents(inOrder(groups.keys()), needs).map((component) => {
    const mappers = inOrder(component);
    return { mappers, rows: mappers.flatMap((mapper) => groups.get(mapper) ?? []) };
  });
}
