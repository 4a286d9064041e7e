/** CASE: the first of several values whose condition holds. */
import { Expr, isExpr, type Reading } from './expr.js';
import { sqlOf } from './sql-parts.js';
import { toExpression } from './to-expression.js';
import type { Expression } from './expression.js';

type Values<T> = NonNullable<T> | Expr<T>;

/** A number stands for any: what is compared with the case may be another one. */
type Widen<T> = T extends number ? number : T;

interface Branch {
  readonly condition: Expr<unknown>;
  readonly value: unknown;
}

export class Case<T> {
  readonly #branches: readonly Branch[];

  constructor(branches: readonly Branch[]) {
    this.#branches = branches;
  }

  /** Where no condition before holds, and this one does. */
  when<U>(condition: Expr<boolean> | Expr<boolean | null>, value: Values<U>): Case<T | Widen<U>> {
    return new Case([...this.#branches, { condition, value }]);
  }

  /** Where no condition holds. */
  else(value: null): Expr<T | null>;
  else<U>(value: Values<U>): Expr<T | Widen<U>>;
  else(value: unknown): unknown {
    return this.#finish([' ELSE ', write(value)], value);
  }

  /** NULL where no condition holds. */
  end(): Expr<T | null> {
    return this.#finish([], null);
  }

  #finish<U>(rest: readonly (string | Expression)[], last: unknown): Expr<U> {
    const values = [...this.#branches.map(({ value }) => value), last];
    const node = (): Expression => {
      const whens = this.#branches.flatMap(({ condition, value }) => [
        ' WHEN ',
        condition.node,
        ' THEN ',
        write(value),
      ]);
      return sqlOf('CASE', ...whens, ...rest, ' END');
    };
    const like = values.find((value) => isExpr(value));
    return like === undefined ? new Expr<U>(node, undefined, readingOf(values)) : Expr.like<U>(like, node);
  }
}

/**
 * A value where a condition holds: `.when()` goes on, `.else()` or `.end()` ends it.
 * @example when(Ticket.c.status.eq('open'), 1).else(0)
 */
export function when<T>(condition: Expr<boolean> | Expr<boolean | null>, value: Values<T>): Case<Widen<T>> {
  return new Case([{ condition, value }]);
}

/** Numbers and truth values are part of the text: PostgreSQL takes every parameter here for text. */
function write(value: unknown): Expression {
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', text: String(value) };
  if (typeof value === 'boolean') return { kind: 'sql', parts: [value ? 'TRUE' : 'FALSE'] };
  return toExpression(value);
}

function readingOf(values: readonly unknown[]): Reading | undefined {
  const known = values.filter((value) => value !== null);
  const all = (is: (value: unknown) => boolean): boolean => known.every(is);
  if (all((value) => typeof value === 'number')) return 'number';
  if (all((value) => typeof value === 'boolean')) return 'boolean';
  return all((value) => value instanceof Date) ? 'date' : undefined;
}
