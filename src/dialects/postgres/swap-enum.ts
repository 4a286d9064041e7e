/**
 * A value can only be taken away by a type swap: the old type is put aside, the new one made, every column of it cast
 * through text, the old one dropped. Defaults, checks and indexes that mention the type are taken off and put back. Rows
 * that hold a value which is no more, and whatever else uses the type, are looked for before anything changes.
 */
import type { AlterEnum } from '../../operations/operation.js';
import type { Column, Index, Schema, Table, TableName } from '../../schema/table.js';
import { formatTableName } from '../../schema/table-name.js';
import type { Statement } from '../dialect.js';
import { noneHolds, removedValues } from '../removed-values.js';
import { addConstraint } from './constraints.js';
import { createEnum } from './enums.js';
import { createIndex } from './indexes.js';
import { takeOffComputed } from './replace-column.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';

export function alterEnum(operation: AlterEnum, before: Schema): Statement[] {
  const { namespace, name } = operation.enum;
  const aside = { namespace, name: `${name}__aludel_old` };
  const users = before.tables
    .map((table) => ({ table, columns: columnsOfType(table, operation.enum, before) }))
    .filter(({ columns }) => columns.length > 0);
  const computed = users.map(({ table, columns }) => {
    // Checks and indexes with expressions are taken off already.
    const bare = { ...table, checks: [], indexes: table.indexes.filter((index) => !hasExpression(index)) };
    return takeOffComputed(
      bare,
      columns.map(({ column }) => column.name),
    );
  });
  return [
    refuseDependents(operation.enum),
    ...users.flatMap(({ table, columns }) => columns.flatMap((user) => countRemoved(operation, before, table, user))),
    ...users.flatMap(({ table, columns }) => takeOff(table, columns)),
    ...computed.flatMap(({ off }) => off),
    { sql: `ALTER TYPE ${quoteTable(operation.enum)} RENAME TO ${quoteIdentifier(aside.name)}` },
    createEnum(operation.enum, operation.values),
    ...users.flatMap(({ table, columns }) => columns.map((user) => castColumn(table, user, operation.enum))),
    { sql: `DROP TYPE ${quoteTable(aside)}` },
    ...computed.flatMap(({ on }) => on),
    ...users.flatMap(({ table, columns }) => putBack(table, columns)),
  ];
}

interface EnumColumn {
  readonly column: Column;
  /** `status[]` instead of `status`. */
  readonly isArray: boolean;
}

function columnsOfType(table: Table, type: TableName, { namespaces }: Schema): EnumColumn[] {
  // Reflection qualifies every name; a namespace that is none of the others is the default one.
  const isHome = (said: string | null): boolean =>
    type.namespace === null ? said === null || !namespaces.includes(said) : said === type.namespace;
  return table.columns.flatMap((column): EnumColumn[] => {
    if (column.type.kind === 'enum') {
      const isMeant = column.type.name === type.name && column.type.namespace === type.namespace;
      return isMeant ? [{ column, isArray: false }] : [];
    }
    const text = column.type.kind === 'custom' && typeof column.type.sql === 'string' ? column.type.sql : '';
    const found = /^(?:("(?:[^"]|"")+"|\w+)\.)?("(?:[^"]|"")+"|\w+)\[\]$/.exec(text);
    const [, namespace, name] = found ?? [];
    const isMeant = unquote(name) === type.name && isHome(unquote(namespace));
    return isMeant ? [{ column, isArray: true }] : [];
  });
}

function unquote(name: string | undefined): string | null {
  if (name === undefined) return null;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** What the server would refuse half-way without a name: views, functions, triggers, domains, partitioned tables. */
function refuseDependents(type: TableName): Statement {
  const view = `(SELECT CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || c.oid::regclass::text
       FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.oid = d.objid)`;
  const described = 'pg_describe_object(d.classid, d.objid, d.objsubid)';
  return {
    sql: `SELECT DISTINCT CASE WHEN d.classid = 'pg_rewrite'::regclass THEN ${view} ELSE ${described} END AS found
FROM pg_type t JOIN pg_depend d ON d.deptype IN ('n', 'a')
WHERE t.oid = ${quoteString(quoteTable(type))}::regtype AND (
  (d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
    AND (d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass)
      OR d.classid = 'pg_class'::regclass AND d.objid IN
        (SELECT oid FROM pg_class WHERE relkind IN ('p', 'f', 'c') OR relkind = 'r' AND relispartition)))
  OR (d.refclassid = 'pg_class'::regclass AND d.classid IN ('pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass)
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      AND a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped)))
ORDER BY found`,
    expect: {
      kind: 'noRows',
      problem: `Enum "${formatTableName(type)}" is used by what cannot follow a change of its values (drop it before, create it again after)`,
      listed: true,
    },
  };
}

function countRemoved(
  operation: AlterEnum,
  before: Schema,
  table: Table,
  { column, isArray }: EnumColumn,
): Statement[] {
  const { namespace, name } = operation.enum;
  const known = before.enums.find((type) => type.name === name && type.namespace === namespace) ?? operation.existing;
  const removed = removedValues(known?.values ?? [], operation.values)
    .map(quoteString)
    .join(', ');
  if (removed === '') return [];
  const value = isArray ? 'v' : `${quoteIdentifier(column.name)}::text`;
  const elements = isArray ? `, LATERAL (SELECT DISTINCT unnest(${quoteIdentifier(column.name)}::text[])) AS e(v)` : '';
  const rows = `FROM ${quoteTable(table)}${elements} WHERE ${value} IN (${removed})`;
  return [
    {
      sql: `SELECT ${value} AS found, count(*) AS held ${rows} GROUP BY 1 ORDER BY 1`,
      expect: noneHolds(table, column.name),
    },
  ];
}

function castColumn(table: TableName, { column, isArray }: EnumColumn, type: TableName): Statement {
  const name = quoteIdentifier(column.name);
  const brackets = isArray ? '[]' : '';
  const cast = `TYPE ${quoteTable(type)}${brackets} USING ${name}::text${brackets}::${quoteTable(type)}${brackets}`;
  return { sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${name} ${cast}` };
}

function takeOff(table: Table, columns: readonly EnumColumn[]): Statement[] {
  return [
    ...expressionIndexes(table).map((index) => ({
      sql: `DROP INDEX ${quoteTable({ namespace: table.namespace, name: index.name })}`,
    })),
    ...table.checks.map((check) => ({
      sql: `ALTER TABLE ${quoteTable(table)} DROP CONSTRAINT ${quoteIdentifier(check.name ?? '')}`,
    })),
    ...columns
      .filter(({ column }) => column.default !== null)
      .map(({ column }) => ({
        sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column.name)} DROP DEFAULT`,
      })),
  ];
}

function putBack(table: Table, columns: readonly EnumColumn[]): Statement[] {
  return [
    ...columns.flatMap(({ column }) => {
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
