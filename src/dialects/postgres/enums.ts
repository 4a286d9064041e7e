import type { AddEnumValue } from '../../operations/operation.js';
import type { TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { quoteString, quoteTable } from './sql.js';

/** https://www.postgresql.org/docs/current/sql-createtype.html */
export function createEnum(name: TableName, values: readonly string[]): Statement {
  return { sql: `CREATE TYPE ${quoteTable(name)} AS ENUM (${values.map(quoteString).join(', ')})` };
}

/** https://www.postgresql.org/docs/current/sql-altertype.html: allowed in a transaction since PostgreSQL 12. */
export function addEnumValue(operation: AddEnumValue): Statement {
  const { value, before, after, ifNotExists } = operation;
  const words = ifNotExists === true ? 'IF NOT EXISTS ' : '';
  const neighbour =
    before === null ? (after === undefined ? '' : ` AFTER ${quoteString(after)}`) : ` BEFORE ${quoteString(before)}`;
  return { sql: `ALTER TYPE ${quoteTable(operation.enum)} ADD VALUE ${words}${quoteString(value)}${neighbour}` };
}
