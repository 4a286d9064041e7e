import type { Expr } from '../schema/expressions/expr.js';
import { toConstraint, toIndex } from '../schema/build-parts.js';
import {
  check,
  type CheckOptions,
  type ColumnLike,
  exclusion,
  type ExclusionOptions,
  type ExclusionPart,
  foreignKey,
  type ForeignKeyOptions,
  type PrimaryKeyOptions,
  primaryKey,
  type TableArg,
  unique,
  type UniqueOptions,
} from '../schema/table-args.js';
import { IndexArg, type IndexColumn } from '../schema/index-arg.js';
import { parseTableName, type TableReference } from '../schema/table-name.js';
import { type Constraint, constraintsOf } from '../schema/table.js';
import { checkOptions } from '../util/known-options.js';
import type { ColumnArg } from './column-arg.js';
import type { OnlineDdl, Operation, SetComment, SetTableOptions } from './operation.js';
import {
  type AddColumnOptions,
  type AlterColumnOptions,
  type ConcurrentOptions,
  type CreateIndexOptions,
  type CreateTableOptions,
  type DropConstraintOptions,
  type DropOptions,
  flags,
  METHOD_OPTIONS as KNOWN,
  pinned,
  type PinnedOptions,
} from './recorder-options.js';
import { changesFrom, tableFrom } from './table-from.js';

/** The methods of `op` for tables, their columns, indexes and constraints. */
export class TableOperations {
  readonly #record: (operation: Operation) => void;

  constructor(record: (operation: Operation) => void) {
    this.#record = record;
  }

