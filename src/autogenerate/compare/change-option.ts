import type { Operation } from '../../operations/operation.js';
import type { TableName, TableOptions } from '../../schema/table.js';

export type OptionValue = TableOptions[string] | null;

/** What one option of a table becomes; nothing where it is that already. */
export function changeOption(table: TableName, key: string, from: OptionValue, to: OptionValue): Operation[] {
  return from === to ? [] : [{ kind: 'setTableOptions', table, changes: { [key]: to }, existing: { [key]: from } }];
}
