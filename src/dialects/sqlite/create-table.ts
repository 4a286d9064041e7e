import type { Column, Constraint, Index, Table, TableName } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuseStrangeOptions } from '../table-option-names.js';
import { columnDefinition, isCounting, printColumn } from './columns.js';
import { constraintDefinition } from './constraints.js';
import { isParenthesised } from './ddl/normalise-tokens.js';
import { tokenize } from './ddl/tokenizer.js';
import { render } from './expressions.js';
import { layOut } from './lay-out.js';
import { constraintLayout, groupConstraints, layoutOf } from './layout.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** CREATE TABLE and its indexes. https://www.sqlite.org/lang_createtable.html */
export function compileCreateTable(table: Table, ifNotExists?: true): Statement[] {
  refuseStrangeOptions(table, table.options);
  const { source } = table;
  // What was dropped comes back as it was written.
  if (source !== undefined && ifNotExists !== true) {
    const names = new Set(table.indexes.map(({ name }) => name));
    return [source, ...source.indexes.filter(({ name }) => names.has(name))].map(({ sql }) => ({ sql }));
  }
  const { columns, apart } = printColumns(table);
  const constraints = groupConstraints(table, apart).map((group) =>
    group
      .map((constraint) => constraintDefinition(constraint, counterOf(table), constraintLayout(table, constraint)))
      .join(' '),
  );
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

/** All columns with what is written into them, and the constraints that stand beside them. */
function printColumns(table: Table): { readonly columns: readonly string[]; readonly apart: readonly Constraint[] } {
  const waiting = new Set(constraintsOf(table));
  const take = <K extends Constraint['kind']>(
    kind: K,
    fits: (constraint: Extract<Constraint, { readonly kind: K }>) => boolean,
  ): Extract<Constraint, { readonly kind: K }> | undefined => {
    for (const constraint of waiting) {
      if (constraint.kind !== kind || !fits(constraint as Extract<Constraint, { readonly kind: K }>)) continue;
      waiting.delete(constraint);
      return constraint as Extract<Constraint, { readonly kind: K }>;
    }
    return undefined;
  };
  const columns = table.columns.map((column) => {
    const words = layoutOf(table, column.name);
    if (words === undefined) return columnDefinition(column);
    const isAlone = ({ columns: names }: { readonly columns: readonly string[] }): boolean =>
      names.length === 1 && names[0] === column.name;
    return layOut(column, words, {
      primaryKey: () => take('primaryKey', isAlone),
      unique: () => take('unique', isAlone),
      foreignKey: () => take('foreignKey', isAlone),
      check: (name) => take('check', (check) => check.name === name),
      counter: counterOf(table),
      isNeverNull: isNeverNull(column, table),
    });
  });
  return { columns, apart: [...waiting] };
}

/** The row id takes no NULL, whatever is said; nor does a key of a table without row ids. */
export function isNeverNull(column: Column, { primaryKey, options }: Table): boolean {
  const columns = primaryKey?.columns ?? [];
  const isRowId = columns.length === 1 && printColumn(column).type.toUpperCase() === 'INTEGER';
  return columns.includes(column.name) && (isRowId || options['withoutRowid'] === true);
}

/** ` AUTOINCREMENT` where the single key column counts up. */
function counterOf(table: Table): string {
  const [first, ...others] = table.primaryKey?.columns ?? [];
  const key = table.columns.find((column) => column.name === first && isCounting(column));
  return key !== undefined && others.length === 0 && key.generation?.kind !== 'auto' ? ' AUTOINCREMENT' : '';
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
