/** An index, in models and in `op.createTable`. */
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { checkIndexColumns } from './check-parts.js';
import type { Expr, Ordering } from './expressions/expr.js';

/** A column by database name, an expression, or one with a direction. */
export type IndexColumn = string | Expr<unknown> | Ordering;

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
    this.columns = checkIndexColumns(columns);
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
}

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

/**
 * An index. In models `index(Ticket.c.status, Ticket.c.createdAt)`, named by the convention; in migration files
 * `index('ix_tickets_status', ['status', 'created_at'], { unique: true })`.
 */
export function index(name: string, columns: readonly IndexColumn[], options?: IndexOptions): IndexArg;
export function index(...columns: readonly (Expr<unknown> | Ordering)[]): IndexArg;
export function index(...args: readonly unknown[]): IndexArg {
  if (isNamed(args)) return new IndexArg(args[0], args[1], args[2] ?? {});
  return new IndexArg(null, args as readonly IndexColumn[], {});
}

function isNamed(args: readonly unknown[]): args is readonly [string, readonly IndexColumn[], IndexOptions?] {
  return typeof args[0] === 'string' && Array.isArray(args[1]);
}
