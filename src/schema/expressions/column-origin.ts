/**
 * Which table a column of an expression belongs to. Schemas need the name alone, so that it stands beside the data: copies
 * and JSON of a schema do not know it, queries of sessions do.
 */
import type { ColumnType } from '../types.js';
import type { Expression } from './expression.js';

export type ColumnExpression = Extract<Expression, { readonly kind: 'column' }>;

export interface ColumnOrigin {
  /** The definition of a table, or the other name under which a query knows one. */
  readonly table: object;
  readonly property: string;
  /** Unset for columns of a subquery. */
  readonly type?: ColumnType;
}

const origins: WeakMap<ColumnExpression, ColumnOrigin> = new WeakMap();

/** A column that knows its table. */
export function columnOf(name: string, origin: ColumnOrigin): ColumnExpression {
  const node: ColumnExpression = { kind: 'column', name };
  origins.set(node, origin);
  return node;
}

/** The table of a column, where it has one: `col('name')` has none. */
export function originOf(node: Expression): ColumnOrigin | undefined {
  return node.kind === 'column' ? origins.get(node) : undefined;
}
