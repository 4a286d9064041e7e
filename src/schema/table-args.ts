/** What stands beside the columns of a table: indexes and constraints, in models and in `op.createTable`. */
import { type Expr, isExpr, isOrdering, type Ordering } from './expressions/expr.js';
import type { Expression } from './expressions/expression.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { parseTableName, type TableReference } from './table-name.js';
import type {
  Constraint,
  Deferrable,
  ExclusionElement,
  ForeignKey,
  ForeignKeyAction,
  Index,
  IndexPart,
  TableName,
} from './table.js';

/** A column by database name, an expression, or one with a direction. */
export type IndexColumn = string | Expr<unknown> | Ordering;

/** Anything that may stand in a column list of a constraint. */
export type ColumnLike = string | Expr<unknown>;

export type TableArg =
  | IndexArg
  | ConstraintArg<'primaryKey'>
  | ConstraintArg<'unique'>
  | ForeignKeyArg
  | CheckArg
  | ExclusionArg;

export interface IndexOptions {
  readonly unique?: boolean;
  /** A partial index: only the rows for which this holds (PostgreSQL, SQLite). */
  readonly where?: Expr<unknown>;
  /** The access method, such as `gin`. Default: the database's own, a B-tree. */
  readonly method?: string;
  /** MySQL and MariaDB: how many characters are indexed, by column name. */
  readonly lengths?: Readonly<Record<string, number>>;
  /** PostgreSQL: columns that are carried along. */
  readonly include?: readonly string[];
  /** PostgreSQL 15+: two NULLs count as equal. Default: false. */
  readonly nullsNotDistinct?: boolean;
  /** PostgreSQL: storage parameters, such as `{ fillfactor: '70' }`, and `tablespace`. MySQL and MariaDB: `keyBlockSize` and `parser`. */
  readonly storage?: Readonly<Record<string, string>>;
  /** MySQL (INVISIBLE) and MariaDB 10.6+ (IGNORED): kept up to date, and used by no query. Default: false. */
  readonly invisible?: boolean;
  /** PostgreSQL, of a partitioned table: no partition gets its part, but for these indexes, as SQL. Default: every partition does. */
  readonly only?: readonly string[];
  /** PostgreSQL, of a partition: the name of what it has from its table, where it is not the server's. Default: false. */
  readonly inherited?: boolean;
  /** PostgreSQL, MySQL and MariaDB. */
  readonly comment?: string;
}

/** An index under construction; every method returns a new one. */
export class IndexArg {
  readonly kind = 'index';
  readonly indexName: string | null;
  readonly columns: readonly IndexColumn[];
  readonly options: IndexOptions;

  constructor(indexName: string | null, columns: readonly IndexColumn[], options: IndexOptions) {
    this.indexName = indexName;
    this.columns = columns;
    this.options = checkOptions('index', options, INDEX_OPTIONS);
  }

  name(name: string): IndexArg {
    return new IndexArg(name, this.columns, this.options);
  }

  unique(): IndexArg {
    return new IndexArg(this.indexName, this.columns, { ...this.options, unique: true });
  }

  where(condition: Expr<unknown>): IndexArg {
    return new IndexArg(this.indexName, this.columns, { ...this.options, where: condition });
  }

  using(method: string): IndexArg {
    return new IndexArg(this.indexName, this.columns, { ...this.options, method });
  }

  get parts(): IndexPart[] {
    return this.columns.map((column) => indexPart(column, this.options.lengths ?? {}));
  }
}

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
}

/** What PostgreSQL lets keys say besides their columns. */
export interface KeyOptions {
  /** Checked at the end of the statement, or at COMMIT. Default: row by row, and always. */
  readonly deferrable?: Deferrable;
  /** Columns that its index carries along. */
  readonly include?: readonly string[];
  /** PostgreSQL 18: the last column is a range, and no two of them overlap. Default: false. */
  readonly period?: boolean;
  /** PostgreSQL: storage parameters of its index, such as `{ fillfactor: '70' }`, and its `tablespace`. */
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
export const INDEX_OPTIONS: KnownOptions<IndexOptions> = {
  unique: true,
  where: true,
  method: true,
  lengths: true,
  include: true,
  nullsNotDistinct: true,
  storage: true,
  invisible: true,
  only: true,
  inherited: true,
  comment: true,
};
const KNOWN: {
  readonly primaryKey: KnownOptions<Named<PrimaryKeyOptions>>;
  readonly unique: KnownOptions<Named<UniqueOptions>>;
  readonly foreignKey: KnownOptions<Named<ForeignKeyOptions>>;
  readonly check: KnownOptions<CheckOptions>;
  readonly exclusion: KnownOptions<Named<ExclusionOptions>>;
} = {
  primaryKey: { ...KNOWN_OF_KEY, nullable: true },
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
    comment: true,
    name: true,
  },
  check: { noInherit: true, notValid: true, notEnforced: true, comment: true },
  exclusion: {
    method: true,
    where: true,
    deferrable: true,
    include: true,
    storage: true,
    comment: true,
    name: true,
  },
};

