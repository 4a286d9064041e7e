import type { AddEnumValue, AlterEnum } from '../../operations/operation.js';
import { type Column, type Index, type Schema, type Table, type TableName, tableKey } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { addConstraint } from './constraints.js';
import { createIndex } from './indexes.js';
import { takeOffComputed } from './replace-column.js';
import { quoteIdentifier, quoteString, quoteTable, render } from './sql.js';

/** https://www.postgresql.org/docs/current/sql-createtype.html */
export function createEnum(name: TableName, values: readonly string[]): Statement {
  return { sql: `CREATE TYPE ${quoteTable(name)} AS ENUM (${values.map(quoteString).join(', ')})` };
}

/** https://www.postgresql.org/docs/current/sql-altertype.html: allowed in a transaction since PostgreSQL 12. */
export function addEnumValue(operation: AddEnumValue): Statement {
  const before = operation.before === null ? '' : ` BEFORE ${quoteString(operation.before)}`;
  return { sql: `ALTER TYPE ${quoteTable(operation.enum)} ADD VALUE ${quoteString(operation.value)}${before}` };
}

/**
 * A value can only be taken away by a type swap: the old type is put aside, the new one made, every column of it cast
 * through text, the old one dropped. Defaults, checks and indexes that mention the type are taken off and put back.
 * A row that holds a value which is no more makes the cast fail, and with it the revision.
 */
export function alterEnum(operation: AlterEnum, before: Schema): Statement[] {
  const { namespace, name } = operation.enum;
  const aside = { namespace, name: `${name}__aludel_old` };
  const users = before.tables
    .map((table) => ({ table, columns: table.columns.filter((column) => isOfType(column, operation.enum)) }))
    .filter(({ columns }) => columns.length > 0);
  const computed = users.map(({ table, columns }) => {
    // Checks and indexes with expressions are taken off already.
    const bare = { ...table, checks: [], indexes: table.indexes.filter((index) => !hasExpression(index)) };
    return takeOffComputed(
      bare,
      columns.map(({ name: column }) => column),
    );
  });
  return [
    ...users.flatMap(({ table, columns }) => takeOff(table, columns)),
    ...computed.flatMap(({ off }) => off),
    { sql: `ALTER TYPE ${quoteTable(operation.enum)} RENAME TO ${quoteIdentifier(aside.name)}` },
    createEnum(operation.enum, operation.values),
    ...users.flatMap(({ table, columns }) => columns.map((column) => castColumn(table, column, operation.enum))),
    { sql: `DROP TYPE ${quoteTable(aside)}` },
    ...computed.flatMap(({ on }) => on),
    ...users.flatMap(({ table, columns }) => putBack(table, columns)),
  ];
}

function isOfType(column: Column, name: TableName): boolean {
  return column.type.kind === 'enum' && tableKey(column.type) === tableKey(name);
}

function castColumn(table: TableName, column: Column, type: TableName): Statement {
  const name = quoteIdentifier(column.name);
  const cast = `TYPE ${quoteTable(type)} USING ${name}::text::${quoteTable(type)}`;
  return { sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${name} ${cast}` };
}

function takeOff(table: Table, columns: readonly Column[]): Statement[] {
  return [
    ...expressionIndexes(table).map((index) => ({
      sql: `DROP INDEX ${quoteTable({ namespace: table.namespace, name: index.name })}`,
    })),
    ...table.checks.map((check) => ({
      sql: `ALTER TABLE ${quoteTable(table)} DROP CONSTRAINT ${quoteIdentifier(check.name ?? '')}`,
    })),
    ...columns
      .filter((column) => column.default !== null)
      .map((column) => ({
        sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column.name)} DROP DEFAULT`,
      })),
  ];
}

function putBack(table: Table, columns: readonly Column[]): Statement[] {
  return [
    ...columns.flatMap((column) => {
      if (column.default === null) return [];
      const name = quoteIdentifier(column.name);
      return [{ sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${name} SET DEFAULT ${render(column.default)}` }];
    }),
    ...table.checks.flatMap((check) => addConstraint(table, check)),
    ...expressionIndexes(table).flatMap((index) => createIndex(table, index)),
  ];
}

function expressionIndexes(table: Table): Table['indexes'] {
  return table.indexes.filter(hasExpression);
}

function hasExpression(index: Index): boolean {
  const isPlain = index.parts.every((part) => part.expression.kind === 'column');
  return index.where !== null || !isPlain || index.definition !== null;
}
