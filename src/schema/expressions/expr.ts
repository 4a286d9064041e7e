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

  constructor(node: Expression | (() => Expression), toDb?: (value: never) => unknown) {
    this.#node = typeof node === 'function' ? node : () => node;
    this.#toDb = toDb;
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

  eq(value: NonNullable<T> | Expr<T>): Expr<boolean> {
    return this.#compare('=', value);
  }

  ne(value: NonNullable<T> | Expr<T>): Expr<boolean> {
    return this.#compare('<>', value);
  }

  lt(value: NonNullable<T> | Expr<T>): Expr<boolean> {
    return this.#compare('<', value);
  }

  lte(value: NonNullable<T> | Expr<T>): Expr<boolean> {
    return this.#compare('<=', value);
  }

  gt(value: NonNullable<T> | Expr<T>): Expr<boolean> {
    return this.#compare('>', value);
  }

  gte(value: NonNullable<T> | Expr<T>): Expr<boolean> {
    return this.#compare('>=', value);
  }

  like(pattern: string): Expr<boolean> {
    return new Expr(() => ({ kind: 'binary', operator: 'LIKE', left: this.node, right: toExpression(pattern) }));
  }

  in(values: readonly NonNullable<T>[]): Expr<boolean> {
    return new Expr(() => ({
      kind: 'in',
      operand: this.node,
      values: values.map((value) => this.#operand(value)),
      negated: false,
    }));
  }

  notIn(values: readonly NonNullable<T>[]): Expr<boolean> {
    return new Expr(() => ({
      kind: 'in',
      operand: this.node,
      values: values.map((value) => this.#operand(value)),
      negated: true,
    }));
  }

  isNull(): Expr<boolean> {
    return new Expr(() => ({ kind: 'isNull', operand: this.node, negated: false }));
  }

  isNotNull(): Expr<boolean> {
    return new Expr(() => ({ kind: 'isNull', operand: this.node, negated: true }));
  }

  and(...others: readonly Expr<boolean>[]): Expr<boolean> {
    return new Expr(() => ({ kind: 'and', operands: [this.node, ...others.map((other) => other.node)] }));
  }

  or(...others: readonly Expr<boolean>[]): Expr<boolean> {
    return new Expr(() => ({ kind: 'or', operands: [this.node, ...others.map((other) => other.node)] }));
  }

  not(): Expr<boolean> {
    return new Expr(() => ({ kind: 'not', operand: this.node }));
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
    return new Expr(() => ({ kind: 'binary', operator, left: this.node, right: this.#operand(value) }));
  }

  #operand(value: unknown): Expression {
    return toExpression(this.#toDb === undefined || isExpr(value) ? value : this.#toDb(value as never));
  }
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

/** SQL functions. `fn.now()` is portable; `fn.call('lower', User.c.email)` names any other. */
export const fn: {
  now(): Expr<Date>;
  call<T = unknown>(name: string, ...args: readonly unknown[]): Expr<T>;
} = {
  now: () => new Expr<Date>({ kind: 'now' }),
  call: <T>(name: string, ...args: readonly unknown[]) =>
    new Expr<T>(() => ({ kind: 'call', name, args: args.map(toExpression) })),
};

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