type Named<T> = T & { readonly name?: string };

/**
 * An index. In models `index(Ticket.c.status, Ticket.c.createdAt)`, named by the convention; in migration files
 * `index('ix_tickets_status', ['status', 'created_at'], { unique: true })`.
 */
export function index(name: string, columns: readonly IndexColumn[], options?: IndexOptions): IndexArg;
export function index(...columns: readonly (Expr<unknown> | Ordering)[]): IndexArg;
export function index(...args: readonly unknown[]): IndexArg {
  if (isNamed(args)) return new IndexArg(args[0], args[1], args[2] ?? {});
  return new IndexArg(null, args.filter(isIndexColumn), {});
}

function isNamed(args: readonly unknown[]): args is readonly [string, readonly IndexColumn[], IndexOptions?] {
  return typeof args[0] === 'string' && Array.isArray(args[1]);
}

function isIndexColumn(value: unknown): value is IndexColumn {
  return isExpr(value) || isOrdering(value);
}

/** A primary key of the columns named. `name` is the constraint's name; default: by the convention. */
export function primaryKey(
  columns: readonly ColumnLike[],
  options: Named<PrimaryKeyOptions> = {},
): ConstraintArg<'primaryKey'> {
  checkOptions('primaryKey', options, KNOWN.primaryKey);
  return { kind: 'primaryKey', name: options.name ?? null, columns, options };
}

/** A unique constraint over the columns named. */
export function unique(columns: readonly ColumnLike[], options: Named<UniqueOptions> = {}): ConstraintArg<'unique'> {
  checkOptions('unique', options, KNOWN.unique);
  return { kind: 'unique', name: options.name ?? null, columns, options };
}

/** A foreign key of one or several columns to the columns of another table. */
export function foreignKey(
  columns: readonly ColumnLike[],
  table: TableReference,
  targetColumns: readonly string[],
  options: Named<ForeignKeyOptions> = {},
): ForeignKeyArg {
  checkOptions('foreignKey', options, KNOWN.foreignKey);
  return {
    kind: 'foreignKey',
    name: options.name ?? null,
    columns,
    target: parseTableName(table),
    targetColumns,
    options,
  };
}

/**
 * A check. In models the name goes through the naming convention; in migration files it is final, and `null` stands for
 * none.
 */
export function check(name: string | null, expression: Expr<unknown>, options: CheckOptions = {}): CheckArg {
  return { kind: 'check', name, expression, options: checkOptions('check', options, KNOWN.check) };
}

/**
 * An exclusion constraint (PostgreSQL): no two rows for which every operator holds.
 * @example exclusion([['room', '='], ['period', '&&']], { name: 'ex_bookings_room' })
 */
export function exclusion(elements: readonly ExclusionPart[], options: Named<ExclusionOptions> = {}): ExclusionArg {
  checkOptions('exclusion', options, KNOWN.exclusion);
  return { kind: 'exclusion', name: options.name ?? null, elements, options };
}

/** The database name of a column in a constraint's list. */
export function columnName(column: ColumnLike): string {
  if (typeof column === 'string') return column;
  const { node } = column;
  if (node.kind !== 'column') throw new TypeError('a constraint takes columns, not expressions');
  return node.name;
}

function indexPart(column: IndexColumn, lengths: Readonly<Record<string, number>>): IndexPart {
  const expression: Expression =
    typeof column === 'string'
      ? { kind: 'column', name: column }
      : isOrdering(column)
        ? column.expression.node
        : column.node;
  const length = expression.kind === 'column' ? (lengths[expression.name] ?? null) : null;
  if (!isOrdering(column)) return { expression, descending: false, length };
  const { descending, options } = column;
  const { nulls, ...rest } = options;
  const isUsual = nulls === (descending ? 'first' : 'last');
  return { expression, descending, length, ...rest, ...(nulls === undefined || isUsual ? {} : { nulls }) };
}

