import { formatTableName } from '../schema/table-name.js';
import type { TableName } from '../schema/table.js';
import type { ColumnType } from '../schema/types.js';
import type { Statement } from './dialect.js';

/** How a database says what is asked here. */
export interface Spelling {
  quoteIdentifier(name: string): string;
  quoteTable(table: TableName): string;
  quoteString(value: string): string;
}

/** An enum loses values: the rows that hold one are counted before anything changes, and none may be found. */
export function refuseRemovedValues(
  table: TableName,
  column: string,
  from: ColumnType | undefined,
  to: ColumnType | undefined,
  spelling: Spelling,
): Statement[] {
  if (from?.kind !== 'enum' || to?.kind !== 'enum') return [];
  const removed = removedValues(from.values, to.values);
  if (removed.length === 0) return [];
  const name = spelling.quoteIdentifier(column);
  const values = removed.map((value) => spelling.quoteString(value)).join(', ');
  const rows = `FROM ${spelling.quoteTable(table)} WHERE ${name} IN (${values}) GROUP BY ${name} ORDER BY ${name}`;
  return [{ sql: `SELECT ${name} AS found, count(*) AS held ${rows}`, expect: noneHolds(table, column) }];
}

/** Values that differ in case alone are the same on MySQL, and no reason to stop elsewhere: the cast would say so. */
export function removedValues(from: readonly string[], to: readonly string[]): string[] {
  const kept = new Set(to.map((value) => value.toLowerCase()));
  return from.filter((value) => !to.includes(value) && !kept.has(value.toLowerCase()));
}

export function noneHolds(table: TableName, column: string): Statement['expect'] & object {
  const place = `"${column}" of table "${formatTableName(table)}"`;
  return { kind: 'noRows', problem: `Column ${place} holds values that are to go`, listed: true };
}
