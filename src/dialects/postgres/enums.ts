import type { AddEnumValue } from '../../operations/operation.js';
import type { EnumType } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { commentOnType } from './comments.js';
import { quoteString, quoteTable } from './sql.js';

/** https://www.postgresql.org/docs/current/sql-createtype.html */
export function createEnum(type: EnumType): Statement[] {
  const { values, comment } = type;
  return [
    { sql: `CREATE TYPE ${quoteTable(type)} AS ENUM (${values.map(quoteString).join(', ')})` },
    ...(comment === undefined ? [] : [commentOnType(type, comment)]),
  ];
}

/** https://www.postgresql.org/docs/current/sql-altertype.html: allowed in a transaction since PostgreSQL 12. */
export function addEnumValue(operation: AddEnumValue): Statement {
  const { value, before, after, ifNotExists } = operation;
  const words = ifNotExists === true ? 'IF NOT EXISTS ' : '';
  const neighbour =
    before === null ? (after === undefined ? '' : ` AFTER ${quoteString(after)}`) : ` BEFORE ${quoteString(before)}`;
  return { sql: `ALTER TYPE ${quoteTable(operation.enum)} ADD VALUE ${words}${quoteString(value)}${neighbour}` };
}
