/** What only keys and indexes of MySQL and MariaDB can say, and what means nothing elsewhere: left out there. */
import { AludelError } from '../errors.js';
import type { PrimaryKey, Table } from '../schema/table.js';

/** Options of an index that MySQL and MariaDB know, by their words; `attributes` are in words of their own. */
export const MYSQL_STORAGE: Readonly<Record<string, string>> = {
  keyBlockSize: 'KEY_BLOCK_SIZE',
  parser: 'WITH PARSER',
  withoutOverlaps: 'WITHOUT OVERLAPS',
  attributes: '',
};

export function withoutMysqlParts(table: Table): Table {
  return {
    ...table,
    primaryKey: table.primaryKey && withoutOwnParts(table.primaryKey),
    uniques: table.uniques.map(withoutOwnParts),
    indexes: table.indexes.map(({ invisible: _invisible, ...index }) => withoutOwnStorage(index)),
  };
}

function withoutOwnParts<T extends Pick<PrimaryKey, 'name' | 'method' | 'lengths' | 'descending' | 'storage'>>(
  key: T,
): T {
  const { method: _method, lengths: _lengths, descending: _descending, ...rest } = key;
  return withoutOwnStorage(rest as T);
}

function withoutOwnStorage<T extends Pick<PrimaryKey, 'name' | 'storage'>>(part: T): T {
  if (part.storage === undefined) return part;
  refuseOverlaps(part, 'This database');
  const { storage, ...rest } = part;
  const kept = Object.entries(storage).filter(([key]) => MYSQL_STORAGE[key] === undefined);
  return { ...rest, ...(kept.length === 0 ? {} : { storage: Object.fromEntries(kept) }) } as T;
}

/**
 * Without the period a key would take other rows.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED
 */
export function refuseOverlaps({ name, storage = {} }: Pick<PrimaryKey, 'name' | 'storage'>, database: string): void {
  if (storage['withoutOverlaps'] === undefined) return;
  const key = name === null ? 'A primary key' : `Key "${name}"`;
  throw new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `${key} is WITHOUT OVERLAPS of period "${storage['withoutOverlaps']}", which ${database} has not.`,
    { hint: 'MariaDB has periods. On PostgreSQL 18 give a key over a range "period: true".' },
  );
}
