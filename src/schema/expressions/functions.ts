/** SQL functions: those that mean the same on every database with their types, and any other by its name. */
import { Expr, isExpr, sqlOf, toExpression } from './expr.js';
import type { Expression } from './expression.js';

/** The functions that are typed. Arguments may be expressions or values. */
export interface KnownFunctions {
  /** The start of the transaction or statement. */
  now(): Expr<Date>;
  /** Any function of the database. Its values are what the driver gives, unless `readAs` says more. */
  call<T = unknown>(name: string, ...args: readonly unknown[]): Expr<T>;
  /** The number of rows; of an expression, of those where it is not NULL. */
  count(expression?: Expr<unknown>, options?: CountOptions): Expr<number>;
  /** The sum, as values of the expression are read: numbers, exact decimals as text, bigints. Null where there is no row. */
  sum<T>(expression: Expr<T>): Expr<NonNullable<T> | null>;
  /** The average as a number. Null where there is no row. */
  avg(expression: Expr<unknown>): Expr<number | null>;
  min<T>(expression: Expr<T>): Expr<NonNullable<T> | null>;
  max<T>(expression: Expr<T>): Expr<NonNullable<T> | null>;
  /** The first of the values that is not NULL. */
  coalesce<T>(expression: Expr<T>, other: NonNullable<T> | Expr<NonNullable<T>>): Expr<NonNullable<T>>;
  lower<T extends string | null>(expression: Expr<T>): Expr<string | Extract<T, null>>;
  upper<T extends string | null>(expression: Expr<T>): Expr<string | Extract<T, null>>;
}

export interface CountOptions {
  /** Counts each value once. Default: false. */
  readonly distinct?: boolean;
}

/** SQL functions: `fn.count()`, `fn.max(Ticket.c.createdAt)`; every other one by its name: `fn.call('soundex', User.c.name)`. */
export const fn: KnownFunctions = {
  now: () => new Expr<Date>({ kind: 'now' }, undefined, 'date'),
  call: <T>(name: string, ...args: readonly unknown[]) => new Expr<T>(() => callOf(name, args)),
  count: (expression, { distinct = false } = {}) =>
    new Expr<number>(
      () => callOf('count', [expression === undefined ? STAR : distinct ? distinctOf(expression) : expression]),
      undefined,
      'number',
    ),
  sum: (expression) =>
    isColumn(expression)
      ? Expr.like(expression, () => callOf('sum', [expression]))
      : new Expr(() => callOf('sum', [expression]), undefined, expression.reads ?? 'number'),
  avg: (expression) => new Expr<number | null>(() => callOf('avg', [expression]), undefined, 'number'),
  min: (expression) => Expr.like(expression, () => callOf('min', [expression])),
  max: (expression) => Expr.like(expression, () => callOf('max', [expression])),
  coalesce: (expression, other) =>
    Expr.like(expression, () => ({
      kind: 'call',
      name: 'coalesce',
      args: [expression.node, Expr.operand(expression, other)],
    })),
  lower: (expression) => new Expr(() => callOf('lower', [expression])),
  upper: (expression) => new Expr(() => callOf('upper', [expression])),
};

const STAR: Expr<unknown> = new Expr({ kind: 'sql', parts: ['*'] });

function distinctOf(expression: Expr<unknown>): Expr<unknown> {
  return new Expr(() => sqlOf('DISTINCT ', expression.node));
}

function isColumn(expression: Expr<unknown>): boolean {
  return expression.node.kind === 'column';
}

function callOf(name: string, args: readonly unknown[]): Expression {
  return { kind: 'call', name, args: args.map((arg) => (isExpr(arg) ? arg.node : toExpression(arg))) };
}
