import { describe } from '../check-parts.js';
import { Expr, isExpr } from './expr.js';

/** A condition; what is nothing (`undefined`, null, false, an empty text) is left out, so that filters may be optional. */
export type Condition = Expr<boolean> | Expr<boolean | null> | undefined | null | false | '';

/**
 * The conditions that are any.
 * @throws TypeError for `where({ id: 1 })` or `where('id = 1')`: what other libraries take would let every row through.
 */
export function givenConditions(conditions: readonly Condition[]): Expr<boolean | null>[] {
  return conditions.filter((condition): condition is Expr<boolean> | Expr<boolean | null> => {
    if (isExpr(condition)) return true;
    if (condition === undefined || condition === null || condition === false || condition === '') return false;
    throw new TypeError(`a condition is an expression, such as User.c.id.eq(1), not ${describe(condition)}`);
  });
}

/** All of these hold; undefined, which stands for no condition, where none is given. */
export function and(...conditions: readonly Condition[]): Expr<boolean> | undefined {
  return combine('and', conditions);
}

/** One of these holds at least; undefined, which stands for no condition, where none is given. */
export function or(...conditions: readonly Condition[]): Expr<boolean> | undefined {
  return combine('or', conditions);
}

/** The condition does not hold. */
export function not(condition: Expr<boolean> | Expr<boolean | null>): Expr<boolean> {
  return condition.not();
}

function combine(kind: 'and' | 'or', conditions: readonly Condition[]): Expr<boolean> | undefined {
  const given = givenConditions(conditions);
  if (given.length === 0) return undefined;
  return new Expr<boolean>(() => ({ kind, operands: given.map(({ node }) => node) }), undefined, 'boolean');
}
