import { tableKey } from '../schema/table.js';
import { type Operation, tableOf } from './operation.js';

/** The names of what the operations touch: tables, enum types, namespaces; null when SQL of its own is among them. */
export function tablesOf(operations: readonly Operation[]): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const operation of operations) {
    if (['execute', 'custom', 'opaque'].includes(operation.kind)) return null;
    const table = tableOf(operation);
    if (table !== null) names.add(tableKey(table));
    if (operation.kind === 'renameTable') names.add(tableKey({ ...operation.table, name: operation.to }));
    if (operation.kind === 'renameEnum') names.add(tableKey({ ...operation.enum, name: operation.to }));
    if (operation.kind === 'renameSequence') names.add(tableKey({ ...operation.sequence, name: operation.to }));
    if (operation.kind === 'renameEnumValue') operation.columns.forEach((column) => names.add(tableKey(column.table)));
    if ('enum' in operation) names.add(tableKey(operation.enum));
    if ('name' in operation && table === null && operation.name !== null) names.add(operation.name);
  }
  return names;
}
