/**
 * A type that cannot change in place is swapped: the old one is put aside, the new one made, every column of it converted, the
 * old one dropped. Defaults, checks and indexes that mention the type are taken off and put back. What else uses the type is
 * looked for before anything changes.
 */
import { columnsOfType, type TypedColumn } from '../../schema/columns-of-type.js';
import type { Index, Schema, Table, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { addConstraint } from './constraints.js';
import { createIndex } from './indexes.js';
import { takeOffComputed } from './replace-column.js';
import { withoutCast } from './literals.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';

export interface TypeSwap {
  readonly type: TableName;
  /** How SQL calls it. */
  readonly word: 'TYPE' | 'DOMAIN';
  /** For messages: `Enum "status"`. */
  readonly label: string;
  readonly before: Schema;
  /** Makes the new type. */
  readonly create: readonly Statement[];
  /** What must be true of a column before anything changes. */
  check(table: Table, column: TypedColumn): readonly Statement[];
  /** The value of a column as the new type. */
  convert(column: TypedColumn): string;
}

export function swapType({ type, word, label, before, create, check, convert }: TypeSwap): Statement[] {
  const { namespace, name } = type;
  const aside = { namespace, name: `${name}__aludel_old` };
  const users = before.tables
    .map((table) => ({ table, columns: columnsOfType(table, type, before) }))
    .filter(({ columns }) => columns.length > 0);
  const computed = users.map(({ table, columns }) => {
    // Checks and indexes with expressions are taken off already.
    const bare = { ...table, checks: [], indexes: table.indexes.filter((index) => !hasExpression(index)) };
    return takeOffComputed(
      bare,
      columns.map(({ column }) => column.name),
    );
  });
  const convertColumn = (table: Table, user: TypedColumn): Statement => {
    const to = `${quoteTable(type)}${user.isArray ? '[]' : ''}`;
    const action = `ALTER COLUMN ${quoteIdentifier(user.column.name)} TYPE ${to} USING ${convert(user)}`;
    return { sql: `ALTER TABLE ${quoteTable(table)} ${action}` };
  };
  return [
    refuseDependents(type, label),
    ...users.flatMap(({ table, columns }) => columns.flatMap((user) => check(table, user))),
    ...users.flatMap(({ table, columns }) => takeOff(table, columns)),
    ...computed.flatMap(({ off }) => off),
    { sql: `ALTER ${word} ${quoteTable(type)} RENAME TO ${quoteIdentifier(aside.name)}` },
    ...create,
    ...users.flatMap(({ table, columns }) => columns.map((user) => convertColumn(table, user))),
    { sql: `DROP ${word} ${quoteTable(aside)}` },
    ...computed.flatMap(({ on }) => on),
    ...users.flatMap(({ table, columns }) => putBack(table, columns)),
  ];
}

/** What the server would refuse half-way without a name: views, functions, triggers, domains, partitioned tables. */
function refuseDependents(type: TableName, label: string): Statement {
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
      problem: `${label} is used by what cannot follow its change (drop that before, create it again after)`,
      listed: true,
    },
  };
}

function takeOff(table: Table, columns: readonly TypedColumn[]): Statement[] {
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

function putBack(table: Table, columns: readonly TypedColumn[]): Statement[] {
  return [
    ...columns.flatMap(({ column }) => {
      const value = withoutCast(column.default);
      if (value === null) return [];
      const name = quoteIdentifier(column.name);
      return [{ sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${name} SET DEFAULT ${render(value)}` }];
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
