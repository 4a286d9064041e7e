/** What the methods of `op` can be told besides what they are about. */
import type { ColumnBuilder, IdentityOptions } from '../schema/column-builder.js';
import type { Expr } from '../schema/expressions/expr.js';
import { INDEX_OPTIONS, type IndexOptions } from '../schema/index-arg.js';
import type { Constraint, NotNullManner } from '../schema/table.js';
import type { ColumnArg } from './column-arg.js';
import { type KnownOptions } from '../util/known-options.js';
import type { OnlineDdl } from './operation.js';

export interface CreateTableOptions {
  readonly comment?: string;
  /** A table of this name, whatever it looks like, is left as it is. Default: false, an error. */
  readonly ifNotExists?: boolean;
  /** Options in the database's own words, such as `{ strict: true }` on SQLite. */
  readonly options?: Readonly<Record<string, string | boolean>>;
}

export interface PinnedOptions {
  /** MySQL and MariaDB: how ALTER TABLE is carried out, such as `{ algorithm: 'instant' }`. Default: the server decides. */
  readonly mysql?: OnlineDdl;
}

export interface AddColumnOptions extends PinnedOptions {
  /** A column of this name is left as it is (PostgreSQL, MariaDB). Default: false, an error. */
  readonly ifNotExists?: boolean;
}

export interface DropOptions extends PinnedOptions {
  /** What is not there need not be dropped (columns and constraints: PostgreSQL, MariaDB). Default: false, an error. */
  readonly ifExists?: boolean;
}

export interface ConcurrentOptions {
  /**
   * PostgreSQL: others go on writing meanwhile. It runs outside the transaction: what came before is committed. Default: false.
   * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
   */
  readonly concurrently?: boolean;
}

export interface CreateIndexOptions extends IndexOptions, ConcurrentOptions, PinnedOptions {
  /** An index of this name is left as it is (not on MySQL). Default: false, an error. */
  readonly ifNotExists?: boolean;
}

export interface DropConstraintOptions extends DropOptions {
  /** What kind it is: MySQL and MariaDB need it when the database is not asked (`--sql`). */
  readonly type?: Constraint['kind'];
}

export interface AddEnumValueOptions {
  readonly before?: string;
  readonly after?: string;
  /** A value that is there already is no error. Default: false. */
  readonly ifNotExists?: boolean;
}

export interface AlterColumnOptions extends PinnedOptions {
  readonly type?: ColumnBuilder<unknown, boolean, boolean, boolean>;
  readonly nullable?: boolean;
  /** `null` drops the default. */
  readonly serverDefault?: unknown;
  readonly name?: string;
  /** `null` removes the comment. */
  readonly comment?: string | null;
  readonly collation?: string | null;
  readonly autoincrement?: boolean;
  readonly serial?: boolean;
  readonly identity?: boolean | IdentityOptions;
  /** PostgreSQL: how old values become new ones when the type changes. */
  readonly using?: Expr<unknown>;
  readonly onUpdateNow?: boolean;
  /** `null` makes a generated column a plain one that keeps its values. */
  readonly generatedAs?: Expr<unknown> | null;
  /** Beside `generatedAs`: computed when it is read, and not stored. Default: false. */
  readonly virtual?: boolean;
  /** PostgreSQL: the default is that of the table alone; partitions and children keep theirs. Default: false. */
  readonly only?: boolean;
  /** PostgreSQL 18: what NOT NULL is called; `null`: as the server does it. */
  readonly notNullName?: string | null;
  /** PostgreSQL 18: `null` for a NOT NULL that children inherit and all rows meet. */
  readonly notNullManner?: NotNullManner | null;
  /** The column as it was: for `--sql` on MySQL and MariaDB, and for a reader. */
  readonly existing?: ColumnArg;
}

export interface BulkInsertOptions {
  /** The columns that a row is known by. Default: none, and the insertion cannot be reversed by itself. */
  readonly key?: readonly string[];
}

/** What each method knows that does not give its options to one of models. */
export const METHOD_OPTIONS: {
  readonly createTable: KnownOptions<CreateTableOptions>;
  readonly ifExists: KnownOptions<Pick<DropOptions, 'ifExists'>>;
  readonly addColumn: KnownOptions<AddColumnOptions>;
  readonly drop: KnownOptions<DropOptions>;
  readonly createIndex: KnownOptions<CreateIndexOptions>;
  readonly dropIndex: KnownOptions<DropOptions & ConcurrentOptions>;
  readonly dropConstraint: KnownOptions<DropConstraintOptions>;
  readonly addEnumValue: KnownOptions<AddEnumValueOptions>;
  readonly alterColumn: KnownOptions<AlterColumnOptions>;
  readonly bulkInsert: KnownOptions<BulkInsertOptions>;
} = {
  createTable: { comment: true, ifNotExists: true, options: true },
  ifExists: { ifExists: true },
  addColumn: { ifNotExists: true, mysql: true },
  drop: { ifExists: true, mysql: true },
  createIndex: { ...INDEX_OPTIONS, ifNotExists: true, concurrently: true, mysql: true },
  dropIndex: { ifExists: true, concurrently: true, mysql: true },
  dropConstraint: { type: true, ifExists: true, mysql: true },
  addEnumValue: { before: true, after: true, ifNotExists: true },
  alterColumn: {
    type: true,
    nullable: true,
    serverDefault: true,
    name: true,
    comment: true,
    collation: true,
    autoincrement: true,
    serial: true,
    identity: true,
    using: true,
    onUpdateNow: true,
    generatedAs: true,
    virtual: true,
    only: true,
    notNullName: true,
    notNullManner: true,
    existing: true,
    mysql: true,
  },
  bulkInsert: { key: true },
};

/** Options that were asked for; the others are absent from the data. */
export function flags<K extends string>(options: { readonly [P in K]: boolean | undefined }): {
  readonly [P in K]?: true;
} {
  const said = Object.entries(options).filter(([, value]) => value === true);
  return Object.fromEntries(said) as { readonly [P in K]?: true };
}

/** How MySQL carries it out, where that was said. */
export function pinned(mysql: OnlineDdl | undefined): { readonly mysql?: OnlineDdl } {
  return mysql === undefined ? {} : { mysql };
}
