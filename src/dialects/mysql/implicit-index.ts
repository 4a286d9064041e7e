/**
 * InnoDB needs an index that begins with the columns of each foreign key, and makes one called like the key where there
 * is none. Such an index belongs to the key: it is no index of the schema. Whether it exists follows from the rest of
 * the table: it does when nothing else serves the key.
 * https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html#foreign-key-restrictions
 */
import type { ForeignKey, Index, Table } from '../../schema/table.js';

/** The columns that something indexes, in its order; those of an index up to the first part that is more than a column. */
export type IndexedColumns = readonly string[];

export function indexedColumns(index: Index): IndexedColumns {
  if (index.method === 'fulltext' || index.method === 'spatial') return [];
  const end = index.parts.findIndex((part) => part.expression.kind !== 'column' || part.length !== null);
  const parts = end === -1 ? index.parts : index.parts.slice(0, end);
  return parts.flatMap(({ expression }) => (expression.kind === 'column' ? [expression.name] : []));
}

/** Everything declared that InnoDB may use for a foreign key. */
export function servingColumns(table: Table): IndexedColumns[] {
  const keys = table.primaryKey === null ? [] : [table.primaryKey.columns];
  return [...keys, ...table.uniques.map((unique) => unique.columns), ...table.indexes.map(indexedColumns)];
}

export function serves(indexed: IndexedColumns, key: ForeignKey): boolean {
  return key.columns.every((column, i) => indexed[i] === column);
}

/** Foreign keys of the table whose index is one that InnoDB made for them. */
export function keysWithImplicitIndex(table: Table): ForeignKey[] {
  const declared = servingColumns(table);
  return table.foreignKeys.filter((key) => key.name !== null && !declared.some((columns) => serves(columns, key)));
}

/** The table without the indexes that InnoDB made for its foreign keys. */
export function hideImplicitIndexes(table: Table): Table {
  const indexes = table.indexes.filter((index) => {
    const key = table.foreignKeys.find((known) => known.name === index.name);
    if (key === undefined || index.unique || index.definition !== null) return true;
    const isExact = serves(indexedColumns(index), key) && index.parts.length === key.columns.length;
    const others = servingColumns({
      ...table,
      indexes: table.indexes.filter((other) => other !== index),
    });
    return !isExact || others.some((columns) => serves(columns, key));
  });
  return { ...table, indexes };
}
