/** Statements that write by criteria or many rows at a time, past the unit of work. Each method gives a new statement. */
import { AludelError } from '../../errors.js';
import { type Condition, givenConditions } from '../../schema/expressions/conditions.js';
import type { Expr } from '../../schema/expressions/expr.js';
import { type ColumnValue, TableDefinition } from '../../schema/metadata.js';
import type { Columns, RequiredColumn } from '../mapping/model-class.js';
import { definitionOf } from './alias.js';
import type { Select, Selectable, SelectedValue } from './select.js';

/** What rows go into: a model, or a table without one. */
export type WriteTarget<S> = ModelWith<S> | TableDefinition<S & Columns>;

interface ModelWith<S> {
  readonly table: { readonly columns: S };
}

type OrSql<T> = T | Expr<T> | Expr<NonNullable<T>>;

/** A row to insert, by property name; values may be SQL. What is left out gets its default. */
export type InsertRow<S> = {
  readonly [K in keyof S as S[K] extends RequiredColumn ? K : never]: OrSql<ColumnValue<S[K]>>;
} & { readonly [K in keyof S]?: OrSql<ColumnValue<S[K]>> | undefined };

/** The rows of a query that are inserted: each property is a column. */
export type SelectedRow<S> = {
  readonly [K in keyof S as S[K] extends RequiredColumn ? K : never]: ColumnValue<S[K]>;
} & { readonly [K in keyof S]?: ColumnValue<S[K]> };

/** New values by property name; values may be SQL. `undefined` leaves a column alone. */
export type NewValues<S> = { readonly [K in keyof S]?: OrSql<ColumnValue<S[K]>> | undefined };

type AnyValues = Readonly<Record<string, unknown>>;

/** A row as the statement gives it: of one item itself, of several an array. */
export type Returned<I extends readonly Selectable[]> = I extends readonly [infer One]
  ? SelectedValue<One>
  : { -readonly [K in keyof I]: SelectedValue<I[K]> };

/** What becomes of a row that is there already: nothing, or these columns get values: those of the new row, or others. */
export type OnConflict<S> =
  | 'nothing'
  | {
      readonly set:
        | readonly (keyof S & string)[]
        | ((row: { readonly [K in keyof S]: Expr<ColumnValue<S[K]>> }) => NewValues<S>);
    };

export interface WriteParts {
  /** The model, or a table without one. */
  readonly target: unknown;
  readonly definition: TableDefinition;
  /** What the statement gives back; undefined for nothing. */
  readonly returning: readonly Selectable[] | undefined;
}

export interface InsertParts extends WriteParts {
  readonly rows: readonly AnyValues[];
  /** The query that gives the rows instead. */
  readonly source: Select<unknown> | undefined;
  readonly conflict: { readonly columns: readonly string[]; readonly action: OnConflict<AnyValues> } | undefined;
  /** True where the rows go past INSERT. */
  readonly isBulk: boolean;
}

export interface CriteriaParts extends WriteParts {
  readonly where: readonly Expr<boolean | null>[];
  /** Said in so many words: a filter that was left out by mistake must not meet all rows. */
  readonly isEveryRow: boolean;
  /** Undefined for a DELETE. */
  readonly set: AnyValues | undefined;
  readonly synchronize: boolean;
  /** False where rows that the session's criteria hide are meant too. */
  readonly obeysCriteria: boolean;
}

export interface CriteriaOptions {
  /** False leaves objects of the session as they are: for changes of very many rows. Default: true. */
  readonly synchronize?: boolean;
  /** False means rows that the session's criteria hide, too. Default: true. */
  readonly criteria?: boolean;
}

export class Insert<S, R = never> {
  /** Only for the type checker: a row that comes back. */
  declare readonly $row: R;
  declare readonly $columns: S;
  readonly parts: InsertParts;

  constructor(parts: InsertParts) {
    this.parts = parts;
  }

  values(...rows: readonly (InsertRow<S> | readonly InsertRow<S>[])[]): Insert<S, R> {
    return new Insert({ ...this.parts, rows: [...this.parts.rows, ...(rows.flat() as AnyValues[])] });
  }

  /**
   * Inserts the rows of a query, whose names are the columns, in one statement. Columns that it leaves out get what the
   * database has for them; `default()` is nothing that it knows.
   * @example insert(OldTicket).from(select({ id: Ticket.c.id, title: Ticket.c.title }).where(Ticket.c.closedAt.lt(date)))
   */
  from<T extends SelectedRow<S>>(query: Select<T, 'object'>): Insert<S, R> {
    return new Insert({ ...this.parts, source: query });
  }

