import type { ServerVersion } from '../../engine/connection.js';
import type { AddColumn, AlterColumn } from '../../operations/operation.js';
import type { Column, Table } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';
import { actionsAroundColumn } from './around-column.js';
import { ownCheck } from './create-table.js';
import { columnDefinition } from './columns.js';
import { servingColumns } from './implicit-index.js';
import { refuseMissingValues } from './missing-values.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** MODIFY and CHANGE restate the whole column. https://dev.mysql.com/doc/refman/8.4/en/alter-table.html */
export function compileAlterColumn(
  operation: AlterColumn,
  live: Table | undefined,
  server: ServerVersion,
): Statement[] {
  const { table, column, changes } = operation;
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const { name, ...others } = changes;
  if (name !== undefined && Object.keys(others).length === 0) {
    return [{ sql: `${alter} RENAME COLUMN ${quoteIdentifier(column)} TO ${quoteIdentifier(name)}` }];
  }
  const existing = operation.existing ?? live?.columns.find((known) => known.name === column);
  if (existing === undefined) return refuse(operation, 'the table has no such column');
  const changed = { ...existing, ...changes };
  const definition =
    live === undefined ? columnDefinition(changed, server) : restateColumn(changed, live, server, column);
  const verb = changed.name === column ? 'MODIFY' : `CHANGE ${quoteIdentifier(column)}`;
  const modify = { sql: `${alter} ${verb} ${definition}` };
  if (isVirtual(existing) === isVirtual(changed)) return [...refuseMissingValues(operation), modify];
  if (changed.generated !== null) return [replaceColumn(operation, changed, live, server)];
  // Only a stored value becomes a plain one: the column is stored first.
  const stored = { ...existing, generated: existing.generated && { ...existing.generated, stored: true } };
  return [replaceColumn(operation, stored, live, server), modify];
}

/**
 * What is computed at each reading becomes what is stored, or the other way, by a new column only.
 * https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html
 */
function isVirtual({ generated }: Column): boolean {
  return generated?.stored === false;
}

function replaceColumn(
  { table, column }: AlterColumn,
  changed: Column,
  live: Table | undefined,
  server: ServerVersion,
): Statement {
  const around = live === undefined ? { dropped: [], added: [] } : actionsAroundColumn(live, column, server);
  const actions = [
    ...around.dropped,
    `DROP COLUMN ${quoteIdentifier(column)}`,
    `ADD COLUMN ${columnDefinition(changed, server)}`,
    ...around.added,
  ];
  return { sql: `ALTER TABLE ${quoteTable(table)} ${actions.join(', ')}` };
}

/** The definition for MODIFY, with what only the table tells: whether a counter may be one, and a check of its own. */
export function restateColumn(column: Column, table: Table, server: ServerVersion, name: string = column.name): string {
  return columnDefinition(column, server, {
    isKeyed: isKeyed(table, name),
    check: ownCheck({ columns: [{ ...column, name }], checks: table.checks }, name, server),
  });
}

/** True when a key begins with the column, which a counter needs. */
export function isKeyed(table: Table, column: string): boolean {
  return servingColumns(table).some((columns) => columns[0] === column);
}

/**
 * ADD COLUMN. A counter has to be a key at once, and its key is an operation of its own: here it is one for as long as
 * the server numbers the rows (which no UPDATE could do without running triggers), and counts again with its key.
 */
export function compileAddColumn(operation: AddColumn, server: ServerVersion): Statement[] {
  const { table, column } = operation;
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const definition = columnDefinition(column, server);
  if (column.generation === null) {
    return [...refuseMissingValues(operation), { sql: `${alter} ADD COLUMN ${definition}` }];
  }
  const key = quoteIdentifier(`aludel_${column.name}`.slice(0, 64));
  const still = columnDefinition(column, server, { isKeyed: false });
  return [
    { sql: `${alter} ADD COLUMN ${definition}, ADD INDEX ${key} (${quoteIdentifier(column.name)})` },
    { sql: `${alter} MODIFY ${still}, DROP INDEX ${key}` },
  ];
}
