/**
 * What the models do not speak of stays as it is: options of tables that they do not name, where indexes lie, names of NOT NULL and of
 * sequences, partitions, and objects of kinds that are none of their business. It still counts when a table changes under it.
 */
import { isHeir, parentNames, parentsOf } from '../operations/inheritance.js';
import { findParent } from '../schema/partition-of.js';
import { tablesAbove } from '../operations/partitions.js';
import { sameExpression } from '../schema/same.js';
import { byObjectKey, type DatabaseObject, objectKey, type ObjectKind, relationKey } from '../schema/objects.js';
import { columnKey } from '../schema/objects.js';
import {
  type Column,
  columnOfOption,
  constraintsOf,
  indexOfOption,
  findTable,
  type Index,
  isLayoutOption,
  isNotNullOption,
  type PrimaryKey,
  type Schema,
  type Table,
  type Unique,
  withoutRefusedOptions,
} from '../schema/table.js';

/** `kinds`: those that are compared besides those that the models declare. */
export function adoptUndeclared(wanted: Schema, live: Schema, kinds: readonly ObjectKind[] | 'all'): Schema {
  const tables = [
    ...wanted.tables.map((table) => {
      const known = findTable(live, table);
      if (known === undefined) return withLiveOptions(table, known);
      const isKept = known === table && !Object.values(table.options).includes(false);
      if (isKept) return table;
      const whole = withLiveOptions(withLiveNames(withLiveTablespaces(table, known), known), known);
      const adopted = table.options['partitionOf'] === undefined ? withoutLostTable(whole, known, wanted, live) : whole;
      return table.options['inherits'] === undefined ? withLiveParents(adopted, wanted, live) : adopted;
    }),
    ...partitions(wanted, live),
  ];
  const declared = wanted.objects ?? [];
  const compared = new Set<ObjectKind>([...(kinds === 'all' ? [] : kinds), ...declared.map(({ kind }) => kind)]);
  const isCompared = (kind: ObjectKind): boolean => compared.has(kind) || (kinds === 'all' && !isPrivilege(kind));
  const own = new Set(declared.map(objectKey));
  const others = (live.objects ?? []).filter((object) => !isCompared(object.kind) && !own.has(objectKey(object)));
  const { objects: _objects, ...rest } = wanted;
  const objects = [...declared, ...standingObjects(others, [...own], tables, live)].sort(byObjectKey);
  return { ...rest, tables, ...(objects.length === 0 ? {} : { objects }) };
}

/** The keys of the objects that `adopted` has beyond those that were declared. */
export function undeclaredObjects(declared: Schema, adopted: Schema): ReadonlySet<string> {
  const own = new Set((declared.objects ?? []).map(objectKey));
  return new Set((adopted.objects ?? []).map(objectKey).filter((key) => !own.has(key)));
}

/** Privileges are asked for by name only. */
export function isPrivilege(kind: ObjectKind): boolean {
  return kind === 'grant' || kind === 'defaultGrant';
}

function withLiveOptions(table: Table, live: Table | undefined): Table {
  const said = Object.entries(table.options).filter(([key]) => live === undefined || !isLayoutOption(key));
  const names = new Set(said.map(([key]) => key));
  const gone = (live?.columns ?? []).filter((column) => !table.columns.some(({ name }) => name === column.name));
  const unsaid = Object.entries(live?.options ?? {}).filter(([key, value]) => {
    if (names.has(key)) return false;
    if (key === 'period') return !gone.some(({ name }) => String(value).includes(`\`${name}\``));
    const index = indexOfOption(key);
    if (index !== null) return hasIndexNamed(table, index);
    const column = columnOfOption(key);
    if (isNotNullOption(key) && table.columns.some(({ name, nullable }) => name === column && nullable)) return false;
    return column === null || isHeir(live ?? table) || table.columns.some(({ name }) => name === column);
  });
  return withoutRefusedOptions({ ...table, options: Object.fromEntries([...unsaid, ...said]) });
}

function hasIndexNamed(table: Table, index: string): boolean {
  return [...table.indexes, ...constraintsOf(table)].some(({ name }) => name === index);
}

/** A partition that the models name outlives the tables above it: dropped with these, it would take its rows along. */
function withoutLostTable(table: Table, known: Table, wanted: Schema, live: Schema): Table {
  const above = tablesAbove(known, live.tables);
  if (above.length === 0 || above.some((parent) => findTable(wanted, parent) !== undefined)) return table;
  const { partitionOf: _partitionOf, ...options } = table.options;
  return { ...table, options };
}

