import type { Column, Constraint, ForeignKey, Index, Table, TableName } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { isParenthesised } from './ddl/normalise-tokens.js';
import { tokenize } from './ddl/tokenizer.js';
import { renderEnumCheck } from './enum-check.js';
import { quoteIdentifier, quoteList, quoteTable, render, renderDefault } from './sql.js';
import { renderType } from './types.js';

/** CREATE TABLE and its indexes. https://www.sqlite.org/lang_createtable.html */
export function compileCreateTable(table: Table): Statement[] {
  const columns = table.columns.map(columnDefinition);
  const constraints = constraintsOf(table).map((constraint) => constraintDefinition(constraint, table));
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  const options = [
    ...(table.options['strict'] === true ? ['STRICT'] : []),
    ...(table.options['withoutRowid'] === true ? ['WITHOUT ROWID'] : []),
  ].join(', ');
  return [
    { sql: `CREATE TABLE ${quoteTable(table)} (\n${body}\n)${options === '' ? '' : ` ${options}`}` },
    ...table.indexes.map((index) => createIndex(table, index)),
  ];
}

export function columnDefinition(column: Column): string {
  const { generated, collation, type } = column;
  const storage = generated?.stored === true ? 'STORED' : 'VIRTUAL';
  return [
    quoteIdentifier(column.name),
    isCounting(column) ? 'INTEGER' : renderType(type),
    collation === null ? '' : `COLLATE ${quoteIdentifier(collation)}`,
    generated === null ? '' : `GENERATED ALWAYS AS (${render(generated.expression)}) ${storage}`,
    column.nullable ? '' : 'NOT NULL',
    column.default === null ? '' : `DEFAULT ${renderDefault(column.default)}`,
    type.kind === 'enum' ? renderEnumCheck(column.name, type.values) : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** However a revision says it, SQLite counts up in one way. */
function isCounting(column: Column): boolean {
  return column.generation !== null;
}

function constraintDefinition(constraint: Constraint, table: Table): string {
  const name = constraint.name === null ? '' : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  switch (constraint.kind) {
    case 'primaryKey': {
      const [first] = constraint.columns;
      const counting = table.columns.find((column) => column.name === first && isCounting(column));
      const isAlone = constraint.columns.length === 1 && counting?.generation?.kind !== 'auto';
      const counter = counting !== undefined && isAlone ? ' AUTOINCREMENT' : '';
      return `${name}PRIMARY KEY (${quoteList(constraint.columns)}${counter})`;
    }
    case 'unique':
      return `${name}UNIQUE (${quoteList(constraint.columns)})`;
    case 'check':
      return `${name}CHECK (${render(constraint.expression)})`;
    case 'foreignKey':
      return `${name}FOREIGN KEY (${quoteList(constraint.columns)}) ${references(constraint)}`;
  }
}

function references(key: ForeignKey): string {
  const columns = key.targetColumns.length === 0 ? '' : ` (${quoteList(key.targetColumns)})`;
  const onDelete = key.onDelete === 'no action' ? '' : ` ON DELETE ${key.onDelete.toUpperCase()}`;
  const onUpdate = key.onUpdate === 'no action' ? '' : ` ON UPDATE ${key.onUpdate.toUpperCase()}`;
  const deferrable = key.deferrable === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  return `REFERENCES ${quoteTable(key.target)}${columns}${onDelete}${onUpdate}${deferrable}`;
}

export function createIndex(table: TableName, index: Index): Statement {
  if (index.definition !== null) return { sql: index.definition };
  const parts = index.parts.map(({ expression, descending }) => {
    const text = expression.kind === 'column' ? quoteIdentifier(expression.name) : withoutBrackets(render(expression));
    return descending ? `${text} DESC` : text;
  });
  const unique = index.unique ? 'UNIQUE ' : '';
  const where = index.where === null ? '' : ` WHERE ${render(index.where)}`;
  return {
    sql: `CREATE ${unique}INDEX ${quoteIdentifier(index.name)} ON ${quoteTable(table)} (${parts.join(', ')})${where}`,
  };
}

/** As the index is read back, so that one made anew in a rebuild is written alike; a lone word in brackets keeps them. */
function withoutBrackets(text: string): string {
  const tokens = tokenize(text).slice(0, -1);
  const [first, last] = [tokens[1], tokens.at(-2)];
  if (!isParenthesised(tokens) || tokens.length === 3 || first === undefined || last === undefined) return text;
  return withoutBrackets(text.slice(first.offset, last.offset + last.text.length));
}
