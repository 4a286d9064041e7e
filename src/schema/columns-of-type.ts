import type { Column, Schema, Table, TableName } from './table.js';
import type { ColumnType } from './types.js';

/** A column that is made of a named type. */
export interface TypedColumn {
  readonly column: Column;
  /** `status[]` instead of `status`. */
  readonly isArray: boolean;
}

/** The columns of a table that are made of an enum, a domain or another type of the schema, by its name. */
export function columnsOfType(table: Table, name: TableName, schema: Pick<Schema, 'namespaces'>): TypedColumn[] {
  return table.columns.flatMap((column): TypedColumn[] => {
    const use = useOfType(column.type, name, schema);
    return use === null ? [] : [{ column, isArray: use === 'array' }];
  });
}

/** Whether a type is the named one, an array of it, or neither. */
export function useOfType(
  type: ColumnType,
  named: TableName,
  { namespaces }: Pick<Schema, 'namespaces'>,
): 'itself' | 'array' | null {
  if (type.kind === 'enum') return type.name === named.name && type.namespace === named.namespace ? 'itself' : null;
  const text = type.kind === 'custom' && typeof type.sql === 'string' ? type.sql : '';
  const found = /^(?:("(?:[^"]|"")+"|\w+)\.)?("(?:[^"]|"")+"|\w+)(\[\])?$/.exec(text);
  const [, namespace, name, brackets] = found ?? [];
  if (unquote(name) !== named.name) return null;
  const said = unquote(namespace);
  // Reflection qualifies every name; a namespace that is none of the others is the default one.
  const isThere = named.namespace === null ? said === null || !namespaces.includes(said) : said === named.namespace;
  if (!isThere) return null;
  return brackets === undefined ? 'itself' : 'array';
}

function unquote(name: string | undefined): string | null {
  if (name === undefined) return null;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
