import { Expr } from './expr.js';
import { type Expression, rawSql } from './expression.js';
import { toExpression } from './to-expression.js';

/**
 * SQL in the database's own words. An interpolated `Expr` (a column, say) is written as itself, every other value as
 * a quoted literal, never as text.
 * @example check('positive', sql`${Ticket.c.priority} > ${0}`)
 */
export function sql<T = unknown>(text: TemplateStringsArray, ...values: readonly unknown[]): Expr<T> {
  return new Expr<T>(() => {
    const only = text[0];
    if (values.length === 0 && only !== undefined) return rawSql(only);
    const parts = text.flatMap((part, i): (string | Expression)[] =>
      i < values.length ? [part, toExpression(values[i])] : [part],
    );
    return { kind: 'sql', parts: parts.filter((part) => part !== '') };
  });
}

/** A column by its database name, for expressions in migration files. */
export function col<T = unknown>(name: string): Expr<T> {
  return new Expr<T>({ kind: 'column', name });
}
