import type { Column, Constraint, Generation, Identity, Index, Table, TableName } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable, render } from './sql.js';
import { renderType } from './types.js';

/** CREATE TABLE, its indexes and comments. https://www.postgresql.org/docs/current/sql-createtable.html */
export function compileCreateTable(table: Table): Statement[] {
  const lines = [...table.columns.map(columnDefinition), ...constraintsOf(table).map(constraintDefinition)];
  const body = lines.length === 0 ? '()' : `(\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`;
  return [
    { sql: `CREATE TABLE ${quoteTable(table)} ${body}` },
    ...table.indexes.map((index) => createIndex(table, index)),
    ...(table.comment === null ? [] : [commentOnTable(table, table.comment)]),
    ...table.columns.flatMap((column) =>
      column.comment === null ? [] : [commentOnColumn(table, column.name, column.comment)],
    ),
  ];
}

export function columnDefinition(column: Column): string {
  const { generation, generated, collation } = column;
  return [
    quoteIdentifier(column.name),
    generation?.kind === 'serial' ? serialType(column) : renderType(column.type),
    collation === null ? '' : `COLLATE ${quoteIdentifier(collation)}`,
    generated === null ? '' : `GENERATED ALWAYS AS (${render(generated.expression)}) STORED`,
    generationClause(generation),
    column.default === null ? '' : `DEFAULT ${render(column.default)}`,
    column.nullable ? '' : 'NOT NULL',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function generationClause(generation: Generation | null): string {
  if (generation === null || generation.kind === 'serial') return '';
  return `GENERATED ${identityClause(generation)}`;
}

/** `BY DEFAULT AS IDENTITY (START WITH 100)`; what counts up elsewhere is an identity column here. */
export function identityClause(generation: Generation): string {
  if (generation.kind !== 'identity') return 'BY DEFAULT AS IDENTITY';
  const { always } = generation;
  const options = sequenceOptions(generation);
  const list = options.length === 0 ? '' : ` (${options.join(' ')})`;
  return `${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${list}`;
}

export function sequenceOptions(identity: Identity): string[] {
  const { start, increment, min, max, cache, cycle } = identity;
  return [
    increment === null ? '' : `INCREMENT BY ${increment}`,
    min === null ? '' : `MINVALUE ${min}`,
    max === null ? '' : `MAXVALUE ${max}`,
    start === null ? '' : `START WITH ${start}`,
    cache === null ? '' : `CACHE ${cache}`,
    cycle ? 'CYCLE' : '',
  ].filter((option) => option !== '');
}

function serialType(column: Column): string {
  const names: Readonly<Record<string, string>> = { smallint: 'smallserial', bigint: 'bigserial' };
  return names[column.type.kind] ?? 'serial';
}

/** `CONSTRAINT "name" UNIQUE (...)`; a constraint without a name gets the server's. */
export function constraintDefinition(constraint: Constraint): string {
  const name = constraint.name === null ? '' : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  switch (constraint.kind) {
    case 'primaryKey':
      return `${name}PRIMARY KEY (${quoteList(constraint.columns)})`;
    case 'unique':
      return `${name}UNIQUE (${quoteList(constraint.columns)})`;
    case 'check':
      return `${name}CHECK (${render(constraint.expression)})`;
    case 'foreignKey': {
      const target = `${quoteTable(constraint.target)} (${quoteList(constraint.targetColumns)})`;
      const onDelete = constraint.onDelete === 'no action' ? '' : ` ON DELETE ${constraint.onDelete.toUpperCase()}`;
      const onUpdate = constraint.onUpdate === 'no action' ? '' : ` ON UPDATE ${constraint.onUpdate.toUpperCase()}`;
      const deferrable =
        constraint.deferrable === null ? '' : ` DEFERRABLE INITIALLY ${constraint.deferrable.toUpperCase()}`;
      return `${name}FOREIGN KEY (${quoteList(constraint.columns)}) REFERENCES ${target}${onDelete}${onUpdate}${deferrable}`;
    }
  }
}

export function createIndex(table: TableName, index: Index): Statement {
  if (index.definition !== null) return { sql: index.definition };
  const parts = index.parts.map(({ expression, descending }) => {
    const text = expression.kind === 'column' ? quoteIdentifier(expression.name) : `(${render(expression)})`;
    return descending ? `${text} DESC` : text;
  });
  const unique = index.unique ? 'UNIQUE ' : '';
  const method = index.method === null ? '' : ` USING ${index.method}`;
  const where = index.where === null ? '' : ` WHERE ${render(index.where)}`;
  const name = quoteIdentifier(index.name);
  return { sql: `CREATE ${unique}INDEX ${name} ON ${quoteTable(table)}${method} (${parts.join(', ')})${where}` };
}

export function commentOnTable(table: TableName, comment: string | null): Statement {
  return { sql: `COMMENT ON TABLE ${quoteTable(table)} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}

export function commentOnColumn(table: TableName, column: string, comment: string | null): Statement {
  const name = `${quoteTable(table)}.${quoteIdentifier(column)}`;
  return { sql: `COMMENT ON COLUMN ${name} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}
