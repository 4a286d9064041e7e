/** What stands beside the columns of a table: indexes and constraints, in models and in `op.createTable`. */
import type { Expr } from './expressions/expr.js';
import type { IndexArg, IndexColumn } from './index-arg.js';
import { checkActions, checkColumns, checkExpression, checkNames } from './check-parts.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { parseTableName, type TableReference } from './table-name.js';
import type { Deferrable, ForeignKeyAction, TableName } from './table.js';

/** Anything that may stand in a column list of a constraint. */
export type ColumnLike = string | Expr<unknown>;

export type TableArg =
  | IndexArg
  | ConstraintArg<'primaryKey'>
  | ConstraintArg<'unique'>
  | ForeignKeyArg
  | CheckArg
  | ExclusionArg;

export interface ConstraintArg<K extends 'primaryKey' | 'unique'> {
  readonly kind: K;
  readonly name: string | null;
  readonly columns: readonly ColumnLike[];
  readonly options: K extends 'unique' ? UniqueOptions : PrimaryKeyOptions;
}

/** What a primary key can say besides its columns. */
export interface PrimaryKeyOptions extends KeyOptions {
  /** SQLite: columns that do not say `.notNull()` take NULL, as they do there. Default: false. */
  readonly nullable?: boolean;
  /** MySQL and MariaDB: how many characters of a column count, by its name. Default: all of them. */
  readonly lengths?: Readonly<Record<string, number>>;
  /** MySQL and MariaDB: the columns by which it is sorted from the end. Default: none. */
  readonly descending?: readonly string[];
}

/** What PostgreSQL lets keys say besides their columns. */
export interface KeyOptions {
  /** Checked at the end of the statement, or at COMMIT. Default: row by row, and always. */
  readonly deferrable?: Deferrable;
  /** Columns that its index carries along. */
  readonly include?: readonly string[];
  /** PostgreSQL 18: the last column is a range, and no two of them overlap. Default: false. */
  readonly period?: boolean;
  /** As of an index: PostgreSQL's `{ fillfactor: '70' }`, MariaDB's `{ withoutOverlaps: 'validity' }`. */
  readonly storage?: Readonly<Record<string, string>>;
  /** MySQL and MariaDB: `btree`, to say the access method. Default: not said. */
  readonly method?: string;
  /** PostgreSQL, of a partitioned table: as for indexes. */
  readonly only?: readonly string[];
  readonly comment?: string;
  /** PostgreSQL, of a partition: the name of what it has from its table, where it is not the server's. Default: false. */
  readonly inherited?: boolean;
}

export interface UniqueOptions extends KeyOptions {
  /** Two NULLs count as equal (PostgreSQL 15+). Default: false. */
  readonly nullsNotDistinct?: boolean;
}

/** What a check can say besides its expression: PostgreSQL, but for `notEnforced`. */
export interface CheckOptions {
  /** Does not hold for tables that inherit from this one. Default: false. */
  readonly noInherit?: boolean;
  /** Rows that were there before are not checked. Default: false. */
  readonly notValid?: boolean;
  /** PostgreSQL 18 and MySQL: no row is checked. Default: false. */
  readonly notEnforced?: boolean;
  /** PostgreSQL, of a partition: it is that of its table. Default: false. */
  readonly inherited?: boolean;
  readonly comment?: string;
}

export interface ForeignKeyArg {
  readonly kind: 'foreignKey';
  readonly name: string | null;
  readonly columns: readonly ColumnLike[];
  readonly target: TableName;
  readonly targetColumns: readonly string[];
  readonly options: ForeignKeyOptions;
}

export interface CheckArg {
  readonly kind: 'check';
  readonly name: string | null;
  readonly expression: Expr<unknown>;
  readonly options: CheckOptions;
}

export interface ExclusionArg {
  readonly kind: 'exclusion';
  readonly name: string | null;
  readonly elements: readonly ExclusionPart[];
  readonly options: ExclusionOptions;
}

/**
 * A column or expression, also with a direction, collation or operator class as in an index, and the operator that must not
 * hold. The operator class may come last instead.
 */
export type ExclusionPart = readonly [expression: IndexColumn, operator: string, opclass?: string];

export interface ExclusionOptions {
  /** The access method of the index. Default: `gist`. */
  readonly method?: string;
  /** Only the rows for which this holds. */
  readonly where?: Expr<unknown>;
  readonly deferrable?: Deferrable;
  /** Columns that its index carries along. */
  readonly include?: readonly string[];
  /** Storage parameters of its index, such as `{ fillfactor: '70' }`, and its `tablespace`. */
  readonly storage?: Readonly<Record<string, string>>;
  /** PostgreSQL, of a partition: it is that of its table. Default: false. */
  readonly inherited?: boolean;
  readonly comment?: string;
}

