/** The operations that create or drop a set of tables, whatever refers to what. */
import { type Constraint, type ForeignKey, type Table, type TableName, tableKey } from '../schema/table.js';
import { sortTopologically } from '../util/topological-sort.js';
import type { Operation } from './operation.js';
import { reverse } from './reverse.js';
import { createParts, dropDefaults, isMadeAlone, withoutPartial } from './partition-parts.js';
import { isPartition, ownParts } from './partitions.js';

export interface CreatedTables {
  readonly tables: readonly Operation[];
  /** PostgreSQL: what is changed about partitions and their tables once all of them are there. */
  readonly parts: readonly Operation[];
  /** Foreign keys that close a cycle, where they can be added afterwards. */
  readonly foreignKeys: readonly Operation[];
}

/** Tables after those that they refer to; what a cycle needs comes last. `known` are all that there are then. */
export function createTables(
  tables: readonly Table[],
  canAddForeignKeys: boolean,
  known: readonly Table[] = tables,
): CreatedTables {
  // What a partition has from its table comes with it, unless it was a table of its own before.
  const { order, isLate } = orderTables(
    tables.map((table) => (isPartition(table) && !isMadeAlone(table) ? ownParts(table) : table)),
  );
  const late = (table: Table): ForeignKey[] =>
    canAddForeignKeys ? table.foreignKeys.filter((key) => isLate(table, key)) : [];
  const whole = new Map(tables.map((table) => [tableKey(table), table]));
  const inOrder = order.flatMap((table) => whole.get(tableKey(table)) ?? []);
  return {
    tables: order.map(withoutPartial).flatMap((table): Operation[] => {
      const later = new Set(late(table));
      const foreignKeys = table.foreignKeys.filter((key) => !later.has(key));
      // An index in the database's own words is a statement of its own in a revision file.
      const worded = table.indexes.filter((index) => index.definition !== null);
      const indexes = table.indexes.filter((index) => index.definition === null);
      const name = { namespace: table.namespace, name: table.name };
      return [
        { kind: 'createTable', table: { ...table, foreignKeys, indexes } },
        ...worded.map((index): Operation => ({ kind: 'createIndex', table: name, index })),
      ];
    }),
    parts: [...dropDefaults(inOrder, known), ...createParts(inOrder, known)],
    foreignKeys: order.flatMap((table) =>
      late(table).map((constraint): Operation => ({
        kind: 'addConstraint',
        table: { namespace: table.namespace, name: table.name },
        constraint,
      })),
    ),
  };
}

/** The mirror image of `createTables`: users first, cycles opened beforehand. */
export function dropTables(
  tables: readonly Table[],
  canAddForeignKeys: boolean,
  known: readonly Table[] = tables,
): Operation[] {
  const { tables: created, parts, foreignKeys } = createTables(tables, canAddForeignKeys, known);
  const opened = foreignKeys.flatMap((operation) =>
    operation.kind === 'addConstraint' ? [dropConstraint(operation.table, operation.constraint)] : [],
  );
  const dropped = [...created, ...parts].flatMap((operation): Operation[] => {
    const reversed = reverse(operation);
    return 'irreversible' in reversed ? [] : [reversed];
  });
  return [...opened.toReversed(), ...dropped.toReversed()];
}

interface OrderedTables {
  readonly order: readonly Table[];
  /** True for a foreign key to a table that comes later in the order. */
  isLate(table: Table, key: ForeignKey): boolean;
}

/** Tables after those that their foreign keys refer to. A foreign key can wait, what a table is made of cannot. */
function orderTables(tables: readonly Table[]): OrderedTables {
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const find = (keys: readonly string[]): Table[] => keys.flatMap((key) => byKey.get(key) ?? []);
  // A partition comes after its table, and what inherits after what it inherits from.
  const madeOf = ({ dependsOn = [] }: Table): Table[] =>
    find(dependsOn.map((key) => (key.startsWith('table ') ? key.slice('table '.length) : '')));
  const referred = ({ foreignKeys }: Table): Table[] => find(foreignKeys.map(({ target }) => tableKey(target)));
  const { order: usual, broken } = sortTopologically(tables, (table) => [...referred(table), ...madeOf(table)]);
  const isBroken = broken.some(([table, needed]) => madeOf(table).includes(needed));
  const order = isBroken ? sortTopologically(tables, madeOf).order : usual;
  const places = new Map(order.map((table, place) => [tableKey(table), place]));
  const placeOf = (table: TableName): number => places.get(tableKey(table)) ?? -1;
  return { order, isLate: (table, key) => placeOf(key.target) > placeOf(table) };
}

/** The operation that drops a constraint and can put it back. */
export function dropConstraint(table: TableName, constraint: Constraint): Operation {
  return { kind: 'dropConstraint', table, name: constraint.name, type: constraint.kind, existing: constraint };
}
