import type { Operation } from './operation.js';

/** The operation with its namespace left out where that is `home`: the one that is meant where none is named. */
export function atHome(operation: Operation, home: string | null): Operation {
  if (home === null || !isNamespaced(operation) || operation.table.namespace !== home) return operation;
  return { ...operation, table: { ...operation.table, namespace: null } } as Operation;
}

/** True where it says the namespace of its table. */
export function isNamespaced(operation: Operation): operation is Extract<Operation, { readonly table: unknown }> {
  return 'table' in operation && operation.table.namespace !== null;
}
