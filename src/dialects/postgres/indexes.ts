import type { Index, IndexPart, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { commentOnPart } from './comments.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable, render } from './sql.js';

/** CREATE INDEX, and the comment. https://www.postgresql.org/docs/current/sql-createindex.html */
export function createIndex(table: TableName, index: Index): Statement[] {
  const { name, comment } = index;
  return [
    { sql: index.definition ?? indexDefinition(table, index) },
    ...(comment === undefined ? [] : [commentOnPart('index', table, name, comment)]),
  ];
}

function indexDefinition(table: TableName, index: Index): string {
  const { include, nullsNotDistinct, storage } = index;
  const unique = index.unique ? 'UNIQUE ' : '';
  const method = index.method === null ? '' : ` USING ${index.method}`;
  const parts = index.parts.map(partDefinition).join(', ');
  const options = Object.entries(storage ?? {}).map(([key, value]) => `${key} = ${quoteString(value)}`);
  const clauses = [
    `CREATE ${unique}INDEX ${quoteIdentifier(index.name)} ON ${quoteTable(table)}${method} (${parts})`,
    include === undefined ? '' : ` INCLUDE (${quoteList(include)})`,
    nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : '',
    options.length === 0 ? '' : ` WITH (${options.join(', ')})`,
    index.where === null ? '' : ` WHERE ${render(index.where)}`,
  ];
  return clauses.join('');
}

function partDefinition({ expression, descending, nulls, opclass, collation }: IndexPart): string {
  return [
    expression.kind === 'column' ? quoteIdentifier(expression.name) : `(${render(expression)})`,
    collation === undefined ? '' : ` COLLATE ${collation}`,
    opclass === undefined ? '' : ` ${opclass}`,
    descending ? ' DESC' : '',
    nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`,
  ].join('');
}
