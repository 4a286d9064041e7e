import type { Expr } from '../../schema/expressions/expr.js';
import { customType } from '../../schema/columns.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { readerOf } from '../query/read-expression.js';
import { readMissing } from './attributes.js';
import type { ColumnMap } from './column-map.js';
import { stateOf } from './entity.js';
import { hybrid } from './hybrid.js';

/** Every computed property, and where it stands once its model is mapped. */
const all: WeakMap<Expr<unknown>, { table?: TableDefinition; property?: string }> = new WeakMap();

/**
 * A property whose value the database works out whenever objects are read: an expression over the row, or a subquery about
 * it. It is read-only, can be selected, compared and ordered by, and is read again with every flush that writes the object.
 * @example
 * class Ticket extends Base.table(...) {
 *   static commentCount = computed(() => select(fn.count()).where(Comment.c.ticketId.eq(Ticket.c.id)).scalar());
 *   declare readonly commentCount: number;
 * }
 * select(Ticket).where(Ticket.commentCount.gt(3))
 */
export function computed<T>(build: () => Expr<T> | undefined): Expr<T> {
  const expression = hybrid(build);
  all.set(expression, {});
  return expression;
}

/** The table and the property of an expression that is a computed property. */
export function originOfComputed(
  expression: Expr<unknown>,
): { readonly table: TableDefinition; readonly property: string } | undefined {
  const { table, property } = all.get(expression) ?? {};
  return table === undefined || property === undefined ? undefined : { table, property };
}

/** What a model computes, as columns; its objects get accessors for them. */
export function mapComputed(model: { readonly prototype: object }, table: TableDefinition): ColumnMap[] {
  return Object.entries(Object.getOwnPropertyDescriptors(model)).flatMap(([property, { value }]): ColumnMap[] => {
    if (!all.has(value as Expr<unknown>)) return [];
    const expression = value as Expr<unknown>;
    all.set(expression, { table, property });
    Object.defineProperty(model.prototype, property, {
      configurable: true,
      get(this: object) {
        const { row, entity } = stateOf(this);
        return row[property] === undefined ? readMissing(entity, property) : row[property];
      },
    });
    const computedBy = { expression, decoder: readerOf.bind(undefined, expression) };
    return [{ property, name: property, spec: customType('computed').spec, computedBy }];
  });
}
