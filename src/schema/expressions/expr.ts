import { type BinaryOperator, type Expression, rawSql } from './expression.js';
import { type RawNode, toQueryNode } from './query-node.js';

/**
 * A typed handle on an expression, as `Model.c.title`, `fn.now()` or ``sql`...` `` give it. Methods build larger
 * expressions; `node` is the plain data.
 */
export class Expr<T> {
  /** Only for the type checker: the JavaScript type of the expression's value. */
  declare readonly $type: T;
  /** What every copy of this package knows an expression by, should a project hold two. */
  readonly kind = 'expression' as const;
  readonly #node: () => Expression;
  /** Makes what the database holds of the values that this is compared with. */
  readonly #toDb: ((value: never) => unknown) | undefined;
  /** How values come back from the database; unset: as the driver gives them, or as those of the column that it is. */
  readonly reads: Reading | undefined;

  constructor(node: Expression | (() => Expression), toDb?: (value: never) => unknown, reads?: Reading) {
    this.#node = typeof node === 'function' ? node : () => node;
    this.#toDb = toDb;
    this.reads = reads;
  }

  /** An expression whose values are written and read as those of another one: `max(price)` as `price`. */
  static like<T>(other: Expr<unknown>, node: () => Expression): Expr<T> {
    return new Expr<T>(node, other.#toDb, other);
  }

  /** A value as it is written beside an expression; an expression is itself. */
  static operand(beside: Expr<unknown>, value: unknown): Expression {
    return beside.#operand(value);
  }

  get node(): Expression {
    return this.#node();
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
      const [operand, low, high] = [this.node, this.#operand(from), this.#operand(to)].map(enclose);
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

  /** True where the value is one of these; of an empty list, none is. */
  in(values: readonly NonNullable<T>[]): Expr<boolean> {
    return this.#isIn(values, false);
  }

  notIn(values: readonly NonNullable<T>[]): Expr<boolean> {
    return this.#isIn(values, true);
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
  readAs<U>(other: Expr<U>): Expr<U>;
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
    return predicate(() => ({ kind: 'binary', operator, left: this.node, right: this.#operand(value) }));
  }

  #isIn(values: readonly unknown[], negated: boolean): Expr<boolean> {
    return predicate(() => ({
      kind: 'in',
      operand: this.node,
      values: values.map((value) => this.#operand(value)),
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
}

/** How values of an expression come back: as a plain type, or as those of another expression. */
export type Reading = 'boolean' | 'number' | 'date' | Expr<unknown>;

export interface MatchOptions {
  /** Upper and lower case are the same; on SQLite for ASCII alone. Default: false, as the database says. */
  readonly insensitive?: boolean;
}

/** A condition; what is nothing (`undefined`, null, false, an empty text) is left out, so that filters may be optional. */
export type Condition = Expr<boolean> | Expr<boolean | null> | undefined | null | false | '';

/** The conditions that are any. */
export function givenConditions(conditions: readonly Condition[]): Expr<boolean | null>[] {
  return conditions.filter((condition) => isExpr(condition)) as Expr<boolean | null>[];
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
  return predicate(() => ({ kind, operands: given.map(({ node }) => node) }));
}

function predicate(node: () => Expression): Expr<boolean> {
  return new Expr<boolean>(node, undefined, 'boolean');
}

/** SQL text with expressions in between. */
export function sqlOf(...parts: readonly (string | Expression | undefined)[]): Expression {
  return { kind: 'sql', parts: parts.filter((part) => part !== undefined) };
}

/** An operand as it may stand beside an operator. */
function enclose(node: Expression): Expression {
  return ['column', 'literal', 'number', 'bytes', 'now', 'call'].includes(node.kind) ? node : sqlOf('(', node, ')');
}

function lower(node: Expression): Expression {
  return { kind: 'call', name: 'lower', args: [node] };
}

/** `!` is no special character of any database's strings, other than the usual backslash. */
function escapePattern(text: string): string {
  return text.replaceAll(/[!%_]/g, '!$&');
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

/** True for an expression of this or another copy of the package. */
export function isExpr(value: unknown): value is Expr<unknown> {
  return hasKind(value, 'expression');
}

export function isOrdering(value: unknown): value is Ordering {
  return hasKind(value, 'ordering');
}

/** Plain data of a user (a JSON default, say) has no accessor on its prototype. */
function hasKind(value: unknown, kind: string): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== kind) return false;
  return !isPlain(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The expression for a JavaScript value: itself when it is one already, else a literal. */
export function toExpression(value: unknown): Expression {
  if (isExpr(value)) return value.node;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { kind: 'literal', value };
  if (typeof value === 'number') {
    return Number.isFinite(value) ? { kind: 'literal', value } : { kind: 'literal', value: String(value) };
  }
  if (typeof value === 'bigint') return { kind: 'number', text: String(value) };
  if (value instanceof Date) return { kind: 'literal', value: formatDate(value) };
  if (value instanceof Uint8Array) return { kind: 'bytes', hex: Buffer.from(value).toString('hex') };
  return { kind: 'literal', value: JSON.stringify(value) };
}

/** `2026-01-02 03:04:05.678+00:00`, which every database reads as the same instant. */
function formatDate(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '+00:00');
}
