/** The table of a statement that writes, and its columns by property. */
import { AludelError } from '../../errors.js';
import { Expr, isExpr } from '../../schema/expressions/expr.js';
import { formatTableName } from '../../schema/table-name.js';
import type { SqlText } from '../loading/sql-text.js';
import { type ColumnMap, columnMapsOf } from '../mapping/column-map.js';
import { type Mapper, mapperFor, mapperOf } from '../mapping/mapper.js';
import { shapeOf } from '../mapping/model-shape.js';
import { TablePart } from '../mapping/table-part.js';
import { ProposedColumn, renderQuery } from './render-select.js';
import { Scope, sourceOf } from './scope.js';
import type { WriteParts } from './write.js';

export interface WriteTable {
  readonly part: TablePart;
  /** The model whose rows these are; undefined for a table without one. */
  readonly mapper: Mapper | undefined;
  /** What the rows of the model hold besides what they are given. */
  readonly initial: Readonly<Record<string, unknown>>;
}

/** @throws AludelError ALUDEL_USAGE for a model whose rows stand in several tables. */
export function writeTable({ target, definition }: WriteParts): WriteTable {
  const shape = shapeOf(target);
  const mapper = shape === undefined ? mapperFor(definition) : mapperOf(target);
  if (mapper === undefined) return { part: partOf(definition), mapper, initial: {} };
  const [part, ...others] = mapper.parts;
  if (part !== undefined && others.length === 0) return { part, mapper, initial: shape?.initial ?? {} };
  throw new AludelError('ALUDEL_USAGE', `Rows of "${mapper.name}" stand in several tables.`, {
    hint: 'Use session.add() and session.delete(), or a statement for the parent.',
    details: { model: mapper.name },
  });
}

function partOf(definition: WriteParts['definition']): TablePart {
  const label = formatTableName(definition.tableName);
  const columns = columnMapsOf(definition);
  const keys = columns.filter(({ spec }) => spec.primaryKey);
  return new TablePart({ name: label, label, tableName: definition.tableName, columns, keys, counted: undefined });
}

/** The columns of some properties. @throws AludelError ALUDEL_USAGE naming one that the table does not have. */
export function columnsOf({ columns, label }: TablePart, properties: readonly string[]): ColumnMap[] {
  return properties.map((property) => {
    const column = columns.find((each) => each.property === property);
    if (column !== undefined) return column;
    throw new AludelError('ALUDEL_USAGE', `Table "${label}" has no column "${property}" to write.`, {
      hint: `It has: ${columns.map((each) => each.property).join(', ')}.`,
      details: { table: label, property },
    });
  });
}

/** The scope of conditions and values of a statement about one table. `isQualified`: columns are named with the table. */
export function scopeOf(text: SqlText, { definition }: WriteParts, isQualified = false): Scope {
  return new Scope(
    text,
    [sourceOf(text, definition)],
    renderQuery,
    isQualified ? new Scope(text, [], renderQuery) : undefined,
  );
}

/** `column = value`, where the value may be SQL. */
export function assign(scope: Scope, column: ColumnMap, value: unknown): string {
  const { text } = scope;
  return `${text.name(column)} = ${isExpr(value) ? scope.write(value) : text.value(column, value)}`;
}

/** The values of a row that a conflict has kept out, by property. */
export function proposedRow(columns: readonly ColumnMap[]): Record<string, Expr<unknown>> {
  return Object.fromEntries(
    columns.map((column) => [
      column.property,
      new Expr({ kind: 'query', query: new ProposedColumn(column.name) }, column.spec.conversion?.toDb),
    ]),
  );
}
