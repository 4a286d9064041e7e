/**
 * The operations that lead from one schema to another: pure, deterministic, reversible. Both sides must be in the
 * database's terms (`normalise`, `canonicalise`), so that plain equality decides.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import type { Operation } from '../../operations/operation.js';
import { createTables, dropTables } from '../../operations/table-order.js';
import { type Schema, tableKey } from '../../schema/table.js';
import { compareEnums } from './compare-enums.js';
import { compareObjects } from './compare-objects.js';
import { compareSequences } from './compare-sequences.js';
import { dependentForeignKeys } from './dependent-foreign-keys.js';
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
  const sequences = compareSequences(from.sequences, to.sequences);
  const columns = splitByEnums(
    changed.flatMap((changes) => changes.columns),
    enums.altered,
  );
  const namespaces = to.namespaces.filter((name) => !from.namespaces.includes(name));
  const left = from.namespaces.filter((name) => !to.namespaces.includes(name));
  const dependent = dependentForeignKeys(from, to, capabilities);
  const around = [
    ...changed.flatMap((changes) => changes.dropForeignKeys),
    ...dependent.dropped,
    ...dropped,
    ...changed.flatMap((changes) => changes.dropOthers),
    ...columns.before,
    ...enums.altered,
    ...columns.after,
  ];
  const objects = compareObjects(from, to, around, created.tables, capabilities);
  return [
    ...namespaces.map((name): Operation => ({ kind: 'createNamespace', name })),
    ...enums.created,
    ...objects.dropped,
    ...sequences.released,
    ...sequences.changed,
    ...objects.needed,
    // A dropped table may refer to a key that goes as well.
    ...around,
    ...changed.flatMap((changes) => changes.addOthers),
    // A new table may refer to a key that is new as well.
    ...objects.created,
    ...dependent.added,
    ...changed.flatMap((changes) => changes.addForeignKeys),
    ...created.foreignKeys,
    ...sequences.owned,
    ...objects.left,
    ...sequences.dropped,
    ...enums.dropped,
    ...left.map((name): Operation => ({ kind: 'dropNamespace', name })),
  ];
}
