/** A table under another name, for queries that need it twice. */
import { AludelError } from '../../errors.js';
import { columnOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { AnyColumn, TableDefinition } from '../../schema/metadata.js';
import { recordedShape } from '../mapping/model-shape.js';
import { RelationAttribute } from '../mapping/relation-attribute.js';

/** A class whose objects are asked for. */
export type ModelOf<T> = abstract new (...args: never[]) => T;

/** A model under another name; `c` are its columns and relations there. */
export class Alias<T, C = unknown> {
  /** Only for the type checker: the objects. */
  declare readonly $row: T;
  readonly model: ModelOf<T>;
  readonly name: string;
  readonly definition: TableDefinition;
  readonly c: C;
  /** The query that its rows come from, where it is not the whole table. */
  readonly query: object | undefined;

  constructor(model: ModelOf<T> & { readonly c: C }, name: string, query?: object) {
    this.query = query;
    this.model = model;
    this.name = name;
    this.definition = definitionOf(model);
    const entries = Object.entries(model.c as Record<string, unknown>).map(([property, attribute]) => {
      if (attribute instanceof RelationAttribute) return [property, attribute.of(this)];
      const { spec } = this.definition.columns[property] as AnyColumn;
      const column = columnOf(this.definition.columnNames[property] ?? property, {
        table: this,
        property,
        type: spec.type,
      });
      return [property, new Expr(column, spec.conversion?.toDb)];
    });
    this.c = Object.fromEntries(entries) as C;
  }

  /**
   * An expression over the columns of the model, a hybrid or a computed property, over those of this alias instead.
   * @example const other = alias(Ticket, 'other'); select(other).where(other.of(Ticket.isOverdue))
   */
  of<V>(expression: Expr<V>): Expr<V> {
    return Expr.like(expression, () => ({ kind: 'query', query: new AliasedExpression(expression, this) }));
  }
}

/** An expression that means another name of its table. */
export class AliasedExpression {
  readonly expression: Expr<unknown>;
  readonly alias: Alias<unknown>;

  constructor(expression: Expr<unknown>, source: Alias<unknown>) {
    this.expression = expression;
    this.alias = source;
  }
}

/**
 * A model under another name, to join a table with itself; with a query for its objects, what that gives.
 * @example const boss = alias(User, 'boss'); select(User.c.name, boss.c.name).join(User.c.manager, boss)
 * @example const newest = alias(Ticket, 'newest', select(Ticket).orderBy(Ticket.c.createdAt.desc()).limit(9))
 */
export function alias<T, C>(
  model: ModelOf<T> & { readonly c: C },
  name: string,
  query?: { readonly $row: T; readonly parts: { readonly items: readonly unknown[] } },
): Alias<T, C> {
  const [item, ...others] = query?.parts.items ?? [model];
  if (item === model && others.length === 0) return new Alias(model, name, query);
  throw new AludelError('ALUDEL_USAGE', `The query of "${name}" does not give objects of "${model.name}" alone.`, {
    hint: `Write select(${model.name}), or select({ ... }).as('${name}') for other rows.`,
  });
}

/** The table of a model. */
export function definitionOf(model: unknown): TableDefinition {
  return recordedShape(model).definition;
}