/** A table goes on to inherit from those that stay. */
function withLiveParents(table: Table, wanted: Schema, live: Schema): Table {
  const { inherits: _inherits, ...options } = table.options;
  const stay = parentNames(table).filter(
    (name) => findParent(name, wanted.tables) !== undefined || findParent(name, live.tables) === undefined,
  );
  if (stay.length === 0) return { ...table, options };
  const known = { ...table, options: { ...options, inherits: stay.join(', ') } };
  const dependsOn = new Set([...(table.dependsOn ?? []), ...parentsOf(known, wanted.tables).map(relationKey)]);
  return { ...known, dependsOn: [...dependsOn] };
}

/** Indexes stay in the tablespace that they were put into. */
function withLiveTablespaces(table: Table, live: Table): Table {
  const places = new Map(storedParts(live).map(({ name, storage }) => [name, storage?.['tablespace']]));
  const keep = <T extends StoredPart>(part: T): T => {
    const { tablespace: said, ...storage } = part.storage ?? {};
    const known = places.get(part.name);
    // The database's own is not kept.
    if (said === 'pg_default' && known === undefined) {
      const { storage: _storage, ...rest } = part;
      return (Object.keys(storage).length === 0 ? rest : { ...part, storage }) as T;
    }
    const tablespace = said ?? known;
    return tablespace === undefined ? part : { ...part, storage: { ...part.storage, tablespace } };
  };
  return {
    ...table,
    primaryKey: table.primaryKey && keep(table.primaryKey),
    uniques: table.uniques.map(keep),
    indexes: table.indexes.map(keep),
  };
}

/** What the server calls things by itself, and what others have called them since. */
function withLiveNames(table: Table, live: Table): Table {
  const known = new Map(live.columns.map((column) => [column.name, column]));
  const keep = (column: Column): Column => {
    const { notNullName, generation = null } = known.get(column.name) ?? {};
    const named = notNullName === undefined || column.nullable ? column : { notNullName, ...column };
    if (column.generation?.kind !== 'identity' || generation?.kind !== 'identity') return named;
    const { sequence } = generation;
    if (sequence === undefined || column.generation.sequence !== undefined) return named;
    return { ...named, generation: { ...column.generation, sequence } };
  };
  return { ...table, columns: table.columns.map(keep) };
}

type StoredPart = Pick<Index | PrimaryKey | Unique, 'name' | 'storage'>;

function storedParts({ primaryKey, uniques, indexes }: Table): StoredPart[] {
  return [...(primaryKey === null ? [] : [primaryKey]), ...uniques, ...indexes];
}

/** Partitions come and go with the rows: those of a table that stays are kept, and take new defaults along. */
function partitions(wanted: Schema, live: Schema): Table[] {
  const known = new Set(wanted.tables.map(relationKey));
  const kept: Table[] = [];
  for (let size = -1; size < kept.length;) {
    size = kept.length;
    for (const table of live.tables) {
      const isPart = table.options['partitionOf'] !== undefined && !known.has(relationKey(table));
      if (!isPart || !(table.dependsOn ?? []).some((key) => known.has(key))) continue;
      known.add(relationKey(table));
      kept.push(followDefaults(table, live.tables, [...wanted.tables, ...kept]));
    }
  }
  return kept;
}

/** The partition with the defaults of its table where it had them before. */
function followDefaults(table: Table, before: readonly Table[], after: readonly Table[]): Table {
  const [from, to] = [tablesAbove(table, before)[0], tablesAbove(table, after)[0]];
  if (from === to || from === undefined || to === undefined) return table;
  const columns = table.columns.map((column) => {
    const [known, wanted] = [from, to].map((parent) => parent.columns.find(({ name }) => name === column.name));
    const isFollower = known !== undefined && wanted !== undefined && sameExpression(column.default, known.default);
    return isFollower ? { ...column, default: wanted.default } : column;
  });
  return { ...table, columns };
}

/** Those that still have what they stand on, among `tables` and the objects of the keys `own`; the rest has to go with it. */
export function standingObjects(
  objects: readonly DatabaseObject[],
  own: readonly string[],
  tables: readonly Table[],
  live: Schema,
): DatabaseObject[] {
  if (objects.length === 0) return [];
  const there = new Set([
    ...own,
    ...tables.flatMap((table) => [relationKey(table), ...table.columns.map(({ name }) => columnKey(table, name))]),
  ]);
  const before = new Set([
    ...live.tables.flatMap((table) => [relationKey(table), ...table.columns.map(({ name }) => columnKey(table, name))]),
    ...(live.objects ?? []).map(objectKey),
  ]);
  let left = [...objects];
  for (let size = -1; size !== left.length;) {
    size = left.length;
    const known = new Set([...there, ...left.map(objectKey)]);
    // What was never read is not missed.
    left = left.filter((object) => needsOf(object).every((key) => known.has(key) || !before.has(key)));
  }
  return left;
}

function needsOf({ dependsOn = [], table }: DatabaseObject): string[] {
  return table === undefined ? [...dependsOn] : [...dependsOn, relationKey(table)];
}
