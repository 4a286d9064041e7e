/** PostgreSQL: what a partition has from its table, before, while and after it is a part of it. */
import { relationKey } from '../schema/objects.js';
import { findParent, parsePartitionOf } from '../schema/partition-of.js';
import { sameButValidity, sameIndex } from '../schema/same.js';
import { type Constraint, constraintsOf, type Index, type Table, type TableName } from '../schema/table.js';

/** A constraint or an index of a table. */
export type Part = Constraint | Index;

/** A partition, whose columns and inherited parts follow its table. */
export function isPartition(table: Table): boolean {
  return table.options['partitionOf'] !== undefined;
}

/** The table without the constraints and indexes that a partition has from its table. */
export function ownParts(table: Table): Table {
  return mapParts(table, (parts) => parts.filter(({ inherited }) => inherited !== true));
}

/** The table of a partition, that which this one is a partition of, and so on. */
export function tablesAbove(table: Table, tables: readonly Table[]): readonly Table[] {
  if (!isPartition(table)) return [];
  const parents = tables.filter((other) => table.dependsOn?.includes(relationKey(other)) === true);
  return parents.flatMap((parent) => [parent, ...tablesAbove(parent, tables)]);
}

/** DETACH PARTITION: what the table had from another one is its own. */
export function detach(table: Table): Table {
  const { dependsOn = [], ...alone } = mapParts(table, (parts) => parts.map(asOwn));
  const needed = dependsOn.filter((key) => !key.startsWith('table '));
  return needed.length === 0 ? alone : { ...alone, dependsOn: needed };
}

/**
 * ATTACH PARTITION to the table that the option names: what is the same there becomes a part of that.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION
 */
export function attach(table: Table, tables: readonly Table[]): Table {
  const parent = findParent(parsePartitionOf(String(table.options['partitionOf'])).parent, tables);
  if (parent === undefined) return table;
  const alone = detach(table);
  const attached = { ...alone, dependsOn: [...(alone.dependsOn ?? []), relationKey(parent)] };
  return withInherited(attached, tablesAbove(attached, tables));
}

/** A table that gets a constraint or an index makes those of its partitions that say the same parts of it. */
export function adoptParts(tables: readonly Table[], { namespace, name }: TableName): readonly Table[] {
  const isMeant = (table: Table): boolean => table.name === name && table.namespace === namespace;
  // Most tables have no partitions: nobody has to look for them.
  if (tables.find(isMeant)?.options['partitionBy'] === undefined) return tables;
  return tables.map((table) => {
    const above = tablesAbove(table, tables);
    return above.some(isMeant) ? withInherited(table, above) : table;
  });
}

/** The partition with the parts marked that the tables above have too: these are theirs. */
export function withInherited(table: Table, above: readonly Table[]): Table {
  return mapParts(table, (parts) =>
    parts.map((part) => (isAmong(part, above) ? { ...part, inherited: true as const } : part)),
  );
}

/** The partition, as models say it, without what it is known to have from its table alone, and will have from those above. */
export function withoutInherited(wanted: Table, live: Table, tables: readonly Table[]): Table {
  const inherited = mapParts(live, (parts) => parts.filter((part) => part.inherited === true));
  const isTheirs = (part: Part): boolean =>
    isAmong(part, [inherited]) && !isAmong(part, [ownParts(live)]) && isAmong(part, tablesAbove(wanted, tables));
  return mapParts(ownParts(wanted), (parts) => parts.filter((part) => !isTheirs(part)));
}

/** True for two parts of which one, in a partition, does for the other, in its table. Checks go by name. */
export function doesFor(part: Part, demanded: Part): boolean {
  if (!('kind' in part))
    return !('kind' in demanded) && sameIndex(wholly({ ...part, name: demanded.name }), wholly(demanded));
  if (!('kind' in demanded)) return false;
  return part.kind === 'check'
    ? part.name === demanded.name && sameButValidity<Constraint>(part, demanded)
    : sameButValidity<Constraint>(wholly({ ...part, name: null }), wholly(demanded));
}

/** Which partitions have their part is not what the part says. */
function wholly<P extends Part>(part: P): P {
  const { only: _only, ...rest } = { only: undefined, ...part };
  return rest as unknown as P;
}

/** The constraints and indexes of the table, those of one kind at a time, changed. */
export function mapParts(table: Table, change: <P extends Part>(parts: readonly P[]) => readonly P[]): Table {
  const { exclusions = [], ...rest } = table;
  const [primaryKey = null] = change(table.primaryKey === null ? [] : [table.primaryKey]);
  const left = change(exclusions);
  return {
    ...rest,
    primaryKey,
    uniques: change(table.uniques),
    foreignKeys: change(table.foreignKeys),
    checks: change(table.checks),
    ...(left.length === 0 ? {} : { exclusions: left }),
    indexes: change(table.indexes),
  };
}

function isAmong(part: Part, tables: readonly Table[]): boolean {
  return tables.some((table) => partsOf(table).some((demanded) => doesFor(part, demanded)));
}

/** All constraints and indexes of a table. */
export function partsOf(table: Table): readonly Part[] {
  return [...constraintsOf(table), ...table.indexes];
}

function asOwn<P extends Part>(part: P): P {
  const { inherited: _inherited, ...own } = part;
  return own as P;
}
