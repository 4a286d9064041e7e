/** SQL functions: those that mean the same on every database with their types, and any other by its name. */
import { Expr, type ValueType } from './expr.js';
import { sqlOf } from './sql-parts.js';
import { toExpression } from './to-expression.js';
import type { Expression, PortableOf } from './expression.js';
import type { DatePart, Interval, PortableDetails, PortableName } from './portable.js';
import type { ColumnType } from '../types.js';

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
  /** The value as another type, converted by the database: `fn.cast(Ticket.c.price, integer())`. */
  cast<T, U>(expression: Expr<T>, type: ValueType<U>): Expr<U | Extract<T, null>>;
  cast(expression: Expr<unknown>, type: ColumnType): Expr<unknown>;
  /** A part of an instant, in UTC: whole numbers; weeks are those of ISO 8601, days of the week count from Sunday, 0. */
  extract<T extends Date | string | null>(expression: Expr<T>, part: DatePart): Expr<number | Extract<T, null>>;
  /** The seconds of an instant since 1970, with their fraction; what `minus` gives of two instants is seconds already. */
  epoch<T extends Date | number | null>(expression: Expr<T>): Expr<number | Extract<T, null>>;
  /** What `one.minus(other)` is of two instants. */
  secondsBetween(one: Expr<unknown>, other: unknown): Expr<number | null>;
  /** What `instant.plus({ days: 1 })` is. */
  shift<T>(expression: Expr<T>, interval: Interval): Expr<T>;
  /** What `expression.jsonText('a', 0)` is. */
  jsonText(expression: Expr<unknown>, path: readonly (string | number)[]): Expr<string | null>;
  /** A decimal, given as text, beside what is calculated: as `sum.gt('1.50')` writes it. */
  decimal(value: string | Expr<unknown>): Expr<string>;
  /** PostgreSQL: whether a text matches a search as people type them: `"exact words" or -not`. Language: `simple`. */
  textMatches(text: Expr<string> | Expr<string | null>, search: string, language?: string): Expr<boolean>;
  /** PostgreSQL: how well it matches; more is better. */
  textRank(text: Expr<string> | Expr<string | null>, search: string, language?: string): Expr<number>;
  /** The number of the row in its window: `fn.rowNumber().over({ orderBy: [...] })`. So with `rank` and `denseRank`. */
  rowNumber(): Expr<number>;
  rank(): Expr<number>;
  denseRank(): Expr<number>;
  /** The value of the row before in the window, or one further back; null where there is none. */
  lag<T>(expression: Expr<T>, back?: number): Expr<T | null>;
  /** The value of a row that follows. */
  lead<T>(expression: Expr<T>, ahead?: number): Expr<T | null>;
}

/** Any other function whose name has an underscore, by that name: `fn.json_agg<string>(...)`. */
export type AnyFunctions = Readonly<
  Record<`${string}_${string}`, <T = unknown>(...args: readonly unknown[]) => Expr<T>>
>;

export interface CountOptions {
  /** Counts each value once. Default: false. */
  readonly distinct?: boolean;
}

const KNOWN: KnownFunctions = {
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
  cast: <T>(expression: Expr<unknown>, type: ValueType<T> | ColumnType) =>
    'spec' in type
      ? new Expr<T>(() => portable('cast', type.spec.type, expression), undefined, type)
      : new Expr<T>(() => portable('cast', type, expression)),
  extract: (expression, part) => new Expr(() => portable('extract', part, expression), undefined, 'number'),
  epoch: <T>(expression: Expr<T>) => {
    const isSeconds = expression.node.kind === 'portable' && expression.node.name === 'secondsBetween';
    const node = (): Expression => (isSeconds ? expression.node : portable('epoch', null, expression));
    return new Expr<number | Extract<T, null>>(node, undefined, 'number');
  },
  secondsBetween: (one, other) => new Expr(() => portable('secondsBetween', null, one, other), undefined, 'number'),
  shift: (expression, interval) => expression.plus(interval),
  jsonText: (expression, path) => new Expr(() => portable('jsonText', path, expression)),
  decimal: (value) => new Expr(() => portable('decimal', null, value)),
  textMatches: (text, search, language = 'simple') =>
    new Expr(() => portable('textMatches', language, text, search), undefined, 'boolean'),
  textRank: (text, search, language = 'simple') =>
    new Expr(() => portable('textRank', language, text, search), undefined, 'number'),
  rowNumber: () => new Expr(() => callOf('row_number', []), undefined, 'number'),
  rank: () => new Expr(() => callOf('rank', []), undefined, 'number'),
  denseRank: () => new Expr(() => callOf('dense_rank', []), undefined, 'number'),
  lag: (expression, back = 1) => Expr.like(expression, () => callOf('lag', [expression, inline(back)])),
  lead: (expression, ahead = 1) => Expr.like(expression, () => callOf('lead', [expression, inline(ahead)])),
};

/**
 * SQL functions: `fn.count()`, `fn.max(Ticket.c.createdAt)`; every other one by its name: `fn.date_trunc<Date>(...)`,
 * `fn.call<string>('soundex', User.c.name)`.
 */
export const fn: KnownFunctions & AnyFunctions = new Proxy(KNOWN as KnownFunctions & AnyFunctions, {
  get: (known, name) =>
    typeof name === 'string' && name.includes('_')
      ? <T>(...args: readonly unknown[]) => new Expr<T>(() => callOf(name, args))
      : Reflect.get(known, name),
});

/** A number that is part of the text: MySQL takes no parameter there. */
function inline(count: number): Expr<number> {
  return new Expr({ kind: 'number', text: String(Math.trunc(count)) });
}

function portable<K extends PortableName>(
  name: K,
  detail: PortableDetails[K],
  ...args: readonly unknown[]
): PortableOf<K> {
  return { kind: 'portable', name, args: args.map((arg) => toExpression(arg)), detail };
}

const STAR: Expr<unknown> = new Expr({ kind: 'sql', parts: ['*'] });

function distinctOf(expression: Expr<unknown>): Expr<unknown> {
  return new Expr(() => sqlOf('DISTINCT ', expression.node));
}

function isColumn(expression: Expr<unknown>): boolean {
  return expression.node.kind === 'column';
}

function callOf(name: string, args: readonly unknown[]): Expression {
  return { kind: 'call', name, args: args.map((arg) => toExpression(arg)) };
}
