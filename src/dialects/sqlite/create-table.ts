import type { Column, Constraint, ForeignKey, Index, Table, TableName } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuseExclusion } from '../postgres-parts.js';
import { isParenthesised } from './ddl/normalise-tokens.js';
import { tokenize } from './ddl/tokenizer.js';
import { renderEnumCheck } from './enum-check.js';
import { render, renderDefault } from './expressions.js';
import { quoteIdentifier, quoteList, quoteTable } from './sql.js';
import { renderType } from './types.js';

/** CREATE TABLE and its indexes. https://www.sqlite.org/lang_createtable.html */
export function compileCreateTable(table: Table, ifNotExists?: true): Statement[] {
  const { source } = table;
  // What was dropped comes back as it was written.
  if (source !== undefined && ifNotExists !== true) {
    const names = new Set(table.indexes.map(({ name }) => name));
    return [source, ...source.indexes.filter(({ name }) => names.has(name))].map(({ sql }) => ({ sql }));
  }
  const columns = table.columns.map(columnDefinition);
  const constraints = constraintsOf(table).map((constraint) => constraintDefinition(constraint, counterOf(table)));
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  const options = [
    ...(table.options['strict'] === true ? ['STRICT'] : []),
    ...(table.options['withoutRowid'] === true ? ['WITHOUT ROWID'] : []),
  ].join(', ');
  const words = ifNotExists === true ? 'IF NOT EXISTS ' : '';
  return [
    { sql: `CREATE TABLE ${words}${quoteTable(table)} (\n${body}\n)${options === '' ? '' : ` ${options}`}` },
    ...table.indexes.map((index) => createIndex(table, index, ifNotExists)),
  ];
}

/** The parts of a column, each as it is written or empty; named as the parser names them. */
export interface PrintedColumn {
  readonly type: string;
  readonly collate: string;
  readonly generated: string;
  readonly notNull: string;
  readonly default: string;
  readonly check: string;
}

export function printColumn(column: Column): PrintedColumn {
  const { generated, collation, type } = column;
  const storage = generated?.stored === true ? 'STORED' : 'VIRTUAL';
  return {
    type: isCounting(column) ? 'INTEGER' : renderType(type),
    collate: collation === null ? '' : `COLLATE ${quoteIdentifier(collation)}`,
    generated: generated === null ? '' : `GENERATED ALWAYS AS (${render(generated.expression)}) ${storage}`,
    notNull: column.nullable ? '' : 'NOT NULL',
    default: column.default === null ? '' : `DEFAULT ${renderDefault(column.default)}`,
    check: type.kind === 'enum' ? renderEnumCheck(column.name, type.values) : '',
  };
}

export function columnDefinition(column: Column): string {
  const parts = printColumn(column);
  return [quoteIdentifier(column.name), ...Object.values(parts)].filter((part) => part !== '').join(' ');
}

/** However a revision says it, SQLite counts up in one way. */
function isCounting(column: Column): boolean {
  return column.generation !== null;
}

/** ` AUTOINCREMENT` where the single key column counts up. */
function counterOf(table: Table): string {
  const [first, ...others] = table.primaryKey?.columns ?? [];
  const key = table.columns.find((column) => column.name === first && isCounting(column));
  return key !== undefined && others.length === 0 && key.generation?.kind !== 'auto' ? ' AUTOINCREMENT' : '';
}

/** `CONSTRAINT "name" UNIQUE (...)`; `counter` goes into a primary key. */
export function constraintDefinition(constraint: Constraint, counter = ''): string {
  const name = constraint.name === null ? '' : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  switch (constraint.kind) {
    case 'primaryKey':
      return `${name}PRIMARY KEY (${quoteList(constraint.columns)}${counter})`;
    case 'unique':
      return `${name}UNIQUE (${quoteList(constraint.columns)})`;
    case 'check':
      return `${name}CHECK (${render(constraint.expression)})`;
    case 'exclusion':
      return refuseExclusion(constraint, 'SQLite');
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

export function createIndex(table: TableName, index: Index, ifNotExists?: true): Statement {
  if (index.definition !== null) return { sql: index.definition };
  const parts = index.parts.map(({ expression, descending, collation }) => {
    const plain = expression.kind === 'column' ? quoteIdentifier(expression.name) : withoutBrackets(render(expression));
    const text = collation === undefined ? plain : `${plain} COLLATE ${collation}`;
    return descending ? `${text} DESC` : text;
  });
  const unique = index.unique ? 'UNIQUE ' : '';
  const words = ifNotExists === true ? 'IF NOT EXISTS ' : '';
  const where = index.where === null ? '' : ` WHERE ${render(index.where)}`;
  return {
    sql: `CREATE ${unique}INDEX ${words}${quoteIdentifier(index.name)} ON ${quoteTable(table)} (${parts.join(', ')})${where}`,
  };
}

/** As the index is read back, so that one made anew in a rebuild is written alike; a lone word in brackets keeps them. */
function withoutBrackets(text: string): string {
  const tokens = tokenize(text).slice(0, -1);
  const [first, last] = [tokens[1], tokens.at(-2)];
  if (!isParenthesised(tokens) || tokens.length === 3 || first === undefined || last === undefined) return text;
  return withoutBrackets(text.slice(first.offset, last.offset + last.text.length));
}
