import { AludelError } from '../../errors.js';
import { Expr } from '../../schema/expressions/expr.js';

/**
 * The SQL side of a getter or method: an expression that may be selected, compared and ordered by. It is built when it is
 * first used, so that it may name the columns of the class that it stands in.
 * @example
 * class Ticket extends Base.table(...) {
 *   get isOpen(): boolean { return this.closedAt === null; }
 *   static isOpen = hybrid(() => Ticket.c.closedAt.isNull());
 * }
 * select(Ticket).where(Ticket.isOpen)
 */
export function hybrid<T>(build: () => Expr<T> | undefined): Expr<T> {
  let built: Expr<T> | undefined;
  const expression = (): Expr<T> => {
    built ??= build();
    if (built !== undefined) return built;
    throw new AludelError('ALUDEL_USAGE', 'A hybrid gives no expression: all of its conditions were left out.', {
      hint: 'Give at least one condition that is always there.',
    });
  };
  return Expr.later(expression);
}
