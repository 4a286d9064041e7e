/**
 * The operations that lead from one schema to another: pure, deterministic, reversible. Both sides must be in the
 * database's terms (`normalise`, `canonicalise`), so that plain equality decides.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import type { Operation } from '../../operations/operation.js';
import { type ForeignKey, type Schema, type Table, tableKey } from '../../schema/table.js';
import { sortTopologically } from '../../util/topological-sort.js';
import { compareEnums } from './compare-enums.js';
import { compareTable, dropConstraint } from './compare-table.js';

/** Ordered by dependency, then by name: what is used exists before its users, and goes after them. */
export function compareSchemas(from: Schema, to: Schema, capabilities: Capabilities): Operation[] {
  const known = new Map(from.tables.map((table) => [tableKey(table), table]));
  const wanted = new Set(to.tables.map(tableKey));
  const created = createTables(
    to.tables.filter((table) => !known.has(tableKey(table))),
    capabilities,
  );
  const dropped = dropTables(
    from.tables.filter((table) => !wanted.has(tableKey(table))),
    capabilities,
  );
  const changed = to.tables.flatMap((table) => {
    const existing = known.get(tableKey(table));
    return existing === undefined ? [] : [compareTable(existing, table, capabilities.enumTypes)];
  });
  const enums = capabilities.enumTypes
    ? compareEnums(from.enums, to.enums)
    : { created: [], altered: [], dropped: [] };
  const namespaces = to.namespaces.filter((name) => !from.namespaces.includes(name));
  return [
    ...namespaces.map((name): Operation => ({ kind: 'createNamespace', name })),
    ...enums.created,
    ...changed.flatMap((changes) => changes.dropForeignKeys),
    ...changed.flatMap((changes) => changes.dropOthers),
    ...dropped,
    ...enums.altered,
    ...created.tables,
    ...changed.flatMap((changes) => changes.columns),
    ...changed.flatMap((changes) => changes.addOthers),
    ...changed.flatMap((changes) => changes.addForeignKeys),
    ...created.foreignKeys,
    ...enums.dropped,
  ];
}

interface CreatedTables {
  readonly tables: readonly Operation[];
  /** Foreign keys that close a cycle, where they can be added afterwards. */
  readonly foreignKeys: readonly Operation[];
}

function createTables(tables: readonly Table[], capabilities: Capabilities): CreatedTables {
  const { order, isLate } = orderTables(tables);
  const late = (table: Table): ForeignKey[] =>
    capabilities.addForeignKey ? table.foreignKeys.filter((key) => isLate(table, key)) : [];
  return {
    tables: order.map((table) => {
      const later = new Set(late(table));
      const foreignKeys = table.foreignKeys.filter((key) => !later.has(key));
      return { kind: 'createTable', table: { ...table, foreignKeys } };
    }),
    foreignKeys: order.flatMap((table) =>
      late(table).map(
        (constraint): Operation => ({
          kind: 'addConstraint',
          table: { namespace: table.namespace, name: table.name },
          constraint,
        }),
      ),
    ),
  };
}

/** The mirror image of `createTables`: users first, cycles opened beforehand. */
function dropTables(tables: readonly Table[], capabilities: Capabilities): Operation[] {
  const { tables: created, foreignKeys } = createTables(tables, capabilities);
  const opened = foreignKeys.flatMap((operation) =>
    operation.kind === 'addConstraint' ? [dropConstraint(operation.table, operation.constraint)] : [],
  );
  const dropped = created.flatMap((operation): Operation[] => {
    if (operation.kind !== 'createTable') return [];
    const { namespace, name } = operation.table;
    return [{ kind: 'dropTable', table: { namespace, name }, existing: operation.table }];
  });
  return [...opened.toReversed(), ...dropped.toReversed()];
}

interface OrderedTables {
  readonly order: readonly Table[];
  /** True for a foreign key to a table that comes later in the order. */
  isLate(table: Table, key: ForeignKey): boolean;
}

/** Tables after those that their foreign keys refer to. */
export function orderTables(tables: readonly Table[]): OrderedTables {
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const { order, broken } = sortTopologically(tables, (table) =>
    table.foreignKeys.flatMap(({ target }) => byKey.get(tableKey(target)) ?? []),
  );
  const cut = new Set(broken.map(([table, needed]) => `${tableKey(table)}\0${tableKey(needed)}`));
  return { order, isLate: (table, key) => cut.has(`${tableKey(table)}\0${tableKey(key.target)}`) };
}
