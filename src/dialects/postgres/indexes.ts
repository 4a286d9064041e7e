import type { Index, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { commentOnPart } from './comments.js';
import { quoteIdentifier, quoteTable, render } from './sql.js';

/** CREATE INDEX, and the comment. https://www.postgresql.org/docs/current/sql-createindex.html */
export function createIndex(table: TableName, index: Index): Statement[] {
  const { name, comment } = index;
  return [
    { sql: index.definition ?? indexDefinition(table, index) },
    ...(comment === undefined ? [] : [commentOnPart('index', table, name, comment)]),
  ];
}

function indexDefinition(table: TableName, index: Index): string {
  const parts = index.parts.map(({ expression, descending }) => {
    const text = expression.kind === 'column' ? quoteIdentifier(expression.name) : `(${render(expression)})`;
    return descending ? `${text} DESC` : text;
  });
  const unique = index.unique ? 'UNIQUE ' : '';
  const method = index.method === null ? '' : ` USING ${index.method}`;
  const where = index.where === null ? '' : ` WHERE ${render(index.where)}`;
  const name = quoteIdentifier(index.name);
  return `CREATE ${unique}INDEX ${name} ON ${quoteTable(table)}${method} (${parts.join(', ')})${where}`;
}
