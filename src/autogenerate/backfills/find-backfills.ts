/** Columns that become required: rows that are there would have no value, so that the plain statement is bound to fail. */
import { changedColumn } from '../../operations/changed-column.js';
import type { AddColumn, AlterColumn, Operation } from '../../operations/operation.js';
import { type Column, tableKey, type TableName } from '../../schema/table.js';

/** A column that is to be required, and where its rows are now. */
export interface RequiredColumn {
  readonly operation: AddColumn | AlterColumn;
  /** `users.name`, in the names that the database will have: what answers name. */
  readonly name: string;
  /** The column as it will be. */
  readonly column: Column;
  /** The table as the database knows it now. */
  readonly table: TableName;
  /** The column as the database knows it now; null where it is new. */
  readonly existing: string | null;
}

/** In the order of the operations. */
export function findRequiredColumns(operations: readonly Operation[]): RequiredColumn[] {
  const found: RequiredColumn[] = [];
  const tables = new Map<string, TableName>();
  const columns = new Map<string, string>();
  for (const operation of operations) {
    if (operation.kind === 'renameTable') {
      const { table, to } = operation;
      tables.set(tableKey({ ...table, name: to }), tables.get(tableKey(table)) ?? table);
    }
    if (operation.kind !== 'addColumn' && operation.kind !== 'alterColumn') continue;
    const key = tableKey(operation.table);
    const table = tables.get(key) ?? operation.table;
    if (operation.kind === 'addColumn') {
      const { column } = operation;
      if (isEmptyOnArrival(column))
        found.push({ operation, name: `${key}.${column.name}`, column, table, existing: null });
      continue;
    }
    const { column: before, changes, existing } = operation;
    const after = changes.name ?? before;
    const live = columns.get(`${key}.${before}`) ?? before;
    columns.set(`${key}.${after}`, live);
    if (changes.nullable !== false || changes.generated != null || existing?.nullable !== true) continue;
    found.push({ operation, name: `${key}.${after}`, column: changedColumn(existing, changes), table, existing: live });
  }
  return found;
}

function isEmptyOnArrival({ nullable, default: value, generated, generation }: Column): boolean {
  return !nullable && value === null && generated === null && generation === null;
}
