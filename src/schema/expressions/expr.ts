import { originOf } from './column-origin.js';
import type { BinaryOperator, Expression } from './expression.js';
import type { Interval } from './portable.js';
import { type RawNode, toQueryNode } from './query-node.js';
import { enclose, escapePattern, lower, separate, sqlOf } from './sql-parts.js';
import { hasKind, isPlain, toExpression } from './to-expression.js';
import type { ColumnType } from '../types.js';

/**
 * A typed handle on an expression, as `Model.c.title`, `fn.now()` or ``sql`...` `` give it. Methods build larger
 * expressions; `node` is the plain data.
 */
export class Expr<T> {
  /** Only for the type checker: the JavaScript type of the expression's value. */
  declare readonly $type: T;
  /** What every copy of this package knows an expression by, should a project hold two. */
  readonly kind = 'expression' as const;
  readonly #node: Expression | (() => Expression);
  /** Makes what the database holds of the values that this is compared with. */
  #toDb: ((value: never) => unknown) | undefined;
  /** How values come back from the database; unset: as the driver gives them, or as those of the column that it is. */
  readonly reads: Reading | undefined;

  constructor(node: Expression | (() => Expression), toDb?: (value: never) => unknown, reads?: Reading) {
    this.#node = node;
    this.#toDb = toDb;
    this.reads = reads;
  }

  /** An expression whose values are written and read as those of another one: `max(price)` as `price`. */
  static like<T>(other: Expr<unknown>, node: () => Expression): Expr<T> {
    return new Expr<T>(node, other.#toDb, other);
  }

  /** An expression that is made when it is first looked at, and is like the one that is made. */
  static later<T>(make: () => Expr<T>): Expr<T> {
    const later = new Expr<T>(() => make().node);
    later.#toDb = (value) => Expr.#encode(make(), value);
    Object.defineProperty(later, 'reads', { get: () => make().reads });
    return later;
  }

  static #encode(beside: Expr<unknown>, value: never): unknown {
    return beside.#toDb === undefined ? value : beside.#toDb(value);
  }

  /** A value as it is written beside an expression; an expression is itself. */
  static operand(beside: Expr<unknown>, value: unknown): Expression {
    return beside.#operand(value);
  }

  get node(): Expression {
    return typeof this.#node === 'function' ? this.#node() : this.#node;
  }

  /** For Kysely, which knows an expression by this property. */
  get expressionType(): T | undefined {
    return undefined;
  }

  /** For Kysely: what `op.db` writes for this expression. */
  toOperationNode(): RawNode {
    return toQueryNode(this.node);
  }

  eq(value: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return this.#compare('=', value);
  }

  ne(value: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return this.#compare('<>', value);
  }

  lt(value: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return this.#compare('<', value);
  }

  lte(value: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return this.#compare('<=', value);
  }

  gt(value: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return this.#compare('>', value);
  }

  gte(value: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return this.#compare('>=', value);
  }

