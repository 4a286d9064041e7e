/**
 * Names that PostgreSQL made of a table's and a column's name, and does not change with them: the sequences of serial and
 * identity columns, and from version 18 on the NOT NULL constraints. They follow here, so that a renamed table is the one
 * that CREATE TABLE would make; names that somebody gave stay. The server is asked: no plan knows these objects.
 */
import type { TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { doBlock, quoteString, quoteTable } from './sql.js';

export function renameAfterTable(table: TableName, to: string): Statement {
  const renamed = quoteString(quoteTable({ ...table, name: to }));
  return renameGenerated(
    renamed,
    `${quoteString(table.name)} || '_' || a.attname`,
    `${quoteString(to)} || '_' || a.attname`,
  );
}

export function renameAfterColumn(table: TableName, column: string, to: string): Statement {
  const known = quoteString(quoteTable(table));
  const name = (part: string): string => quoteString(`${table.name}_${part}`);
  return renameGenerated(known, name(column), name(to), `AND a.attname = ${quoteString(to)}`);
}

/** `from` and `to` are SQL for the beginnings of the names. Names that would be cut at 63 bytes stay as they are. */
function renameGenerated(table: string, from: string, to: string, columns = ''): Statement {
  const sql = doBlock(`DECLARE command text;
BEGIN
  FOR command IN
    SELECT format('ALTER SEQUENCE %s RENAME TO %I', c.oid::regclass, ${to} || '_seq')
    FROM pg_depend d
    JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.refobjid = ${table}::regclass AND d.deptype IN ('a', 'i')
      AND c.relname = ${from} || '_seq' AND octet_length(${to} || '_seq') <= 63 ${columns}
    UNION ALL
    SELECT format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', ${table}::regclass, c.conname, ${to} || '_not_null')
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'n' AND c.conrelid = ${table}::regclass AND c.coninhcount = 0
      AND c.conname = ${from} || '_not_null' AND octet_length(${to} || '_not_null') <= 63 ${columns}
      -- It is renamed in all partitions at once, or, where one of them calls it otherwise, not at all.
      AND NOT EXISTS (SELECT FROM pg_inherits h JOIN pg_constraint k ON k.conrelid = h.inhrelid AND k.contype = 'n'
        JOIN pg_attribute ka ON ka.attrelid = k.conrelid AND ka.attnum = k.conkey[1]
        WHERE h.inhparent = c.conrelid AND ka.attname = a.attname AND k.conname <> c.conname)
  LOOP
    EXECUTE command;
  END LOOP;
END`);
  return { sql };
}
