import { describe } from '../schema/check-parts.js';
import { type ColumnBuilder, type ColumnSpec, type IdentityOptions, identityOf } from '../schema/column-builder.js';
import type { Expr } from '../schema/expressions/expr.js';
import { toExpression } from '../schema/expressions/to-expression.js';
import type { Generation, NotNullManner } from '../schema/table.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';

/** What `column()` takes besides name and type; all of it may also be said on the type: `integer().notNull()`. */
export interface ColumnOptions<T = unknown> {
  /** Default: true. */
  readonly nullable?: boolean;
  /** A value of the column's type, or SQL: ``sql`...` ``, `fn.now()`. */
  readonly serverDefault?: T | Expr<unknown>;
  readonly comment?: string;
  readonly collation?: string;
  /** MySQL, MariaDB, SQLite: the database counts up. */
  readonly autoincrement?: boolean;
  /** PostgreSQL: an integer with a sequence of its own. */
  readonly serial?: boolean;
  /** PostgreSQL: GENERATED AS IDENTITY. */
  readonly identity?: boolean | IdentityOptions;
  /** A column that the database computes from others. */
  readonly generatedAs?: Expr<unknown>;
  /** Computed when it is read, and not stored. Default: false. */
  readonly virtual?: boolean;
  /** MySQL and MariaDB: ON UPDATE CURRENT_TIMESTAMP. */
  readonly onUpdateNow?: boolean;
  /** PostgreSQL 18: what NOT NULL is called, where it is not the server's name for it. */
  readonly notNullName?: string;
  /** PostgreSQL 18: children do not inherit NOT NULL, or rows from before need not meet it. */
  readonly notNullManner?: NotNullManner;
  /** PostgreSQL: a column of a table that this one inherits from, with what is said otherwise here. */
  readonly inherited?: boolean;
}

const KNOWN: KnownOptions<ColumnOptions> = {
  nullable: true,
  serverDefault: true,
  comment: true,
  collation: true,
  autoincrement: true,
  serial: true,
  identity: true,
  generatedAs: true,
  virtual: true,
  onUpdateNow: true,
  notNullName: true,
  notNullManner: true,
  inherited: true,
};

/** A column in a migration file. */
export interface ColumnArg {
  readonly kind: 'column';
  readonly name: string;
  readonly spec: ColumnSpec;
}

/**
 * A column for `op.createTable` and `op.addColumn`.
 * @example column('age', integer(), { nullable: false, serverDefault: 18 })
 */
export function column<T>(
  name: string,
  type: ColumnBuilder<T, boolean, boolean, boolean>,
  options: ColumnOptions<T> = {},
): ColumnArg {
  checkOptions('column', options, KNOWN);
  if ((type as Partial<typeof type> | undefined)?.spec === undefined) {
    throw new TypeError(`column("${name}") takes a type such as integer(), not ${describe(type)}`);
  }
  const { nullable, serverDefault, comment, collation, generatedAs, onUpdateNow, virtual = false } = options;
  const { notNullName = type.spec.notNullName, notNullManner = type.spec.notNullManner } = options;
  const { inherited = type.spec.inherited } = options;
  const generation = generationOf(options);
  const spec: ColumnSpec = {
    ...type.spec,
    databaseName: name,
    nullable: nullable ?? type.spec.nullable,
    serverDefault: serverDefault === undefined ? type.spec.serverDefault : toExpression(serverDefault),
    comment: comment ?? type.spec.comment,
    collation: collation ?? type.spec.collation,
    generation: generation === undefined ? type.spec.generation : generation,
    generated:
      generatedAs === undefined ? type.spec.generated : { expression: toExpression(generatedAs), stored: !virtual },
    onUpdate: onUpdateNow === true ? { kind: 'now' } : type.spec.onUpdate,
    ...(notNullName === undefined ? {} : { notNullName }),
    ...(notNullManner === undefined ? {} : { notNullManner }),
    ...(inherited === undefined ? {} : { inherited }),
  };
  return { kind: 'column', name, spec };
}

/** How values are made, from the options of a column or of an alteration; `undefined`: nothing was said. */
export function generationOf(options: {
  readonly autoincrement?: boolean;
  readonly serial?: boolean;
  readonly identity?: boolean | IdentityOptions;
}): Generation | null | undefined {
  const { autoincrement, serial, identity } = options;
  if (identity !== undefined && identity !== false) return identityOf(identity === true ? {} : identity);
  if (serial === true) return { kind: 'serial' };
  if (autoincrement === true) return { kind: 'autoincrement' };
  return identity === false || serial === false || autoincrement === false ? null : undefined;
}

/** True for what `column()` gives, as against constraints and indexes. */
export function isColumnArg(value: { readonly kind: string }): value is ColumnArg {
  return value.kind === 'column';
}
