/** What only keys and indexes of MySQL and MariaDB can say, and what means nothing elsewhere: left out there. */
import type { Index, PrimaryKey, Table } from '../schema/table.js';

/** Options of an index that MySQL and MariaDB know, by their words. */
export const MYSQL_STORAGE: Readonly<Record<string, string>> = {
  keyBlockSize: 'KEY_BLOCK_SIZE',
  parser: 'WITH PARSER',
};

export function withoutMysqlParts(table: Table): Table {
  return {
    ...table,
    primaryKey: table.primaryKey && withoutOwnParts(table.primaryKey),
    uniques: table.uniques.map(withoutOwnParts),
    indexes: table.indexes.map(withoutOwnOptions),
  };
}

function withoutOwnParts<T extends Pick<PrimaryKey, 'method' | 'lengths'>>(key: T): T {
  if (key.method === undefined && key.lengths === undefined) return key;
  const { method: _method, lengths: _lengths, ...rest } = key;
  return rest as T;
}

function withoutOwnOptions(index: Index): Index {
  if (index.storage === undefined && index.invisible === undefined) return index;
  const { storage = {}, invisible: _invisible, ...rest } = index;
  const kept = Object.entries(storage).filter(([key]) => MYSQL_STORAGE[key] === undefined);
  return { ...rest, ...(kept.length === 0 ? {} : { storage: Object.fromEntries(kept) }) };
}
