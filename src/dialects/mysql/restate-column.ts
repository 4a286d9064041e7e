import type { ServerVersion } from '../../engine/connection.js';
import type { Column, Table } from '../../schema/table.js';
import { columnDefinition } from './columns.js';
import { featuresOf } from './features.js';
import { servingColumns } from './implicit-index.js';
import { render } from './sql.js';

/** The definition for MODIFY, with what only the table tells: whether a counter may be one, and a check of its own. */
export function restateColumn(column: Column, table: Table, server: ServerVersion, name: string = column.name): string {
  return columnDefinition(column, server, {
    isKeyed: isKeyed(table, name),
    check: featuresOf(server).isMariadb ? ownCheck(table, name) : null,
  });
}

/** True when a key begins with the column, which a counter needs. */
export function isKeyed(table: Table, column: string): boolean {
  return servingColumns(table).some((columns) => columns[0] === column);
}

/** MariaDB: the check that was written into the column, which MODIFY would drop, bears the column's name. */
function ownCheck(table: Table, column: string): string | null {
  const check = table.checks.find((known) => known.name === column);
  return check === undefined ? null : render(check.expression);
}
