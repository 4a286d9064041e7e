/**
 * Servers may refuse every table without a primary key, or give it one that nobody asked for.
 * https://dev.mysql.com/doc/refman/8.4/en/create-table-gipks.html, https://mariadb.com/kb/en/innodb-system-variables/#innodb_force_primary_key
 */
import { type Column, EMPTY_COLUMN, type Table } from '../../schema/table.js';
import { invisible, isInvisible } from './invisible-columns.js';

/** A table that is only made to be looked at, with a key of its own where it has none. */
export function withAnyKey(table: Table): Table {
  if (table.primaryKey !== null) return table;
  const columns = [...table.columns, KEY];
  return { ...table, columns, primaryKey: { kind: 'primaryKey', name: null, columns: [KEY.name] } };
}

const KEY: Column = { ...EMPTY_COLUMN, name: 'aludel_key', type: { kind: 'boolean' }, nullable: false };

/** The table of the models with the key that MySQL gave the live one, where they say none. */
export function takeGeneratedKey(table: Table, live: Table): Table {
  const key = live.columns.find(({ name }) => name === GENERATED);
  const isMade =
    key?.generation?.kind === 'autoincrement' &&
    isInvisible(live.options, GENERATED) &&
    live.primaryKey?.columns.join() === GENERATED;
  if (!isMade || table.primaryKey !== null || table.columns.some(({ name }) => name === GENERATED)) return table;
  return {
    ...table,
    columns: [key, ...table.columns],
    primaryKey: live.primaryKey,
    options: { ...table.options, ...invisible(GENERATED) },
  };
}

const GENERATED = 'my_row_id';
