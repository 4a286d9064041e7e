import type { Syntax } from '../../dialects/syntax.js';
import { Expr, Ordering } from '../../schema/expressions/expr.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { Mapper } from '../mapping/mapper.js';
import type { Active } from '../session/transaction.js';
import { chunk, run, type SqlText } from './sql-text.js';

/** Keys in one statement at most: enough to save round trips, and few enough for every database. */
export const KEYS_A_STATEMENT = 500;

/** A row, its values in the order of the columns that were asked for. */
export type Values = readonly unknown[];

/** Reads rows by the values of some of their columns, in as many statements as need be. */
export async function selectRows(
  active: Active,
  mapper: Pick<Mapper, 'source'>,
  columns: readonly ColumnMap[],
  by: readonly ColumnMap[],
  values: readonly (readonly unknown[])[],
  orderBy?: () => unknown,
): Promise<Values[]> {
  const rows: Values[] = [];
  for (const part of chunk(values, KEYS_A_STATEMENT)) {
    const result = await run(active, (text) => {
      const order = orderBy === undefined ? '' : ` ORDER BY ${renderOrder(text, orderBy())}`;
      return `${selectFrom(text, mapper, columns)} WHERE ${text.oneOf(by, part)}${order}`;
    });
    for (const row of result.rows) rows.push(row);
  }
  return rows;
}

/** By the list of columns: texts that are the same each time. */
const texts: WeakMap<readonly ColumnMap[], Map<string, string>> = new WeakMap();

/** `SELECT ... FROM ...` of columns of a model, as text that is made once. */
export function selectFrom(text: SqlText, mapper: Pick<Mapper, 'source'>, columns: readonly ColumnMap[]): string {
  let known = texts.get(columns);
  if (known === undefined) texts.set(columns, (known = new Map()));
  let made = known.get(text.dialect.name);
  if (made === undefined) {
    made = `SELECT ${text.names(columns)} FROM ${mapper.source(text.dialect)}`;
    known.set(text.dialect.name, made);
  }
  return made;
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
