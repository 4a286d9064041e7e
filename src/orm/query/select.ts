/** Queries: what rows are made of, where they come from, which of them. Each method gives a new query. */
import { AludelError } from '../../errors.js';
import { type Condition, givenConditions } from '../../schema/expressions/conditions.js';
import { Expr, type Ordering } from '../../schema/expressions/expr.js';
import type { Expression } from '../../schema/expressions/expression.js';
import { TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import { checkOptions, type KnownOptions } from '../../util/known-options.js';
import type { QueryOption } from '../loading/loaders.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { RelationAttribute } from '../mapping/relation-attribute.js';
import { Alias, definitionOf, type ModelOf } from './alias.js';
import { QueryValue, Subquery, type SubqueryKind } from './subquery.js';

/** What a row may be made of: objects, columns and expressions. */
export type Selectable = ModelOf<unknown> | Alias<unknown> | Expr<unknown>;

/** What a row holds for one of these. */
export type SelectedValue<S> =
  S extends Expr<infer T> ? T : S extends Alias<infer T> ? T : S extends ModelOf<infer T> ? T : never;

/** What a row is: the value itself, an array of them, or an object of them. */
export type Form = 'value' | 'tuple' | 'object';

/**
 * Rows whose objects of the class `Q` may be missing. Objects are told apart by the names of what they hold: comparing
 * models as a whole would follow every relation of theirs. Two models with the same names are both taken for missing.
 */
export type WithoutSome<T, F extends Form, Q> = F extends 'value'
  ? T
  : { [K in keyof T]: keyof Q extends keyof T[K] ? T[K] | null : T[K] };

/** A table that a query may take rows from. */
export type Joinable<Q> = ModelOf<Q> | Alias<Q> | Subquery<Q>;

/** A table without a model, as `metadata.table()` gives it. */
type PlainTable = TableDefinition;

type JoinTarget = RelationAttribute<never, unknown> | Joinable<unknown> | PlainTable;

export interface Join {
  readonly type: 'inner' | 'left' | 'cross';
  /** The table: a definition, or an Alias. */
  readonly target: object;
  /** The relation that leads to it. */
  readonly along: RelationAttribute<never, unknown> | undefined;
  readonly on: Expr<boolean> | undefined;
}

export interface SelectParts {
  readonly items: readonly Selectable[];
  readonly form: Form;
  /** The names of the items in the statement, where they have one; of rows that are objects. */
  readonly labels: readonly string[];
  readonly from: readonly object[];
  readonly joins: readonly Join[];
  readonly where: readonly Expr<boolean | null>[];
  readonly groupBy: readonly Expr<unknown>[];
  readonly having: readonly Expr<boolean | null>[];
  readonly orderBy: readonly (Expr<unknown> | Ordering)[];
  /** Expressions: the first row of each list of their values. */
  readonly distinct: boolean | readonly Expr<unknown>[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
  readonly options: readonly QueryOption[];
  /** The columns that are read for the objects of items, where those are not all. */
  readonly columns?: ReadonlyMap<Selectable, readonly ColumnMap[]>;
  readonly lock: LockOptions | undefined;
  /** The queries whose rows are put together; what else the parts say is about all of them. */
  readonly compound: { readonly operator: CompoundOperator; readonly queries: readonly Select<unknown>[] } | undefined;
}

export type CompoundOperator = 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT';

export interface LockOptions {
  /** `share` lets others read, with a lock of their own. Default: `update`. */
  readonly mode?: 'update' | 'share';
  /** What to do where a row is locked: an error at once, or go without it. Default: wait, up to `lockTimeout`. */
  readonly wait?: 'nowait' | 'skipLocked';
  /** The tables whose rows are locked; MariaDB locks those of all. Default: all. */
  readonly of?: readonly Joinable<unknown>[];
}

const LOCK_OPTIONS: KnownOptions<LockOptions> = { mode: true, wait: true, of: true };

export class Select<T, F extends Form = Form> {
  /** Only for the type checker: a row. */
  declare readonly $row: T;
  declare readonly $form: F;
  readonly parts: SelectParts;

  constructor(parts: SelectParts) {
    this.parts = parts;
  }

  /** All of these must hold, and those of earlier calls; what is nothing is left out. */
  where(...conditions: readonly Condition[]): Select<T, F> {
    return this.#with({ where: [...this.parts.where, ...givenConditions(conditions)] });
  }

  /** Takes rows from a table that nothing else in the query names: `select(fn.count()).from(Ticket)`. */
  from(...tables: readonly (Joinable<unknown> | PlainTable)[]): Select<T, F> {
    return this.#with({ from: [...this.parts.from, ...tables.map(tableOf)] });
  }

  /**
   * Joins a table along a relation, under another name if one is given, or by a condition. A row comes once for each
   * related one: to ask whether there is any, use `any()` and `has()`.
   * @example select(User.c.name, fn.count(Ticket.c.id)).join(User.c.tickets).groupBy(User.c.id, User.c.name)
   */
  join<Q>(along: RelationAttribute<never, Q>, as?: Alias<Q>): Select<T, F>;
  join(target: Joinable<unknown> | PlainTable, on: Expr<boolean> | undefined): Select<T, F>;
  join(target: JoinTarget, how?: Alias<unknown> | Expr<boolean>): Select<T, F> {
    return this.#join('inner', target, how);
  }

  /** The same, with the rows that have no related one: the objects of `Q` are null there; for columns, see `orNull()`. */
  leftJoin<Q>(along: RelationAttribute<never, Q>, as?: Alias<Q>): Select<WithoutSome<T, F, Q>, F>;
  leftJoin<Q>(target: Joinable<Q>, on: Expr<boolean> | undefined): Select<WithoutSome<T, F, Q>, F>;
  leftJoin(target: PlainTable, on: Expr<boolean> | undefined): Select<T, F>;
  leftJoin(target: JoinTarget, how?: Alias<unknown> | Expr<boolean>): unknown {
    return this.#join('left', target, how);
  }

  /** Every row with every row of another table, on purpose: by accident it is an error. */
  crossJoin(target: Joinable<unknown> | PlainTable): Select<T, F> {
    return this.#join('cross', target);
  }

  groupBy(...expressions: readonly Expr<unknown>[]): Select<T, F> {
    return this.#with({ groupBy: [...this.parts.groupBy, ...expressions] });
  }

  /** Conditions on groups. */
  having(...conditions: readonly Condition[]): Select<T, F> {
    return this.#with({ having: [...this.parts.having, ...givenConditions(conditions)] });
  }

  orderBy(...order: readonly (Expr<unknown> | Ordering)[]): Select<T, F> {
    return this.#with({ orderBy: [...this.parts.orderBy, ...order] });
  }

  /** Rows that are equal in all they hold come once. */
  distinct(): Select<T, F> {
    return this.#with({ distinct: true });
  }

  /** PostgreSQL: of the rows with the same values of these, the first in the order of the query, which begins with them. */
  distinctOn(...expressions: readonly Expr<unknown>[]): Select<T, F> {
    return this.#with({ distinct: expressions });
  }

  /**
   * Locks the rows until the transaction ends; known objects are read again, but for their unsaved changes. SQLite locks the
   * database for sessions that write: nothing is sent there.
   */
  forUpdate(options: LockOptions = {}): Select<T, F> {
    return this.#with({ lock: checkOptions('forUpdate', options, LOCK_OPTIONS) });
  }

  /** The rows of this query and of others, each once. Order and limit are those of all; `as()` allows the rest. */
  union(...others: readonly Select<T>[]): Select<T, F> {
    return this.#compound('UNION', others);
  }

  /** The same, with rows that are equal as often as they come. */
  unionAll(...others: readonly Select<T>[]): Select<T, F> {
    return this.#compound('UNION ALL', others);
  }

  /** The rows that every query has. MySQL: from 8.0.31; so for `except`. */
  intersect(...others: readonly Select<T>[]): Select<T, F> {
    return this.#compound('INTERSECT', others);
  }

  /** The rows of this query that the others do not have. */
  except(...others: readonly Select<T>[]): Select<T, F> {
    return this.#compound('EXCEPT', others);
  }

  /** The query as a table in FROM: `const t = select({ ... }).as('t'); select(t.c.total).where(t.c.total.gt(1))`. */
  as(this: Select<T, 'object'>, name: string): Subquery<T> {
    return this.#table(name, 'derived');
  }

  /** The same, made anew for each row of the tables before it, which it may name. PostgreSQL, and MySQL from 8.0.14. */
  lateral(this: Select<T, 'object'>, name: string): Subquery<T> {
    return this.#table(name, 'lateral');
  }

  /** The query as a table in WITH, which every query that names it brings along. */
  cte(this: Select<T, 'object'>, name: string): Subquery<T> {
    return this.#table(name, 'cte');
  }

  /**
   * A table in WITH that goes on from its own rows: those of this query, and those that `step` adds to each round.
   * @example
   * const team = select({ id: User.c.id }).where(User.c.id.eq(1))
   *   .recursive('team', (team) => select({ id: User.c.id }).join(team, User.c.bossId.eq(team.c.id)));
   */
  recursive(
    this: Select<T, 'object'>,
    name: string,
    step: (rows: Subquery<T>) => Select<T, 'object'>,
    { distinct = false }: { readonly distinct?: boolean } = {},
  ): Subquery<T> {
    const table: Subquery<T> = this.#table(name, 'recursive', () => {
      const next = step(table);
      return distinct ? this.union(next) : this.unionAll(next);
    });
    return table;
  }

  /** The value of the only row, null without one, as a part of an expression. */
  scalar(this: Select<T, 'value'>): Expr<T | null> {
    const [item] = this.parts.items;
    const node = (): Expression => ({ kind: 'query', query: new QueryValue('scalar', this) });
    return item instanceof Expr ? Expr.like(item, node) : new Expr(node);
  }

  /** The query as a part of an expression, for `in()`. */
  get node(): Expression {
    return { kind: 'query', query: this };
  }

  /** @throws AludelError ALUDEL_USAGE where it is no whole number from 0; so does `offset`. */
  limit(count: number): Select<T, F> {
    return this.#with({ limit: checkCount('limit', count) });
  }

  offset(count: number): Select<T, F> {
    return this.#with({ offset: checkCount('offset', count) });
  }

  /**
   * What is loaded with the objects, and how.
   * @example select(Ticket).options(joined(Ticket.c.creator), selectin(Ticket.c.comments, selectin(Comment.c.author)))
   */
  options(...options: readonly QueryOption[]): Select<T, F> {
    return this.#with({ options: [...this.parts.options, ...options] });
  }

  /** What the rows are, for messages. */
  get label(): string {
    const names = this.parts.items.map((item, i) =>
      item instanceof Expr ? (this.parts.labels[i] ?? 'an expression') : `"${item.name}"`,
    );
    return names.length > 3 ? `${names.slice(0, 3).join(', ')} and more` : names.join(', ');
  }

  #table(name: string, kind: SubqueryKind, query: () => object = () => this): Subquery<T> {
    const { items, labels } = this.parts;
    const columns = items.map((item, i): [string, Expr<unknown>] => {
      if (item instanceof Expr) return [labels[i] ?? '', item];
      throw new AludelError('ALUDEL_USAGE', `The subquery "${name}" would hold objects of "${item.name}".`, {
        hint: 'Select columns and expressions; for objects there is alias(Model, name, query).',
      });
    });
    return new Subquery<T>(name, kind, Object.fromEntries(columns), query);
  }

  #compound(operator: CompoundOperator, others: readonly Select<T>[]): Select<T, F> {
    const { items, form, labels, options } = this.parts;
    return new Select<T, F>({
      ...NO_PARTS,
      items,
      form,
      labels,
      options,
      compound: { operator, queries: [this, ...others.map((each) => this.#ordered(each))] },
    });
  }

  /** Columns are told apart by their places: they stand in the order of the first query. */
  #ordered(other: Select<T>): Select<T> {
    const { labels } = this.parts;
    const items = labels.map((label) => other.parts.items[other.parts.labels.indexOf(label)]);
    if (labels.length === 0) return other;
    return new Select<T>({ ...other.parts, labels, items: items.filter((item) => item !== undefined) });
  }

  #join(type: Join['type'], target: JoinTarget, how?: Alias<unknown> | Expr<boolean>): Select<T, F> {
    const along = target instanceof RelationAttribute ? target : undefined;
    const table = target instanceof RelationAttribute ? (how ?? target.relation.target) : target;
    const on = how instanceof Expr ? how : undefined;
    if (type !== 'cross' && !(target instanceof RelationAttribute) && on === undefined) {
      throw new AludelError('ALUDEL_USAGE', `The join of "${nameOfTable(tableOf(target))}" has no condition.`, {
        hint: 'Pass one as the second argument, join along a relation, or call crossJoin() if every row is meant.',
      });
    }
    return this.#with({
      joins: [...this.parts.joins, { type, target: tableOf(table as Joinable<unknown> | PlainTable), along, on }],
    });
  }

  /** The same query with other parts. */
  #with(change: Partial<SelectParts>): Select<T, F> {
    const refused = Object.keys(change).find((name) => this.parts.compound !== undefined && !OF_ALL.has(name));
    if (refused !== undefined) {
      throw new AludelError('ALUDEL_USAGE', `Queries that are put together have no "${refused}" of their own.`, {
        hint: "Say it of each query, or make a table of all: query.as('t').",
      });
    }
    return new Select({ ...this.parts, ...change });
  }
}