  between(from: NonNullable<T> | Expr<T | null>, to: NonNullable<T> | Expr<T | null>): Expr<boolean> {
    return predicate(() => {
      const [operand, low, high] = [this.node, this.#compared(from), this.#compared(to)].map(enclose);
      return sqlOf(operand, ' BETWEEN ', low, ' AND ', high);
    });
  }

  /** `%` and `_` stand for any text and any character. Upper and lower case count as the database says. */
  like(pattern: string): Expr<boolean> {
    return predicate(() => ({ kind: 'binary', operator: 'LIKE', left: this.node, right: toExpression(pattern) }));
  }

  /** As `like`, upper and lower case being the same; on SQLite for ASCII alone. */
  ilike(pattern: string): Expr<boolean> {
    return predicate(() => ({
      kind: 'binary',
      operator: 'LIKE',
      left: lower(this.node),
      right: lower(toExpression(pattern)),
    }));
  }

  /** True where the text is somewhere in the value; `%` and `_` mean themselves. */
  contains(text: string, options: MatchOptions = {}): Expr<boolean> {
    return this.#matches(`%${escapePattern(text)}%`, options);
  }

  startsWith(text: string, options: MatchOptions = {}): Expr<boolean> {
    return this.#matches(`${escapePattern(text)}%`, options);
  }

  endsWith(text: string, options: MatchOptions = {}): Expr<boolean> {
    return this.#matches(`%${escapePattern(text)}`, options);
  }

  /** True where the value is one of these, or of the rows of a query; of an empty list, none is. */
  in(values: readonly (NonNullable<T> | Expr<T | null>)[] | QueryOf<T>): Expr<boolean> {
    return this.#isIn(values, false);
  }

  /** Never true where one of the rows of a query is NULL: that is SQL's own `NOT IN`. */
  notIn(values: readonly (NonNullable<T> | Expr<T | null>)[] | QueryOf<T>): Expr<boolean> {
    return this.#isIn(values, true);
  }

  /** The sum of two numbers; of an instant or a day and an interval, the one that much later. */
  plus(amount: Interval): Expr<T>;
  plus(value: NonNullable<T> | Expr<T | null>): Expr<T>;
  plus(other: unknown): Expr<unknown> {
    return isInterval(other) ? this.#shift(other) : this.#arithmetic('+', other);
  }

  /** The difference of two numbers; the instant or day earlier by an interval; the seconds from another instant to this one. */
  minus(amount: Interval): Expr<T>;
  minus(instant: Extract<T, Date> | Expr<Extract<T, Date>>): Expr<Seconds<T>>;
  minus(instant: Expr<Extract<T, Date> | null>): Expr<number | null>;
  minus(value: NonNullable<T> | Expr<T | null>): Expr<T>;
  minus(other: unknown): Expr<unknown> {
    if (isInterval(other)) {
      return this.#shift(Object.fromEntries(Object.entries(other).map(([unit, amount]) => [unit, -amount])));
    }
    if (!isInstant(this) && !isInstant(other)) return this.#arithmetic('-', other);
    return new Expr(
      () => ({ kind: 'portable', name: 'secondsBetween', args: [this.node, this.#operand(other)], detail: null }),
      undefined,
      'number',
    );
  }

  times(value: NonNullable<T> | Expr<T | null>): Expr<T> {
    return this.#arithmetic('*', value);
  }

  /** The quotient with its fraction on every database, as a number; NULL or an error for 0 is the database's affair. */
  dividedBy(value: NonNullable<T> | Expr<T | null>): Expr<number | Extract<T, null>> {
    // MySQL gives a decimal but four digits more than its operands have.
    return new Expr(() => sqlOf('(', this.node, ') * 1e0 / (', this.#operand(value), ')'), undefined, 'number');
  }

  /** The text at a path in JSON: names of objects, places in lists from 0. Null where there is nothing, or JSON's null. */
  jsonText(...path: readonly (string | number)[]): Expr<string | null> {
    return new Expr(() => ({ kind: 'portable', name: 'jsonText', args: [this.node], detail: path }));
  }

  /**
   * The function over a window of rows: those with the same values of `partitionBy`, in an order.
   * @example fn.rowNumber().over({ partitionBy: [Ticket.c.creatorId], orderBy: [Ticket.c.createdAt.desc()] })
   */
  over({ partitionBy = [], orderBy = [], frame }: Window = {}): Expr<T> {
    return Expr.like(this, () => {
      const groups = separate(partitionBy.map(({ node }) => [node]));
      const order = separate(orderBy.map(orderingParts));
      return sqlOf(
        this.node,
        ' OVER (',
        ...(groups.length === 0 ? [] : ['PARTITION BY ', ...groups]),
        ...(order.length === 0 ? [] : [' ORDER BY ', ...order]),
        ...(frame === undefined ? [] : [' ', frame.node]),
        ')',
      );
    });
  }

  isNull(): Expr<boolean> {
    return predicate(() => ({ kind: 'isNull', operand: this.node, negated: false }));
  }

  isNotNull(): Expr<boolean> {
    return predicate(() => ({ kind: 'isNull', operand: this.node, negated: true }));
  }

  and(...others: readonly Expr<boolean>[]): Expr<boolean> {
    return predicate(() => ({ kind: 'and', operands: [this.node, ...others.map((other) => other.node)] }));
  }

  or(...others: readonly Expr<boolean>[]): Expr<boolean> {
    return predicate(() => ({ kind: 'or', operands: [this.node, ...others.map((other) => other.node)] }));
  }

  not(): Expr<boolean> {
    return predicate(() => ({ kind: 'not', operand: this.node }));
  }

  /**
   * The same, its values read as a plain type or as those of another expression: drivers give much as text.
   * @example fn.call('length', User.c.name).readAs('number')
   */
  readAs(type: 'number'): Expr<number>;
  readAs(type: 'boolean'): Expr<boolean>;
  readAs(type: 'date'): Expr<Date>;
  readAs<U>(other: Expr<U> | ValueType<U>): Expr<U>;
  readAs(reading: Reading): unknown {
    return isExpr(reading) ? Expr.like(reading, () => this.node) : new Expr(() => this.node, this.#toDb, reading);
  }

  /** The same for the type checker, with null: for columns of a table that a left join may leave out. */
  orNull(): Expr<T | null> {
    return this;
  }

  asc(): Ordering {
    return new Ordering(this, false);
  }

  desc(): Ordering {
    return new Ordering(this, true);
  }

  toJSON(): Expression {
    return this.node;
  }

  #compare(operator: BinaryOperator, value: unknown): Expr<boolean> {
    return predicate(() => ({ kind: 'binary', operator, left: this.node, right: this.#compared(value) }));
  }

  #shift(interval: Interval): Expr<T> {
    return Expr.like(this, () => {
      const shifted: Expression = { kind: 'portable', name: 'shift', args: [this.node], detail: interval };
      const type = typeOf(this);
      // Some databases make an instant of a day that is moved.
      return type?.kind === 'date' ? { kind: 'portable', name: 'cast', args: [shifted], detail: type } : shifted;
    });
  }

  #arithmetic(operator: '+' | '-' | '*', value: unknown): Expr<T> {
    const other = isExpr(value) && isColumn(value) && !isColumn(this) ? value : this;
    return Expr.like(other, () => ({ kind: 'binary', operator, left: this.node, right: this.#operand(value) }));
  }

  #isIn(values: readonly unknown[] | QueryOf<T>, negated: boolean): Expr<boolean> {
    return predicate(() => ({
      kind: 'in',
      operand: this.node,
      values: 'node' in values ? [values.node] : values.map((value) => this.#compared(value)),
      negated,
    }));
  }

  #matches(pattern: string, { insensitive = false }: MatchOptions): Expr<boolean> {
    return predicate(() => {
      const [value, wanted] = [this.node, toExpression(pattern)].map(insensitive ? lower : enclose);
      return sqlOf(value, ' LIKE ', wanted, " ESCAPE '!'");
    });
  }

  #operand(value: unknown): Expression {
    return toExpression(this.#toDb === undefined || isExpr(value) ? value : this.#toDb(value as never));
  }

  /** The same for comparisons: SQLite takes a text for more than every number, unless beside a column of a table. */
  #compared(value: unknown): Expression {
    const isDecimal = typeof value === 'string' && typeOf(this)?.kind === 'numeric';
    if (!isDecimal || originOf(this.node)?.type !== undefined) return this.#operand(value);
    return { kind: 'portable', name: 'decimal', args: [this.#operand(value)], detail: null };
  }
}

/** How values of an expression come back: as a plain type, as those of another expression, or of a column of a type. */
export type Reading = 'boolean' | 'number' | 'date' | Expr<unknown> | ValueType<unknown>;

/** What `integer()`, `numeric(10, 2)` and the like give. */
export interface ValueType<T> {
  /** Only for the type checker. */
  readonly $ts: T;
  readonly spec: { readonly type: ColumnType };
}

/** A query for rows of one value, as `select` makes it. */
export interface QueryOf<T> {
  readonly $row: T | NonNullable<T> | null;
  readonly node: Expression;
}

/** Seconds, or null where one of the instants may be. */
type Seconds<T> = number | Extract<T, null>;

/** The rows that a window function sees. */
export interface Window {
  readonly partitionBy?: readonly Expr<unknown>[];
  readonly orderBy?: readonly (Expr<unknown> | Ordering)[];
  /** As SQL: ``sql`ROWS BETWEEN 1 PRECEDING AND CURRENT ROW` ``. Default: the database's, up to the current row's peers. */
  readonly frame?: Expr<unknown>;
}

export interface MatchOptions {
  /** Upper and lower case are the same; on SQLite for ASCII alone. Default: false, as the database says. */
  readonly insensitive?: boolean;
}

function predicate(node: () => Expression): Expr<boolean> {
  return new Expr<boolean>(node, undefined, 'boolean');
}

/** `nulls` is said by an order of its own, which every database knows. */
function orderingParts(part: Expr<unknown> | Ordering): (string | Expression)[] {
  if (part instanceof Expr) return [part.node];
  const { expression, descending, options } = part;
  const order = [expression.node, descending ? ' DESC' : ''];
  if (options.nulls === undefined) return order;
  return [expression.isNull().node, options.nulls === 'first' ? ' DESC, ' : ', ', ...order];
}

/** A plain object of units of time. */
function isInterval(value: unknown): value is Interval {
  return typeof value === 'object' && value !== null && isPlain(value);
}

/** A Date, or an expression whose values are known to be. */
function isInstant(value: unknown): boolean {
  if (!isExpr(value)) return value instanceof Date;
  return value.reads === 'date' || typeOf(value)?.kind === 'timestamp';
}

/** The type of the column that the values of an expression are like. */
function typeOf({ node, reads }: Expr<unknown>): ColumnType | undefined {
  if (reads === undefined || typeof reads === 'string') return originOf(node)?.type;
  return isExpr(reads) ? typeOf(reads) : reads.spec.type;
}

function isColumn({ node }: Expr<unknown>): boolean {
  return node.kind === 'column';
}

/** What PostgreSQL lets a part of an index say besides its direction. */
export interface OrderingOptions {
  readonly nulls?: 'first' | 'last';
  readonly opclass?: string;
  readonly collation?: string;
}

/** An expression with a direction, for indexes and ORDER BY; every method returns a new one. */
export class Ordering {
  readonly kind = 'ordering' as const;
  readonly expression: Expr<unknown>;
  readonly descending: boolean;
  readonly options: OrderingOptions;

  constructor(expression: Expr<unknown>, descending: boolean, options: OrderingOptions = {}) {
    this.expression = expression;
    this.descending = descending;
    this.options = options;
  }

  nullsFirst(): Ordering {
    return new Ordering(this.expression, this.descending, { ...this.options, nulls: 'first' });
  }

  nullsLast(): Ordering {
    return new Ordering(this.expression, this.descending, { ...this.options, nulls: 'last' });
  }

  /** PostgreSQL: the operator class of an index part, as SQL: `text_pattern_ops`. */
  opclass(name: string): Ordering {
    return new Ordering(this.expression, this.descending, { ...this.options, opclass: name });
  }

  /** PostgreSQL: the collation of an index part, as SQL: `"C"`. */
  collate(name: string): Ordering {
    return new Ordering(this.expression, this.descending, { ...this.options, collation: name });
  }
}

/** True for an expression of this or another copy of the package. */
export function isExpr(value: unknown): value is Expr<unknown> {
  return hasKind(value, 'expression');
}

export function isOrdering(value: unknown): value is Ordering {
  return hasKind(value, 'ordering');
}
