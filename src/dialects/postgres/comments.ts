/** https://www.postgresql.org/docs/current/sql-comment.html */
import { serialName } from '../../schema/serial-name.js';
import type { Generation, Identity, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { doBlock, quoteIdentifier, quoteString, quoteTable } from './sql.js';

export function commentOnTable(table: TableName, comment: string | null): Statement {
  return { sql: `COMMENT ON TABLE ${quoteTable(table)} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}

export function commentOnColumn(table: TableName, column: string, comment: string | null): Statement {
  const name = `${quoteTable(table)}.${quoteIdentifier(column)}`;
  return { sql: `COMMENT ON COLUMN ${name} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}

export function commentOnType(type: TableName, comment: string | null): Statement {
  return { sql: `COMMENT ON TYPE ${quoteTable(type)} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}

/** The comment of an index or a constraint. */
export function commentOnPart(
  object: 'index' | 'constraint',
  table: TableName,
  name: string,
  comment: string | null,
): Statement {
  const target =
    object === 'index'
      ? `INDEX ${quoteTable({ namespace: table.namespace, name })}`
      : `CONSTRAINT ${quoteIdentifier(name)} ON ${quoteTable(table)}`;
  return { sql: `COMMENT ON ${target} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}

/** Which name the server gave NOT NULL hangs on where the column comes from: it is asked. */
export function commentOnNotNull(table: TableName, column: string, comment: string | null): Statement {
  const of = quoteString(quoteTable(table));
  const text = comment === null ? 'NULL' : quoteString(comment);
  const name = `SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum] WHERE contype = 'n' AND conrelid = ${of}::regclass AND attname = ${quoteString(column)}`;
  const body = `BEGIN EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', (${name}), ${of}, ${text}); END`;
  return { sql: doBlock(body) };
}

/** The comment of the sequence of a column, behind what it may have been renamed to. */
export function commentOnIdentity(table: TableName, column: string, { sequence, comment }: Identity): Statement {
  const name = quoteTable({ namespace: table.namespace, name: sequence ?? serialName(table.name, column) });
  return { sql: `COMMENT ON SEQUENCE ${name} IS ${comment === undefined ? 'NULL' : quoteString(comment)}` };
}

/** The same for a new column, where there is one. */
export function commentsOfIdentity(table: TableName, column: string, generation: Generation | null): Statement[] {
  const isSaid = generation?.kind === 'identity' && generation.comment !== undefined;
  return isSaid ? [commentOnIdentity(table, column, generation)] : [];
}
