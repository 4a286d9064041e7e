/**
 * The operations that lead from one schema to another: pure, deterministic, reversible. Both sides must be in the
 * database's terms (`normalise`, `canonicalise`), so that plain equality decides.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import type { Operation } from '../../operations/operation.js';
import { createTables, dropTables } from '../../operations/table-order.js';
import { type Schema, tableKey } from '../../schema/table.js';
import { compareEnums } from './compare-enums.js';
import { compareTable } from './compare-table.js';
import { splitByEnums } from './split-by-enums.js';

/** Ordered by dependency, then by name: what is used exists before its users, and goes after them. */
export function compareSchemas(from: Schema, to: Schema, capabilities: Capabilities): Operation[] {
  const known = new Map(from.tables.map((table) => [tableKey(table), table]));
  const wanted = new Set(to.tables.map(tableKey));
  const created = createTables(
    to.tables.filter((table) => !known.has(tableKey(table))),
    capabilities.addForeignKey,
  );
  const dropped = dropTables(
    from.tables.filter((table) => !wanted.has(tableKey(table))),
    capabilities.addForeignKey,
  );
  const changed = to.tables.flatMap((table) => {
    const existing = known.get(tableKey(table));
    return existing === undefined ? [] : [compareTable(existing, table, capabilities.enumTypes)];
  });
  const enums = capabilities.enumTypes ? compareEnums(from.enums, to.enums) : { created: [], altered: [], dropped: [] };
  const columns = splitByEnums(
    changed.flatMap((changes) => changes.columns),
    enums.altered,
  );
  const namespaces = to.namespaces.filter((name) => !from.namespaces.includes(name));
  return [
    ...namespaces.map((name): Operation => ({ kind: 'createNamespace', name })),
    ...enums.created,
    ...changed.flatMap((changes) => changes.dropForeignKeys),
    // A dropped table may refer to a key that goes as well.
    ...dropped,
    ...changed.flatMap((changes) => changes.dropOthers),
    ...columns.before,
    ...enums.altered,
    ...created.tables,
    ...columns.after,
    ...changed.flatMap((changes) => changes.addOthers),
    ...changed.flatMap((changes) => changes.addForeignKeys),
    ...created.foreignKeys,
    ...enums.dropped,
  ];
}
