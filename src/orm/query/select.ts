/** Queries for objects of one model. Each method gives a new query. */
import type { Expr, Ordering } from '../../schema/expressions/expr.js';
import type { RelationAttribute } from '../mapping/relation-attribute.js';

/** A class whose objects are asked for. */
export type ModelOf<T> = abstract new (...args: any[]) => T;

/** A relation to be loaded with the objects of a query, in one statement for each 500 of them. */
export interface SelectIn {
  readonly attribute: RelationAttribute<any, any>;
  readonly inner: readonly SelectIn[];
}

/**
 * Loads a relation with the objects of a query, and relations of those objects in turn.
 * @example select(User).options(selectin(User.c.tickets, selectin(Ticket.c.comments)))
 */
export function selectin(attribute: RelationAttribute<any, any>, ...inner: readonly SelectIn[]): SelectIn {
  return { attribute, inner };
}

export interface SelectParts {
  readonly where: readonly Expr<boolean>[];
  readonly orderBy: readonly (Expr<any> | Ordering)[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
  readonly options: readonly SelectIn[];
}

export class Select<T> {
  readonly model: ModelOf<T>;
  readonly parts: SelectParts;

  constructor(model: ModelOf<T>, parts: SelectParts) {
    this.model = model;
    this.parts = parts;
  }

  /** All of these must hold, and those of earlier calls; `undefined` is left out. */
  where(...conditions: readonly (Expr<boolean> | undefined)[]): Select<T> {
    const given = conditions.filter((condition) => condition !== undefined);
    return this.#with({ where: [...this.parts.where, ...given] });
  }

  orderBy(...order: readonly (Expr<any> | Ordering)[]): Select<T> {
    return this.#with({ orderBy: [...this.parts.orderBy, ...order] });
  }

  limit(count: number): Select<T> {
    return this.#with({ limit: count });
  }

  offset(count: number): Select<T> {
    return this.#with({ offset: count });
  }

  options(...options: readonly SelectIn[]): Select<T> {
    return this.#with({ options: [...this.parts.options, ...options] });
  }

  #with(change: Partial<SelectParts>): Select<T> {
    return new Select(this.model, { ...this.parts, ...change });
  }
}

/**
 * A query for the objects of a model; `session.all`, `first` and `one` run it.
 * @example await session.all(select(Ticket).where(Ticket.c.status.eq('open')).orderBy(Ticket.c.createdAt.desc()))
 */
export function select<T>(model: ModelOf<T>): Select<T> {
  return new Select(model, { where: [], orderBy: [], limit: undefined, offset: undefined, options: [] });
}
