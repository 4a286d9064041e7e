/** A table under another name, for queries that need it twice. */
import { AludelError } from '../../errors.js';
import { columnOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { AnyColumn, TableDefinition } from '../../schema/metadata.js';
import { shapeOf } from '../mapping/model-shape.js';
import { RelationAttribute } from '../mapping/relation-attribute.js';

/** A class whose objects are asked for. */
// A model class with any constructor: only `any` parameters accept all of them.
// oxlint-disable-next-line typescript/no-explicit-any
export type ModelOf<T> = abstract new (...args: any[]) => T;

/** A model under another name; `c` are its columns and relations there. */
export class Alias<T, C = unknown> {
  /** Only for the type checker: the objects. */
  declare readonly $row: T;
  readonly model: ModelOf<T>;
  readonly name: string;
  readonly definition: TableDefinition;
  readonly c: C;

  constructor(model: ModelOf<T> & { readonly c: C }, name: string) {
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
}

/**
 * A model under another name, to join a table with itself.
 * @example const boss = alias(User, 'boss'); select(User.c.name, boss.c.name).join(User.c.manager, boss)
 */
export function alias<T, C>(model: ModelOf<T> & { readonly c: C }, name: string): Alias<T, C> {
  return new Alias(model, name);
}

/** The table of a model. */
export function definitionOf(model: unknown): TableDefinition {
  const shape = shapeOf(model);
  if (shape === undefined) {
    const name = typeof model === 'function' ? model.name : String(model);
    throw new AludelError('ALUDEL_USAGE', `"${name}" is no model.`, {
      hint: 'Pass a class that extends "Base.table(...)", a column or an expression.',
    });
  }
  shape.registration.record(model);
  return shape.definition;
}
