import { usualName } from '../../operations/part-names.js';
import {
  detach,
  doesFor,
  isPartition,
  ownParts,
  type Part,
  tablesAbove,
  withoutInherited,
} from '../../operations/partitions.js';
import { type Table, tableKey } from '../../schema/table.js';

/**
 * The two states of a table that are to be compared, on PostgreSQL. A partition that stays with its table follows it in all
 * but its own parts. One that joins a table, alone before or elsewhere, keeps what will do there, and gets what is missing
 * beforehand: ATTACH would refuse it, or make it and leave it behind on the way back.
 */
export function sidesOf(live: Table, wanted: Table, tables: readonly Table[]): readonly [Table, Table] {
  if (!isPartition(wanted)) return [live, wanted];
  if (isFollower(live, wanted)) return [ownParts(live), withoutInherited(wanted, live, tables)];
  const above = tablesAbove(wanted, tables);
  return [detach(live), above.reduce((table, parent) => withPartsOf(table, parent, live), ownParts(wanted))];
}

/** The tables with what those that join another one get from it, and with the objects that this is made of. */
export function withDemands(tables: readonly Table[], live: ReadonlyMap<string, Table>): readonly Table[] {
  return tables.map((table) => {
    const known = live.get(tableKey(table));
    const joins = known !== undefined && isPartition(table) && !isFollower(known, table);
    return joins ? sidesOf(known, table, tables)[1] : table;
  });
}

/** True for a partition that follows its table from one state to the other. */
export function isFollower(live: Table, wanted: Table): boolean {
  return isPartition(live) && isPartition(wanted) && haveOneParent(live, wanted);
}

function haveOneParent(from: Table, to: Table): boolean {
  const parents = ({ dependsOn = [] }: Table): string[] => dependsOn.filter((key) => key.startsWith('table '));
  return parents(from).some((key) => parents(to).includes(key));
}

/** The partition with the parts that a table above it demands, under the names that they have in it. */
function withPartsOf(table: Table, parent: Table, live: Table): Table {
  const join = <P extends Part>(own: readonly P[], demanded: readonly P[], known: readonly P[]): readonly P[] =>
    demanded.reduce<readonly P[]>((parts, part) => {
      if (!isOfColumns(part, table) || parts.some((other) => doesFor(other, part))) return parts;
      const kept = known.find((other) => doesFor(other, part));
      const name = kept?.name ?? usualName(part, table);
      const isTaken = parts.some((other) => other.name === name);
      return name === null || isTaken ? parts : [...parts, inherit(part, name, kept?.comment)];
    }, own);
  const [primaryKey = null] = join(listOf(table.primaryKey), listOf(parent.primaryKey), listOf(live.primaryKey));
  const exclusions = join(table.exclusions ?? [], parent.exclusions ?? [], live.exclusions ?? []);
  const needed = parent.dependsOn?.filter((key) => !key.startsWith('table ')) ?? [];
  return {
    ...table,
    dependsOn: [...(table.dependsOn ?? []), ...needed],
    primaryKey,
    uniques: join(table.uniques, parent.uniques, live.uniques),
    foreignKeys: join(table.foreignKeys, parent.foreignKeys, live.foreignKeys),
    checks: join(table.checks, parent.checks, live.checks),
    ...(exclusions.length === 0 ? {} : { exclusions }),
    indexes: join(table.indexes, parent.indexes, live.indexes),
  };
}

/** False for what cannot be joined: ATTACH says which column is missing. */
function isOfColumns(part: Part, { columns }: Table): boolean {
  return columnsOf(part).every((name) => columns.some((column) => column.name === name));
}

function columnsOf(part: Part): readonly string[] {
  if ('columns' in part) return part.columns;
  const parts = 'parts' in part ? part.parts : 'elements' in part ? part.elements : [];
  return parts.flatMap(({ expression }) => (expression.kind === 'column' ? [expression.name] : []));
}

function inherit<P extends Part>(part: P, name: string, comment: string | undefined): P {
  const { comment: _other, ...rest } = part;
  return { ...rest, name, inherited: true, ...(comment === undefined ? {} : { comment }) } as P;
}

function listOf<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value];
}