  /** @example op.createTable('users', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk_users' })]) */
  createTable(name: TableReference, items: readonly (ColumnArg | TableArg)[], options: CreateTableOptions = {}): void {
    const { comment = null, options: tableOptions = {} } = checkOptions('op.createTable', options, KNOWN.createTable);
    const table = tableFrom(parseTableName(name), items, tableOptions);
    this.#record({
      kind: 'createTable',
      table: { ...table, comment },
      ...flags({ ifNotExists: options.ifNotExists }),
    });
  }

  dropTable(name: TableReference, options: Pick<DropOptions, 'ifExists'> = {}): void {
    const { ifExists } = checkOptions('op.dropTable', options, KNOWN.ifExists);
    this.#record({ kind: 'dropTable', table: parseTableName(name), existing: null, ...flags({ ifExists }) });
  }

  renameTable(name: TableReference, to: string): void {
    this.#record({ kind: 'renameTable', table: parseTableName(name), to });
  }

  /** `null` removes the comment. */
  setTableComment(name: TableReference, comment: string | null): void {
    this.#record({ kind: 'setTableComment', table: parseTableName(name), comment, existing: null });
  }

  /**
   * Changes options of a table in the database's own words; `null` takes one away.
   * @example op.setTableOptions('events', { engine: 'InnoDB', rowFormat: 'COMPRESSED' })
   */
  setTableOptions(
    name: TableReference,
    changes: SetTableOptions['changes'],
    existing: SetTableOptions['existing'] = null,
  ): void {
    this.#record({ kind: 'setTableOptions', table: parseTableName(name), changes, existing });
  }

  /** @example op.addColumn('users', column('age', integer(), { serverDefault: 18 })) */
  addColumn(name: TableReference, column: ColumnArg, options: AddColumnOptions = {}): void {
    if ((column as Partial<ColumnArg> | undefined)?.kind !== 'column') {
      throw new TypeError("op.addColumn takes a table and a column: column('age', integer())");
    }
    const { ifNotExists, mysql } = checkOptions('op.addColumn', options, KNOWN.addColumn);
    const table = parseTableName(name);
    const parsed = tableFrom(table, [column]);
    const constraints = constraintsOf(parsed);
    if (ifNotExists === true && constraints.length > 0) {
      throw new TypeError(
        `"ifNotExists" is for a column without constraints: add those of "${column.name}" by themselves`,
      );
    }
    const said = { ...flags({ ifNotExists }), ...pinned(mysql) };
    for (const added of parsed.columns) this.#record({ kind: 'addColumn', table, column: added, ...said });
    for (const constraint of constraints) this.#record({ kind: 'addConstraint', table, constraint, ...pinned(mysql) });
    for (const index of parsed.indexes) this.#record({ kind: 'createIndex', table, index, ...said });
  }

  dropColumn(name: TableReference, column: string, options: DropOptions = {}): void {
    const { ifExists, mysql } = checkOptions('op.dropColumn', options, KNOWN.drop);
    const said = { ...flags({ ifExists }), ...pinned(mysql) };
    this.#record({ kind: 'dropColumn', table: parseTableName(name), column, existing: null, ...said });
  }

  /** Changes what is named and leaves the rest as it is. */
  alterColumn(name: TableReference, column: string, options: AlterColumnOptions): void {
    const { using, existing } = checkOptions('op.alterColumn', options, KNOWN.alterColumn);
    const table = parseTableName(name);
    const before = existing === undefined ? null : (tableFrom(table, [existing]).columns[0] ?? null);
    const changes = changesFrom(options);
    const cast = using === undefined ? null : using.node;
    const said = { ...flags({ only: options.only }), ...pinned(options.mysql) };
    this.#record({ kind: 'alterColumn', table, column, changes, using: cast, existing: before, ...said });
  }

  /** @example op.createIndex('ix_users_email', 'users', ['email'], { unique: true }) */
  createIndex(
    name: string,
    table: TableReference,
    columns: readonly IndexColumn[],
    options: CreateIndexOptions = {},
  ): void {
    const { ifNotExists, concurrently, mysql, ...others } = checkOptions('op.createIndex', options, KNOWN.createIndex);
    const index = toIndex(name, new IndexArg(name, columns, others));
    const said = { ...flags({ ifNotExists, concurrently }), ...pinned(mysql) };
    this.#record({ kind: 'createIndex', table: parseTableName(table), index, ...said });
  }

  dropIndex(name: string, table: TableReference, options: DropOptions & ConcurrentOptions = {}): void {
    const { ifExists, concurrently, mysql } = checkOptions('op.dropIndex', options, KNOWN.dropIndex);
    const said = { ...flags({ ifExists, concurrently }), ...pinned(mysql) };
    this.#record({ kind: 'dropIndex', table: parseTableName(table), name, existing: null, ...said });
  }

  /** Without reading the table again: the index is the one it was, except on SQLite, which makes it anew. */
  renameIndex(name: string, table: TableReference, to: string): void {
    this.#record({ kind: 'renameIndex', table: parseTableName(table), name, to, existing: null });
  }

  /** PostgreSQL; `null` removes the comment. */
  setIndexComment(name: string, table: TableReference, comment: string | null): void {
    this.#setComment('index', name, table, comment);
  }

  createPrimaryKey(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    { mysql, ...options }: Omit<PrimaryKeyOptions, 'nullable'> & PinnedOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint({ ...primaryKey(columns, options), name }), mysql);
  }

  createUniqueConstraint(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    { mysql, ...options }: UniqueOptions & PinnedOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint({ ...unique(columns, options), name }), mysql);
  }

  /** @example op.createForeignKey('fk_tickets_users', 'tickets', ['creator_id'], 'users', ['id'], { onDelete: 'cascade' }) */
  createForeignKey(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    target: TableReference,
    targetColumns: readonly string[],
    { mysql, ...options }: ForeignKeyOptions & PinnedOptions = {},
  ): void {
    const arg = foreignKey(columns, target, targetColumns, options);
    this.#addConstraint(table, toConstraint({ ...arg, name }), mysql);
  }

  createCheckConstraint(
    name: string | null,
    table: TableReference,
    expression: Expr<unknown>,
    { mysql, ...options }: CheckOptions & PinnedOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint(check(name, expression, options)), mysql);
  }

  /** PostgreSQL. @example op.createExclusionConstraint('ex_bookings', 'bookings', [['room', '='], ['period', '&&']]) */
  createExclusionConstraint(
    name: string | null,
    table: TableReference,
    elements: readonly ExclusionPart[],
    options: ExclusionOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint({ ...exclusion(elements, options), name }), undefined);
  }

  /** `type` is needed on MySQL and MariaDB when the database is not asked (`--sql`). */
  dropConstraint(name: string, table: TableReference, options: DropConstraintOptions = {}): void {
    const { type = null, ifExists, mysql } = checkOptions('op.dropConstraint', options, KNOWN.dropConstraint);
    const said = { ...flags({ ifExists }), ...pinned(mysql) };
    this.#record({ kind: 'dropConstraint', table: parseTableName(table), name, type, existing: null, ...said });
  }

  /** Drops a constraint that has no name (SQLite), known by what it says. */
  dropUnnamedConstraint(table: TableReference, constraint: Exclude<TableArg, IndexArg>): void {
    const existing = { ...toConstraint(constraint), name: null };
    this.#record({
      kind: 'dropConstraint',
      table: parseTableName(table),
      name: null,
      type: existing.kind,
      existing,
    });
  }

  /**
   * PostgreSQL: checks the rows that were there before a foreign key or check was added with `notValid`, while others read and
   * write. `{ valid: false }` takes it back: the constraint is made again as `notValid`.
   * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT
   */
  validateConstraint(name: string, table: TableReference, options: { readonly valid?: boolean } = {}): void {
    const { valid = true } = checkOptions('op.validateConstraint', options, { valid: true });
    this.#record({
      kind: 'validateConstraint',
      table: parseTableName(table),
      name,
      isValid: valid,
      existing: null,
    });
  }

  /** Where the database cannot rename it, the constraint is dropped and added in one ALTER TABLE, or one rebuild. */
  renameConstraint(name: string, table: TableReference, to: string): void {
    this.#record({ kind: 'renameConstraint', table: parseTableName(table), name, to, existing: null });
  }

  /** PostgreSQL; `null` removes the comment. */
  setConstraintComment(name: string, table: TableReference, comment: string | null): void {
    this.#setComment('constraint', name, table, comment);
  }

  #addConstraint(table: TableReference, constraint: Constraint, mysql: OnlineDdl | undefined): void {
    this.#record({ kind: 'addConstraint', table: parseTableName(table), constraint, ...pinned(mysql) });
  }

  #setComment(object: SetComment['object'], name: string, table: TableReference, comment: string | null): void {
    this.#record({ kind: 'setComment', object, table: parseTableName(table), name, comment, existing: null });
  }
}