export interface ForeignKeyOptions {
  /** Default: `no action`, unsaid where the database keeps what is said. */
  readonly onDelete?: ForeignKeyAction;
  /** PostgreSQL 15+: of its columns, those that `set null` or `set default` is about. Default: all. */
  readonly onDeleteColumns?: readonly string[];
  /** Default: as for `onDelete`. */
  readonly onUpdate?: ForeignKeyAction;
  readonly deferrable?: Deferrable;
  /** PostgreSQL: either all columns are NULL or none. */
  readonly match?: 'full';
  /** PostgreSQL 18: the last column is a range, which those of the rows that it refers to cover. Default: false. */
  readonly period?: boolean;
  /** PostgreSQL: rows that were there before are not checked. Default: false. */
  readonly notValid?: boolean;
  /** PostgreSQL 18: no row is checked. Default: false. */
  readonly notEnforced?: boolean;
  /** PostgreSQL, of a partition: it is that of its table. Default: false. */
  readonly inherited?: boolean;
  /** PostgreSQL. */
  readonly comment?: string;
}

const KNOWN_OF_KEY = {
  deferrable: true,
  include: true,
  period: true,
  storage: true,
  method: true,
  only: true,
  inherited: true,
  comment: true,
  name: true,
} as const;
const KNOWN: {
  readonly primaryKey: KnownOptions<Named<PrimaryKeyOptions>>;
  readonly unique: KnownOptions<Named<UniqueOptions>>;
  readonly foreignKey: KnownOptions<Named<ForeignKeyOptions>>;
  readonly check: KnownOptions<CheckOptions>;
  readonly exclusion: KnownOptions<Named<ExclusionOptions>>;
} = {
  primaryKey: { ...KNOWN_OF_KEY, nullable: true, lengths: true, descending: true },
  unique: { ...KNOWN_OF_KEY, nullsNotDistinct: true },
  foreignKey: {
    onDelete: true,
    onDeleteColumns: true,
    onUpdate: true,
    deferrable: true,
    match: true,
    period: true,
    notValid: true,
    notEnforced: true,
    inherited: true,
    comment: true,
    name: true,
  },
  check: { noInherit: true, notValid: true, notEnforced: true, inherited: true, comment: true },
  exclusion: {
    method: true,
    where: true,
    deferrable: true,
    include: true,
    storage: true,
    inherited: true,
    comment: true,
    name: true,
  },
};

type Named<T> = T & { readonly name?: string };

/** A primary key of the columns named. `name` is the constraint's name; default: by the convention. */
export function primaryKey(
  columns: readonly ColumnLike[],
  options: Named<PrimaryKeyOptions> = {},
): ConstraintArg<'primaryKey'> {
  checkOptions('primaryKey', options, KNOWN.primaryKey);
  return { kind: 'primaryKey', name: options.name ?? null, columns: checkColumns('primaryKey', columns), options };
}

/** A unique constraint over the columns named. */
export function unique(columns: readonly ColumnLike[], options: Named<UniqueOptions> = {}): ConstraintArg<'unique'> {
  checkOptions('unique', options, KNOWN.unique);
  return { kind: 'unique', name: options.name ?? null, columns: checkColumns('unique', columns), options };
}

/** A foreign key of one or several columns to the columns of another table. */
export function foreignKey(
  columns: readonly ColumnLike[],
  table: TableReference,
  targetColumns: readonly string[],
  options: Named<ForeignKeyOptions> = {},
): ForeignKeyArg {
  checkOptions('foreignKey', options, KNOWN.foreignKey);
  checkActions('foreignKey', options);
  return {
    kind: 'foreignKey',
    name: options.name ?? null,
    columns: checkColumns('foreignKey', columns),
    target: parseTableName(table),
    targetColumns: checkNames('foreignKey', targetColumns),
    options,
  };
}

/**
 * A check. In models the name goes through the naming convention; in migration files it is final, and `null` stands for
 * none.
 */
export function check(name: string | null, expression: Expr<unknown>, options: CheckOptions = {}): CheckArg {
  checkOptions('check', options, KNOWN.check);
  return { kind: 'check', name, expression: checkExpression('check', expression), options };
}

/**
 * An exclusion constraint (PostgreSQL): no two rows for which every operator holds.
 * @example exclusion([['room', '='], ['period', '&&']], { name: 'ex_bookings_room' })
 */
export function exclusion(elements: readonly ExclusionPart[], options: Named<ExclusionOptions> = {}): ExclusionArg {
  checkOptions('exclusion', options, KNOWN.exclusion);
  return { kind: 'exclusion', name: options.name ?? null, elements, options };
}