/** What is said of queries that are put together. */
const OF_ALL: ReadonlySet<string> = new Set(['orderBy', 'limit', 'offset', 'options']);

const NO_PARTS: Omit<SelectParts, 'items' | 'form' | 'labels'> = {
  from: [],
  joins: [],
  where: [],
  groupBy: [],
  having: [],
  orderBy: [],
  distinct: false,
  limit: undefined,
  offset: undefined,
  options: [],
  lock: undefined,
  compound: undefined,
};

export function tableOf(table: Joinable<unknown> | PlainTable): object {
  const isTable = table instanceof Alias || table instanceof Subquery || table instanceof TableDefinition;
  return isTable ? table : definitionOf(table);
}

/** What a table of a query is called, for messages. */
export function nameOfTable(table: object): string {
  const isNamed = table instanceof Alias || table instanceof Subquery;
  return isNamed ? table.name : formatTableName((table as TableDefinition).tableName);
}

/** What comes from a request may be text or NaN whatever its type says, and would be a part of the statement. */
function checkCount(what: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new AludelError('ALUDEL_USAGE', `The ${what} of a query must be a whole number from 0.`, {
    hint: `Convert it first: .${what}(Number(text)).`,
  });
}

/**
 * A query. One model gives its objects, one expression its values; several give arrays, an object of them gives objects
 * with the same keys. `session.all`, `first`, `one`, `count` and `page` run it.
 * @example
 * select(Ticket).where(Ticket.c.status.eq('open'))
 * select(Ticket, User).join(Ticket.c.creator)
 * select({ status: Ticket.c.status, tickets: fn.count() }).groupBy(Ticket.c.status)
 */