  /**
   * What to do where a row with the same values of these columns is there. MySQL and MariaDB take any unique key of the
   * table for it.
   * @example insert(User).values(rows).onConflict(['email'], { set: ['name'] })
   * @example insert(Page).values(row).onConflict(['url'], { set: (row) => ({ visits: Page.c.visits.plus(row.visits) }) })
   */
  onConflict(columns: readonly (keyof S & string)[], action: OnConflict<S>): Insert<S, R> {
    return new Insert({ ...this.parts, conflict: { columns, action: action as OnConflict<AnyValues> } });
  }

  /**
   * `session.all()` gives the model's objects or columns, one for each row, in the order of the rows; with `onConflict` as the
   * rows are then, those that were there already too, each once.
   */
  returning<const I extends readonly [Selectable, ...Selectable[]]>(...items: I): Insert<S, Returned<I>> {
    return new Insert({ ...this.parts, returning: items });
  }
}

/** What UPDATE and DELETE have in common: which rows they are about. */
abstract class Criteria {
  readonly parts: CriteriaParts;

  constructor(parts: CriteriaParts) {
    this.parts = parts;
  }

  /** All of these must hold, and those of earlier calls; what is nothing is left out. */
  where(...conditions: readonly Condition[]): this {
    return this.changed({ where: [...this.parts.where, ...givenConditions(conditions)] });
  }

  /** Every row of the table is meant. */
  everyRow(): this {
    return this.changed({ isEveryRow: true });
  }

  with({
    synchronize = this.parts.synchronize,
    criteria: obeysCriteria = this.parts.obeysCriteria,
  }: CriteriaOptions): this {
    return this.changed({ synchronize, obeysCriteria });
  }

  protected changed(change: Partial<CriteriaParts>): this {
    return new (this.constructor as new (parts: CriteriaParts) => this)({ ...this.parts, ...change });
  }
}

export class Update<S, R = never> extends Criteria {
  declare readonly $row: R;
  declare readonly $columns: S;

  set(values: NewValues<S>): this {
    return this.changed({ set: { ...this.parts.set, ...values } });
  }

  /** `session.all()` gives the rows that were changed, in the order of their keys, as they are then. */
  returning<const I extends readonly [Selectable, ...Selectable[]]>(...items: I): Update<S, Returned<I>> {
    return new Update({ ...this.parts, returning: items });
  }
}

export class Delete<R = never> extends Criteria {
  declare readonly $row: R;

  /**
   * `session.all()` gives the rows that were deleted, as they were, in no order. MySQL, which has no such words, is asked for
   * them first, and locks them.
   * @example const [job] = await session.all(deleteFrom(Job).where(Job.c.id.eq(1)).returning(Job.c.payload));
   */
  returning<const I extends readonly [Selectable, ...Selectable[]]>(...items: I): Delete<Returned<I>> {
    return new Delete({ ...this.parts, returning: items });
  }
}

/** Any statement that writes. */
export interface Write {
  readonly parts: InsertParts | CriteriaParts;
}

/** One that gives rows back. */
export interface Returning<T> extends Write {
  readonly $row: T;
}

function open(target: unknown): WriteParts {
  const definition = target instanceof TableDefinition ? (target as TableDefinition) : definitionOf(target);
  return { target, definition, returning: undefined };
}

function criteria(target: unknown): CriteriaParts {
  return { ...open(target), where: [], isEveryRow: false, set: undefined, synchronize: true, obeysCriteria: true };
}

/**
 * Inserts rows past the unit of work: no relations, no events of objects.
 * @example await session.run(insert(Ticket).values(rows));
 * @example const tickets = await session.all(insert(Ticket).values(rows).returning(Ticket));
 */
export function insert<S>(target: WriteTarget<S>): Insert<S> {
  return new Insert<S>({ ...open(target), rows: [], source: undefined, conflict: undefined, isBulk: false });
}

/**
 * Updates the rows that meet conditions; objects of the session follow. Versions count up and `onUpdate()` is honoured.
 * @example const { rowCount } = await session.run(update(Ticket).where(Ticket.c.id.in(ids)).set({ status: 'closed' }));
 */
export function update<S>(target: WriteTarget<S>): Update<S> {
  return new Update<S>(criteria(target));
}

/**
 * Deletes the rows that meet conditions; objects of the session follow. What refers to them is the database's affair:
 * cascades of relations are not looked at.
 * @example await session.run(deleteFrom(Ticket).where(Ticket.c.status.eq('closed')));
 */
export function deleteFrom(target: WriteTarget<unknown>): Delete {
  return new Delete(criteria(target));
}

/** @throws AludelError ALUDEL_USAGE where a statement would meet every row without saying so. */
export function checkCriteria({ where, isEveryRow, definition, set }: CriteriaParts): void {
  if (where.length > 0 || isEveryRow) return;
  const table = definition.tableName.name;
  throw new AludelError(
    'ALUDEL_USAGE',
    `The ${set === undefined ? 'delete' : 'update'} of "${table}" has no condition.`,
    {
      hint: 'Add .where(...): what is undefined there is left out. Say .everyRow() if every row is meant.',
      details: { table },
    },
  );
}
