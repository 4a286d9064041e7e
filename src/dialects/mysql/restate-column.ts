import type { ServerVersion } from '../../engine/connection.js';
import type { Column, Table } from '../../schema/table.js';
import { attributesOf } from './column-attributes.js';
import { columnDefinition } from './columns.js';
import { ownCheck } from './create-table.js';
import { isInvisible } from './invisible-columns.js';
import { servingColumns } from './implicit-index.js';
import { isUnversioned } from './system-versioning.js';

/**
 * The definition for MODIFY, with what only the table tells: whether a counter may be one, a check of its own, and
 * whether `SELECT *` shows it.
 */
export function restateColumn(column: Column, table: Table, server: ServerVersion, name: string = column.name): string {
  return columnDefinition(column, server, {
    isKeyed: isKeyed(table, name),
    isInvisible: isInvisible(table.options, name),
    isUnversioned: isUnversioned(table.options, name),
    attributes: attributesOf(table.options, name),
    check: ownCheck({ columns: [{ ...column, name }], checks: table.checks }, name, server),
  });
}

/** True when a key begins with the column, which a counter needs. */
export function isKeyed(table: Table, column: string): boolean {
  return servingColumns(table).some((columns) => columns[0] === column);
}
