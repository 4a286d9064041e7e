import type { AlterColumn } from '../../operations/operation.js';
import type { Column, Generation, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { columnDefinition, commentOnColumn, identityClause, sequenceOptions } from './create-table.js';
import { quoteIdentifier, quoteString, quoteTable, render } from './sql.js';
import { castsByItself, castTo, renderType } from './types.js';

/** ALTER TABLE ... ALTER COLUMN, the new name last. https://www.postgresql.org/docs/current/sql-altertable.html */
export function compileAlterColumn(operation: AlterColumn, live: Column | undefined): Statement[] {
  const { table, column, changes } = operation;
  const existing = operation.existing ?? live ?? null;
  const alter = (action: string): Statement => ({
    sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column)} ${action}`,
  });
  if (changes.generated != null && existing !== null) return replaceColumn(table, { ...existing, ...changes });
  const statements: Statement[] = [];
  if (changes.generated === null) statements.push(alter('DROP EXPRESSION'));
  const { generation, nullable, comment, name } = changes;
  const changesGeneration = generation !== undefined;
  if (changesGeneration && existing?.generation != null) statements.push(...dropGeneration(table, existing, alter));
  statements.push(...changeType(operation, existing, alter));
  if (changes.default !== undefined && changes.type === undefined) {
    statements.push(alter(changes.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${render(changes.default)}`));
  }
  if (nullable !== undefined) statements.push(alter(nullable ? 'DROP NOT NULL' : 'SET NOT NULL'));
  if (changesGeneration && generation !== null) statements.push(...addGeneration(table, column, generation, alter));
  if (comment !== undefined) statements.push(commentOnColumn(table, column, comment));
  if (name !== undefined) {
    const renaming = `RENAME COLUMN ${quoteIdentifier(column)} TO ${quoteIdentifier(name)}`;
    statements.push({ sql: `ALTER TABLE ${quoteTable(table)} ${renaming}` });
  }
  return statements;
}

/** A computed column is made anew: its values are in other columns. */
function replaceColumn(table: TableName, column: Column): Statement[] {
  return [
    { sql: `ALTER TABLE ${quoteTable(table)} DROP COLUMN ${quoteIdentifier(column.name)}` },
    { sql: `ALTER TABLE ${quoteTable(table)} ADD COLUMN ${columnDefinition(column)}` },
  ];
}

/** A default has a type of its own, which may not follow the column's: it is taken off and put back. */
function changeType(
  operation: AlterColumn,
  existing: Column | null,
  alter: (action: string) => Statement,
): Statement[] {
  const { changes, column, using } = operation;
  const type = changes.type ?? existing?.type;
  if (type === undefined || (changes.type === undefined && changes.collation === undefined)) return [];
  const collation = changes.collation === undefined ? (existing?.collation ?? null) : changes.collation;
  const clauses = [`TYPE ${renderType(type)}`];
  if (collation !== null) clauses.push(`COLLATE ${quoteIdentifier(collation)}`);
  if (using !== null) clauses.push(`USING ${render(using)}`);
  else if (existing !== null && !castsByItself(existing.type, type)) {
    clauses.push(`USING ${castTo(type, quoteIdentifier(column), existing.type)}`);
  }
  const oldDefault = existing?.default ?? null;
  const newDefault = changes.default === undefined ? oldDefault : changes.default;
  const movesDefault = changes.type !== undefined && (oldDefault !== null || changes.default !== undefined);
  return [
    ...(movesDefault && oldDefault !== null ? [alter('DROP DEFAULT')] : []),
    alter(clauses.join(' ')),
    ...(movesDefault && newDefault !== null ? [alter(`SET DEFAULT ${render(newDefault)}`)] : []),
    ...(movesDefault && newDefault === null && oldDefault === null ? [alter('DROP DEFAULT')] : []),
  ];
}

function dropGeneration(table: TableName, existing: Column, alter: (action: string) => Statement): Statement[] {
  if (existing.generation?.kind !== 'serial') return [alter('DROP IDENTITY')];
  const sequence = { namespace: table.namespace, name: sequenceName(table, existing.name) };
  return [alter('DROP DEFAULT'), { sql: `DROP SEQUENCE ${quoteTable(sequence)}` }];
}

/** A new counter starts behind the rows that are there. */
function addGeneration(
  table: TableName,
  column: string,
  generation: Generation,
  alter: (action: string) => Statement,
): Statement[] {
  const sequence = quoteTable({ namespace: table.namespace, name: sequenceName(table, column) });
  const created: Statement[] =
    generation.kind === 'serial'
      ? [
          { sql: `CREATE SEQUENCE ${sequence} OWNED BY ${quoteTable(table)}.${quoteIdentifier(column)}` },
          alter(`SET DEFAULT nextval(${quoteString(sequence)})`),
        ]
      : [alter(`ADD GENERATED ${identityClause(generation)}`)];
  const hasOptions = generation.kind === 'identity' && sequenceOptions(generation).length > 0;
  if (hasOptions) return created;
  const counter = `pg_get_serial_sequence(${quoteString(quoteTable(table))}, ${quoteString(column)})`;
  const highest = `(SELECT max(${quoteIdentifier(column)}) FROM ${quoteTable(table)})`;
  return [...created, { sql: `SELECT setval(${counter}, COALESCE(${highest}, 0) + 1, false)` }];
}

function sequenceName(table: TableName, column: string): string {
  return `${table.name}_${column}_seq`;
}
