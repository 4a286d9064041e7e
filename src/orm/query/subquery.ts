/** Queries as tables of other queries: in FROM, in WITH, or beside the row that they are made for. */
import { columnOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';

/** How a query is a table: in brackets, in brackets with the tables before it in sight, or by name in WITH. */
export type SubqueryKind = 'derived' | 'lateral' | 'cte' | 'recursive';

/** A query under a name; `c` are its columns. */
export class Subquery<T> {
  /** Only for the type checker: a row. */
  declare readonly $row: T;
  readonly name: string;
  readonly kind: SubqueryKind;
  readonly c: { readonly [K in keyof T]: Expr<T[K]> };
  /** Read when it is written: a recursive one is part of itself. */
  readonly query: () => object;

  constructor(name: string, kind: SubqueryKind, columns: Readonly<Record<string, Expr<unknown>>>, query: () => object) {
    this.name = name;
    this.kind = kind;
    this.query = query;
    const entries = Object.entries(columns).map(([label, expression]) => [
      label,
      Expr.like(expression, () => columnOf(label, { table: this, property: label })),
    ]);
    this.c = Object.fromEntries(entries) as Subquery<T>['c'];
  }
}

/** The value of a query of one row, or whether it has rows at all: as a part of an expression. */
export class QueryValue {
  readonly kind: 'scalar' | 'exists';
  readonly query: object;

  constructor(kind: 'scalar' | 'exists', query: object) {
    this.kind = kind;
    this.query = query;
  }
}
