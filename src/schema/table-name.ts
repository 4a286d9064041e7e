/** A table's full name; `namespace: null` is the connection's default one. */
export interface TableName {
  readonly namespace: string | null;
  readonly name: string;
}

/** `'users'`, `'app.users'`, or the two names apart, for names that hold a dot. */
export type TableReference = string | { readonly namespace?: string | null; readonly name: string };

/** Reads a table reference; text before the first dot is the namespace. */
export function parseTableName(reference: TableReference): TableName {
  if (typeof reference !== 'string') return { namespace: reference.namespace ?? null, name: reference.name };
  const dot = reference.indexOf('.');
  if (dot === -1) return { namespace: null, name: reference };
  return { namespace: reference.slice(0, dot), name: reference.slice(dot + 1) };
}

/** The full name for messages: `app.users`. */
export function formatTableName(table: TableName): string {
  return table.namespace === null ? table.name : `${table.namespace}.${table.name}`;
}

/** What SQLite's table is called while its successor is filled. */
export const REBUILT_PREFIX = '__aludel_old_';
