import type { Syntax } from '../../dialects/syntax.js';
import { Expr, Ordering } from '../../schema/expressions/expr.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { Mapper } from '../mapping/mapper.js';
import { chunk, type SqlText } from './sql-text.js';
import { getOrMake } from '../../util/group-by.js';

/** A row, its values in the order of the columns that were asked for. */
export type Values = readonly unknown[];

/**
 * Keys for one statement each. 10,000 are few enough for every database (SQLite takes 32,766 parameters); of several
 * columns 500, since they make a chain of OR, which SQLite takes 1,000 deep.
 */
export function chunkKeys<K extends Values>(by: readonly ColumnMap[], keys: readonly K[]): K[][] {
  return chunk(keys, by.length === 1 ? 10_000 : 500);
}

/** By the list of columns: texts that are the same each time. */
const texts: WeakMap<readonly ColumnMap[], Map<string, string>> = new WeakMap();

/** Writes a column of a model, or what the database works out in its place. */
export type WriteColumn = (column: ColumnMap) => string;

/** `SELECT ... FROM ...` of columns of a model, as text that is made once where nothing in it is computed. */
export function selectFrom(
  text: SqlText,
  mapper: Pick<Mapper, 'source'>,
  columns: readonly ColumnMap[],
  write: WriteColumn,
): string {
  if (columns.some(({ computedBy }) => computedBy !== undefined)) {
    const all = columns.map((column) => (column.computedBy === undefined ? text.name(column) : write(column)));
    return `SELECT ${all.join(', ')} FROM ${mapper.source(text.dialect)}`;
  }
  const known = getOrMake(texts, columns, () => new Map<string, string>());
  return getOrMake(known, text.dialect.name, () => `SELECT ${text.names(columns)} FROM ${mapper.source(text.dialect)}`);
}

/** Writes an expression where it stands. */
export type Write = (expression: Expr<unknown>) => string;

/** One or several columns or orderings. `write` says how, where the names of columns alone do not do. */
export function renderOrder(text: SqlText, order: unknown, write: Write = ({ node }) => text.expression(node)): string {
  const parts: unknown[] = Array.isArray(order) ? order : [order];
  return parts.map((part) => renderOrdering(text.dialect.rules.syntax, part, write)).join(', ');
}

function renderOrdering({ nullsOrdering }: Syntax, part: unknown, write: Write): string {
  if (part instanceof Expr) return write(part);
  if (!(part instanceof Ordering)) {
    throw new TypeError('"orderBy" takes columns, expressions and what asc() and desc() give');
  }
  const { expression, descending, options } = part;
  const direction = descending ? ' DESC' : '';
  if (options.nulls === undefined) return `${write(expression)}${direction}`;
  if (nullsOrdering) {
    return `${write(expression)}${direction} NULLS ${options.nulls.toUpperCase()}`;
  }
  // NULL is the smallest value there: whether it is one comes first.
  const isNull = write(expression.isNull());
  return `${isNull}${options.nulls === 'first' ? ' DESC' : ''}, ${write(expression)}${direction}`;
}

/** The same order by a column that holds the value, under the name that an outer query knows it by. */
export function orderName(text: SqlText, part: Expr<unknown> | Ordering, name: string): string {
  const value = new Expr<unknown>({ kind: 'sql', parts: [name] });
  return renderOrder(text, part instanceof Ordering ? new Ordering(value, part.descending, part.options) : value);
}
