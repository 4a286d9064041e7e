/** NOT NULL, which has a name of its own since PostgreSQL 18. https://www.postgresql.org/docs/18/sql-altertable.html */
import type { ServerVersion } from '../../engine/connection.js';
import { changedColumn } from '../../operations/changed-column.js';
import type { ColumnChanges } from '../../operations/operation.js';
import type { Column, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** What CREATE TABLE and ADD COLUMN say behind the type. */
export function notNullClause({ notNullName, notNullManner }: Column): string {
  const name = notNullName === undefined ? '' : `CONSTRAINT ${quoteIdentifier(notNullName)} `;
  return `${name}NOT NULL${isUninherited(notNullManner) ? ' NO INHERIT' : ''}`;
}

/** What CREATE TABLE says of a column that it does not list (PostgreSQL 18). */
export function tableNotNull(column: Column): string {
  const { name, notNullName, notNullManner } = column;
  const constraint = notNullName === undefined ? '' : `CONSTRAINT ${quoteIdentifier(notNullName)} `;
  return `${constraint}NOT NULL ${quoteIdentifier(name)}${isUninherited(notNullManner) ? ' NO INHERIT' : ''}`;
}

/** True for one that rows from before need not meet: only ALTER TABLE can say so. */
export function isNotNullLater({ nullable, notNullManner }: Column): boolean {
  return !nullable && isUnchecked(notNullManner);
}

export function addNotNull(table: TableName, column: Column): Statement {
  return alter(table, `ADD ${tableNotNull(column)}${isUnchecked(column.notNullManner) ? ' NOT VALID' : ''}`);
}

/** A column that begins or ceases to take NULL, or whose NOT NULL changes. */
export function changeNotNull(
  table: TableName,
  existing: Column | null,
  column: string,
  changes: ColumnChanges,
  server: ServerVersion,
): Statement[] {
  const { nullable, notNullName, notNullManner } = changes;
  const [name, from] = [quoteIdentifier(column), existing?.nullable === true ? null : existing];
  if (nullable === true) return [alter(table, `ALTER COLUMN ${name} DROP NOT NULL`)];
  if (nullable === false) {
    const isSaid = server.major >= 18 && (notNullName != null || notNullManner != null);
    const required = existing === null || !isSaid ? null : { ...changedColumn(existing, changes), name: column };
    return [required === null ? alter(table, `ALTER COLUMN ${name} SET NOT NULL`) : addNotNull(table, required)];
  }
  const isChanged = notNullName !== undefined || notNullManner !== undefined;
  if (from === null || !isChanged || server.major < 18) return [];
  const [known, wanted] = [constraintOf(table, from), constraintOf(table, changedColumn(from, changes))];
  if (isUnchecked(notNullManner) && !isUnchecked(from.notNullManner)) {
    return [
      alter(table, `DROP CONSTRAINT ${quoteIdentifier(known)}`),
      addNotNull(table, { ...changedColumn(from, changes), notNullName: wanted }),
    ];
  }
  const [isLoose, wasLoose] = [
    isUninherited(changedColumn(from, changes).notNullManner),
    isUninherited(from.notNullManner),
  ];
  const isChecked = notNullManner !== undefined && isUnchecked(from.notNullManner);
  return [
    ...(known === wanted
      ? []
      : [alter(table, `RENAME CONSTRAINT ${quoteIdentifier(known)} TO ${quoteIdentifier(wanted)}`)]),
    ...(isChecked ? [alter(table, `VALIDATE CONSTRAINT ${quoteIdentifier(wanted)}`)] : []),
    ...(isLoose === wasLoose
      ? []
      : [alter(table, `ALTER CONSTRAINT ${quoteIdentifier(wanted)} ${isLoose ? 'NO INHERIT' : 'INHERIT'}`)]),
  ];
}

/** The column with the name said that its NOT NULL has, unless that is too long. */
export function withNotNullName(column: Column, table: TableName): Column {
  const name = constraintOf(table, column);
  return column.nullable || Buffer.byteLength(name) > 63 ? column : { ...column, notNullName: name };
}

function constraintOf(table: TableName, { name, notNullName }: Column): string {
  return notNullName ?? `${table.name}_${name}_not_null`;
}

function isUninherited(manner: ColumnChanges['notNullManner']): boolean {
  return manner?.startsWith('no inherit') === true;
}

function isUnchecked(manner: ColumnChanges['notNullManner']): boolean {
  return manner?.endsWith('not valid') === true;
}

function alter(table: TableName, action: string): Statement {
  return { sql: `ALTER TABLE ${quoteTable(table)} ${action}` };
}