/** The schema's index for a declared one. */
export function toIndex(name: string, { parts, options }: IndexArg): Index {
  const { unique: isUnique = false, where, method = null, comment } = options;
  const { include = [], nullsNotDistinct = false, storage = {}, invisible = false, only, inherited = false } = options;
  return {
    name,
    unique: isUnique,
    parts,
    where: where?.node ?? null,
    method,
    definition: null,
    ...(include.length === 0 ? {} : { include }),
    ...(nullsNotDistinct ? { nullsNotDistinct } : {}),
    ...(Object.keys(storage).length === 0 ? {} : { storage }),
    ...(invisible ? { invisible } : {}),
    ...(only === undefined ? {} : { only }),
    ...(inherited ? { inherited } : {}),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** The schema's constraint for a declared one whose name is final. */
export function toConstraint(arg: Exclude<TableArg, IndexArg>): Constraint {
  const { comment, notValid, notEnforced, period, deferrable } = {
    notValid: false,
    notEnforced: false,
    period: false,
    deferrable: undefined,
    ...arg.options,
  };
  const extras = {
    ...(period ? { period: true as const } : {}),
    ...(notValid ? { notValid: true as const } : {}),
    ...(notEnforced ? { notEnforced: true as const } : {}),
    ...(comment === undefined ? {} : { comment }),
  };
  const { kind, name } = arg;
  switch (kind) {
    case 'check': {
      const { expression, options } = arg;
      const { noInherit = false } = options;
      return { kind, name, expression: expression.node, ...(noInherit ? { noInherit } : {}), ...extras };
    }
    case 'foreignKey': {
      const { target, targetColumns, options } = arg;
      return {
        kind,
        name,
        columns: arg.columns.map(columnName),
        target,
        targetColumns,
        onDelete: options.onDelete ?? 'no action',
        ...(options.onDeleteColumns === undefined ? {} : { onDeleteColumns: options.onDeleteColumns }),
        onUpdate: options.onUpdate ?? 'no action',
        deferrable: deferrable ?? null,
        ...saidNoAction(options),
        ...(options.match === undefined ? {} : { match: options.match }),
        ...extras,
      };
    }
    case 'exclusion': {
      const { method = 'gist', where, include = [], storage = {} } = arg.options;
      const elements = arg.elements.map(([column, operator, opclass]): ExclusionElement => {
        const { expression, descending, length: _length, ...said } = indexPart(column, {});
        return {
          expression,
          operator,
          ...(descending ? { descending } : {}),
          ...said,
          ...(opclass === undefined ? {} : { opclass }),
        };
      });
      const rest = {
        ...(deferrable === undefined ? {} : { deferrable }),
        ...(include.length === 0 ? {} : { include }),
        ...(Object.keys(storage).length === 0 ? {} : { storage }),
        ...extras,
      };
      return { kind, name, method, elements, where: where?.node ?? null, ...rest };
    }
    default: {
      const { include = [], storage = {}, method, only, inherited = false } = arg.options;
      const { nullsNotDistinct = false } = { nullsNotDistinct: false, ...arg.options };
      return {
        kind,
        name,
        columns: arg.columns.map(columnName),
        ...(deferrable === undefined ? {} : { deferrable }),
        ...(include.length === 0 ? {} : { include }),
        ...(Object.keys(storage).length === 0 ? {} : { storage }),
        ...(method === undefined ? {} : { method }),
        ...(only === undefined ? {} : { only }),
        ...(inherited ? { inherited } : {}),
        ...(kind === 'unique' && nullsNotDistinct ? { nullsNotDistinct } : {}),
        ...extras,
      } as Constraint;
    }
  }
}

/** What is written out though it says nothing: two options that are absent are another thing. */
export function saidNoAction(
  options: Pick<ForeignKeyOptions, 'onDelete' | 'onUpdate'>,
): Pick<ForeignKey, 'saysNoAction'> {
  const [onDelete, onUpdate] = [options.onDelete === 'no action', options.onUpdate === 'no action'];
  if (!onDelete && !onUpdate) return {};
  return { saysNoAction: onDelete && onUpdate ? 'both' : onDelete ? 'delete' : 'update' };
}