export function select<T>(model: ModelOf<T>): Select<T, 'value'>;
export function select<S extends Selectable>(item: S): Select<SelectedValue<S>, 'value'>;
export function select<S extends readonly [Selectable, Selectable, ...(readonly Selectable[])]>(
  ...items: S
): Select<{ -readonly [K in keyof S]: SelectedValue<S[K]> }, 'tuple'>;
export function select<S extends Readonly<Record<string, Selectable>>>(
  items: S,
): Select<{ -readonly [K in keyof S]: SelectedValue<S[K]> }, 'object'>;
export function select(...items: readonly (Selectable | Readonly<Record<string, Selectable>>)[]): unknown {
  const [first] = items;
  const isObject =
    items.length === 1 && typeof first === 'object' && !(first instanceof Expr || first instanceof Alias);
  return new Select({
    items: isObject ? Object.values(first) : (items as readonly Selectable[]),
    form: isObject ? 'object' : items.length === 1 ? 'value' : 'tuple',
    labels: isObject ? Object.keys(first) : [],
    ...NO_PARTS,
  });
}

/** The same of any number of items: one value or an array a row. */
export function selectItems(items: readonly Selectable[]): Select<unknown> {
  return (select as (...items: readonly Selectable[]) => Select<unknown>)(...items);
}

/** True where the query has rows; it may name tables of the query around it. */
export function exists(query: Select<unknown>): Expr<boolean> {
  return new Expr<boolean>({ kind: 'query', query: new QueryValue('exists', query) }, undefined, 'boolean');
}
