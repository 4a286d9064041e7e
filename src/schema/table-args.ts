/** What stands beside the columns of a table: indexes and constraints, in models and in `op.createTable`. */
import { type Expr, isExpr, isOrdering, type Ordering } from './expressions/expr.js';
import type { Expression } from './expressions/expression.js';
import { parseTableName, type TableReference } from './table-name.js';
import type { Check, ForeignKey, ForeignKeyAction, IndexPart, PrimaryKey, TableName, Unique } from './table.js';

/** A column by database name, an expression, or one with a direction. */
export type IndexColumn = string | Expr<unknown> | Ordering;

/** Anything that may stand in a column list of a constraint. */
export type ColumnLike = string | Expr<unknown>;

export type TableArg = IndexArg | ConstraintArg<'primaryKey'> | ConstraintArg<'unique'> | ForeignKeyArg | CheckArg;

export interface IndexOptions {
  readonly unique?: boolean;
  /** A partial index: only the rows for which this holds (PostgreSQL, SQLite). */
  readonly where?: Expr<unknown>;
  /** The access method, such as `gin`. Default: the database's own, a B-tree. */
  readonly method?: string;
  /** MySQL and MariaDB: how many characters are indexed, by column name. */
  readonly lengths?: Readonly<Record<string, number>>;
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
    this.options = options;
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
  readonly name: string;
  readonly expression: Expr<unknown>;
}

export interface ForeignKeyOptions {
  /** Default: `no action`. */
  readonly onDelete?: ForeignKeyAction;
  /** Default: `no action`. */
  readonly onUpdate?: ForeignKeyAction;
  readonly deferrable?: 'immediate' | 'deferred';
}

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
  options: { readonly name?: string } = {},
): ConstraintArg<'primaryKey'> {
  return { kind: 'primaryKey', name: options.name ?? null, columns };
}

/** A unique constraint over the columns named. */
export function unique(
  columns: readonly ColumnLike[],
  options: { readonly name?: string } = {},
): ConstraintArg<'unique'> {
  return { kind: 'unique', name: options.name ?? null, columns };
}

/** A foreign key of one or several columns to the columns of another table. */
export function foreignKey(
  columns: readonly ColumnLike[],
  table: TableReference,
  targetColumns: readonly string[],
  options: ForeignKeyOptions & { readonly name?: string } = {},
): ForeignKeyArg {
  return {
    kind: 'foreignKey',
    name: options.name ?? null,
    columns,
    target: parseTableName(table),
    targetColumns,
    options,
  };
}

/** A check. In models the name goes through the naming convention; in migration files it is final. */
export function check(name: string, expression: Expr<unknown>): CheckArg {
  return { kind: 'check', name, expression };
}

/** The database name of a column in a constraint's list. */
export function columnName(column: ColumnLike): string {
  if (typeof column === 'string') return column;
  const { node } = column;
  if (node.kind !== 'column') throw new TypeError('a constraint takes columns, not expressions');
  return node.name;
}

export function indexPart(column: IndexColumn, lengths: Readonly<Record<string, number>>): IndexPart {
  const expression: Expression =
    typeof column === 'string'
      ? { kind: 'column', name: column }
      : isOrdering(column)
        ? column.expression.node
        : column.node;
  const length = expression.kind === 'column' ? (lengths[expression.name] ?? null) : null;
  return { expression, descending: isOrdering(column) && column.descending, length };
}

/** The schema's constraint for a declared one whose name is final. */
export function toConstraint(arg: Exclude<TableArg, IndexArg>): PrimaryKey | Unique | ForeignKey | Check {
  switch (arg.kind) {
    case 'check':
      return { kind: 'check', name: arg.name, expression: arg.expression.node };
    case 'foreignKey':
      return {
        kind: 'foreignKey',
        name: arg.name,
        columns: arg.columns.map(columnName),
        target: arg.target,
        targetColumns: arg.targetColumns,
        onDelete: arg.options.onDelete ?? 'no action',
        onUpdate: arg.options.onUpdate ?? 'no action',
        deferrable: arg.options.deferrable ?? null,
      };
    default:
      return { kind: arg.kind, name: arg.name, columns: arg.columns.map(columnName) };
  }
}
