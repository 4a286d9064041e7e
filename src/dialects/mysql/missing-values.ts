import type { AddColumn, AlterColumn } from '../../operations/operation.js';
import { formatTableName } from '../../schema/table-name.js';
import type { Statement } from '../dialect.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/**
 * Where values are missing both servers make up zeros and empty strings: for a new column in every mode, for an old one
 * unless the mode is strict. The rows are looked at first.
 * https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
 */
export function refuseMissingValues(operation: AddColumn | AlterColumn): Statement[] {
  const table = formatTableName(operation.table);
  const from = `SELECT 1 FROM ${quoteTable(operation.table)}`;
  if (operation.kind === 'addColumn') {
    const { name, nullable, default: value, generated, generation } = operation.column;
    if (nullable || value !== null || generated !== null || generation !== null) return [];
    const problem = `Column "${name}" is required and has no default, and table "${table}" has rows.`;
    return [{ sql: `${from} LIMIT 1`, expect: { kind: 'noRows', problem } }];
  }
  const { column, changes } = operation;
  if (changes.nullable !== false || changes.generated != null) return [];
  const problem = `Column "${column}" of table "${table}" is to be required and holds NULL.`;
  return [{ sql: `${from} WHERE ${quoteIdentifier(column)} IS NULL LIMIT 1`, expect: { kind: 'noRows', problem } }];
}
