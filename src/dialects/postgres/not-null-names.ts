/**
 * Since PostgreSQL 18 NOT NULL is a constraint, named after its table and column when it is made. A name that the server
 * gave follows a rename, so that the dump is that of a fresh table; one that somebody chose stays.
 */
import type { ServerVersion } from '../../engine/connection.js';
import type { TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { objectName } from './generation.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';

const SUFFIX = '_not_null';

/** After a column has got another name. */
export function followColumn(table: TableName, from: string, to: string, server: ServerVersion): Statement[] {
  if (server.major < 18) return [];
  const [was, now] = [from, to].map((column) => objectName(table.name, column, SUFFIX)) as [string, string];
  const relation = `${quoteString(quoteTable(table))}::regclass`;
  const known = (name: string): string =>
    `EXISTS (SELECT FROM pg_constraint WHERE conrelid = ${relation} AND conname = ${quoteString(name)}`;
  const rename = `ALTER TABLE ${quoteTable(table)} RENAME CONSTRAINT ${quoteIdentifier(was)} TO ${quoteIdentifier(now)}`;
  const condition = `${known(was)} AND contype = 'n') AND NOT ${known(now)})`;
  return [{ sql: `DO $aludel$ BEGIN IF ${condition} THEN ${rename}; END IF; END $aludel$` }];
}

/** After a table has got another name; names that are too long to hold both are left alone. */
export function followTable(table: TableName, to: string, server: ServerVersion): Statement[] {
  if (server.major < 18) return [];
  const renamed = quoteTable({ namespace: table.namespace, name: to });
  const name = (of: string): string => `${quoteString(`${of}_`)} || a.attname || '${SUFFIX}'`;
  const found = [
    `SELECT c.conname AS was, ${name(to)} AS now`,
    'FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]',
    `WHERE c.conrelid = ${quoteString(renamed)}::regclass AND c.contype = 'n' AND c.conname = ${name(table.name)}`,
    `AND octet_length(${name(to)}) < 64`,
    `AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.conrelid AND o.conname = ${name(to)})`,
  ].join(' ');
  const rename = `EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', ${quoteString(renamed)}, part.was, part.now)`;
  return [
    { sql: `DO $aludel$ DECLARE part record; BEGIN FOR part IN ${found} LOOP ${rename}; END LOOP; END $aludel$` },
  ];
}
