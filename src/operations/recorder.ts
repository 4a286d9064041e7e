import type { Expr } from '../schema/expressions/expr.js';
import { buildSequence, parseOwner, type SequenceOptions } from '../schema/sequence.js';
import {
  check,
  type CheckOptions,
  type ColumnLike,
  exclusion,
  type ExclusionOptions,
  type ExclusionPart,
  type KeyOptions,
  primaryKey,
  toIndex,
  unique,
  type UniqueOptions,
  type ForeignKeyOptions,
  foreignKey,
  type IndexColumn,
  IndexArg,
  type TableArg,
  toConstraint,
} from '../schema/table-args.js';
import { type ObjectDefinition, type ObjectReference, parseObject, parseObjectName } from '../schema/objects.js';
import { parseTableName, type TableReference } from '../schema/table-name.js';
import { type Constraint, constraintsOf } from '../schema/table.js';
import { checkOptions } from '../util/known-options.js';
import { EMPTY_CONTEXT, type RunContext } from '../util/run-context.js';
import type { ColumnArg } from './column-arg.js';
import { groupRows, type RowGroup } from './row-values.js';
import type { OnlineDdl, Operation, SetComment, SetTableOptions } from './operation.js';
import type { CustomOperations } from './custom-operations.js';
import { PendingRows } from './pending-rows.js';
import {
  METHOD_OPTIONS as KNOWN,
  type AddColumnOptions,
  type AddEnumValueOptions,
  type AlterColumnOptions,
  type BulkInsertOptions,
  type ConcurrentOptions,
  type CreateIndexOptions,
  type CreateTableOptions,
  type DropConstraintOptions,
  type DropOptions,
  type PinnedOptions,
} from './recorder-options.js';
import { sequenceChanges } from './sequence-changes.js';
import { changesFrom, tableFrom } from './table-from.js';

/** Where recorded operations go, and who runs what is queued when a result is awaited. */
export interface OperationSink {
  record(operation: Operation): void;
  /** Runs everything recorded so far; gives the rows of the last statement. */
  flush(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Whether what is recorded from now on runs outside the transaction. */
  setAutocommit?(isOn: boolean): void;
}

/** Methods of `op` that make operations which it does not know itself. */
export type OperationMethods = Readonly<Record<string, (...args: unknown[]) => Operation>>;

/** What an `op` knows of the run; read when the revision asks. */
interface Surroundings {
  readonly offline: boolean;
  /** Default: that of a run without one. */
  readonly context?: RunContext;
  /** What plugins add, to this object alone. Default: nothing. */
  readonly methods?: OperationMethods;
}

/**
 * The `op` of a migration file: each method records one operation; they run in order.
 * See https://alembic.sqlalchemy.org/en/latest/ops.html for the model.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging, typescript/no-explicit-any -- plugins add methods; any is Kysely's word for tables that nobody has described
export class Operations<Tables = any> {
  /** Only for the type checker: the tables that `op.db` knows, by their names in the database. */
  declare readonly $tables: Tables;
  readonly #sink: OperationSink;
  readonly #surroundings: Surroundings;

  constructor(sink: OperationSink, options: Surroundings) {
    this.#sink = sink;
    this.#surroundings = options;
    for (const [name, make] of Object.entries(options.methods ?? {})) {
      Object.defineProperty(this, name, { value: (...args: unknown[]) => sink.record(make(...args)) });
    }
  }

  /** True when SQL is only printed (`--sql`): there is no connection, and nothing can be read. */
  get offline(): boolean {
    return this.#surroundings.offline;
  }

  /** What the run was started with: the chosen database and environment, `-x key=value` and `--tag`. */
  get context(): RunContext {
    return this.#surroundings.context ?? EMPTY_CONTEXT;
  }

  /** @example op.createTable('users', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk_users' })]) */
  createTable(name: TableReference, items: readonly (ColumnArg | TableArg)[], options: CreateTableOptions = {}): void {
    const { comment = null, options: tableOptions = {} } = checkOptions('op.createTable', options, KNOWN.createTable);
    const table = tableFrom(parseTableName(name), items, tableOptions);
    this.#sink.record({
      kind: 'createTable',
      table: { ...table, comment },
      ...flags({ ifNotExists: options.ifNotExists }),
    });
  }

  dropTable(name: TableReference, options: Pick<DropOptions, 'ifExists'> = {}): void {
    const { ifExists } = checkOptions('op.dropTable', options, KNOWN.ifExists);
    this.#sink.record({ kind: 'dropTable', table: parseTableName(name), existing: null, ...flags({ ifExists }) });
  }

  renameTable(name: TableReference, to: string): void {
    this.#sink.record({ kind: 'renameTable', table: parseTableName(name), to });
  }

  /** `null` removes the comment. */
  setTableComment(name: TableReference, comment: string | null): void {
    this.#sink.record({ kind: 'setTableComment', table: parseTableName(name), comment, existing: null });
  }

  /** @example op.addColumn('users', column('age', integer(), { serverDefault: 18 })) */
  addColumn(name: TableReference, column: ColumnArg, options: AddColumnOptions = {}): void {
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
    for (const added of parsed.columns) this.#sink.record({ kind: 'addColumn', table, column: added, ...said });
    for (const constraint of constraints)
      this.#sink.record({ kind: 'addConstraint', table, constraint, ...pinned(mysql) });
    for (const index of parsed.indexes) this.#sink.record({ kind: 'createIndex', table, index, ...said });
  }

  dropColumn(name: TableReference, column: string, options: DropOptions = {}): void {
    const { ifExists, mysql } = checkOptions('op.dropColumn', options, KNOWN.drop);
    const said = { ...flags({ ifExists }), ...pinned(mysql) };
    this.#sink.record({ kind: 'dropColumn', table: parseTableName(name), column, existing: null, ...said });
  }

  /** Changes what is named and leaves the rest as it is. */
  alterColumn(name: TableReference, column: string, options: AlterColumnOptions): void {
    const { using, existing } = checkOptions('op.alterColumn', options, KNOWN.alterColumn);
    const table = parseTableName(name);
    const before = existing === undefined ? null : (tableFrom(table, [existing]).columns[0] ?? null);
    const changes = changesFrom(options);
    const cast = using === undefined ? null : using.node;
    const said = pinned(options.mysql);
    this.#sink.record({ kind: 'alterColumn', table, column, changes, using: cast, existing: before, ...said });
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
    this.#sink.record({ kind: 'createIndex', table: parseTableName(table), index, ...said });
  }

  dropIndex(name: string, table: TableReference, options: DropOptions & ConcurrentOptions = {}): void {
    const { ifExists, concurrently, mysql } = checkOptions('op.dropIndex', options, KNOWN.dropIndex);
    const said = { ...flags({ ifExists, concurrently }), ...pinned(mysql) };
    this.#sink.record({ kind: 'dropIndex', table: parseTableName(table), name, existing: null, ...said });
  }

  /** Without reading the table again: the index is the one it was, except on SQLite, which makes it anew. */
  renameIndex(name: string, table: TableReference, to: string): void {
    this.#sink.record({ kind: 'renameIndex', table: parseTableName(table), name, to, existing: null });
  }

  createPrimaryKey(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    { mysql, ...options }: KeyOptions & PinnedOptions = {},
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

  /** PostgreSQL; `null` removes the comment. */
  setIndexComment(name: string, table: TableReference, comment: string | null): void {
    this.#setComment('index', name, table, comment);
  }

  /** PostgreSQL; `null` removes the comment. */
  setConstraintComment(name: string, table: TableReference, comment: string | null): void {
    this.#setComment('constraint', name, table, comment);
  }

  #setComment(object: SetComment['object'], name: string, table: TableReference, comment: string | null): void {
    this.#sink.record({ kind: 'setComment', object, table: parseTableName(table), name, comment, existing: null });
  }

  /** `type` is needed on MySQL and MariaDB when the database is not asked (`--sql`). */
  dropConstraint(name: string, table: TableReference, options: DropConstraintOptions = {}): void {
    const { type = null, ifExists, mysql } = checkOptions('op.dropConstraint', options, KNOWN.dropConstraint);
    const said = { ...flags({ ifExists }), ...pinned(mysql) };
    this.#sink.record({ kind: 'dropConstraint', table: parseTableName(table), name, type, existing: null, ...said });
  }

  /**
   * PostgreSQL: checks the rows that were there before a foreign key or check was added with `notValid`, while others read and
   * write. `{ valid: false }` takes it back: the constraint is made again as `notValid`.
   * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT
   */
  validateConstraint(name: string, table: TableReference, options: { readonly valid?: boolean } = {}): void {
    const { valid = true } = checkOptions('op.validateConstraint', options, { valid: true });
    this.#sink.record({
      kind: 'validateConstraint',
      table: parseTableName(table),
      name,
      isValid: valid,
      existing: null,
    });
  }

  /** Where the database cannot rename it, the constraint is dropped and added in one ALTER TABLE, or one rebuild. */
  renameConstraint(name: string, table: TableReference, to: string): void {
    this.#sink.record({ kind: 'renameConstraint', table: parseTableName(table), name, to, existing: null });
  }

  /** Drops a constraint that has no name (SQLite), known by what it says. */
  dropUnnamedConstraint(table: TableReference, constraint: Exclude<TableArg, IndexArg>): void {
    const existing = { ...toConstraint(constraint), name: null };
    this.#sink.record({
      kind: 'dropConstraint',
      table: parseTableName(table),
      name: null,
      type: existing.kind,
      existing,
    });
  }

  /** PostgreSQL: an enum type. Elsewhere enums live in their columns, and this does nothing. */
  createEnum(name: TableReference, values: readonly string[]): void {
    this.#sink.record({ kind: 'createEnum', enum: { ...parseTableName(name), values } });
  }

  dropEnum(name: TableReference): void {
    this.#sink.record({ kind: 'dropEnum', enum: parseTableName(name), existing: null });
  }

  /** Adds a value before or behind another one, or at the end. */
  addEnumValue(name: TableReference, value: string, options: AddEnumValueOptions = {}): void {
    const { before = null, after, ifNotExists } = checkOptions('op.addEnumValue', options, KNOWN.addEnumValue);
    if (before !== null && after !== undefined)
      throw new TypeError('a value goes "before" another or "after" it, not both');
    const said = { ...(after === undefined ? {} : { after }), ...flags({ ifNotExists }) };
    this.#sink.record({ kind: 'addEnumValue', enum: parseTableName(name), value, before, existing: null, ...said });
  }

  /** Makes `values` the values of the enum, in this order: the type is swapped and the columns keep their data. */
  alterEnum(name: TableReference, values: readonly string[]): void {
    this.#sink.record({ kind: 'alterEnum', enum: parseTableName(name), values, existing: null });
  }

  /** PostgreSQL: columns of the type follow. Elsewhere enums have no name in the database, and this does nothing. */
  renameEnum(name: TableReference, to: string): void {
    this.#sink.record({ kind: 'renameEnum', enum: parseTableName(name), to });
  }

  /**
   * Rows that hold `value` hold `to` afterwards. `columns` are the columns of the type (`table.column`) for databases
   * where enums live in their columns; PostgreSQL needs none.
   * @example op.renameEnumValue('ticket_status', 'open', 'opened', { columns: ['tickets.status'] })
   */
  renameEnumValue(
    name: TableReference,
    value: string,
    to: string,
    options: { readonly columns?: readonly string[] } = {},
  ): void {
    const type = parseTableName(name);
    const { columns: owners = [] } = checkOptions('op.renameEnumValue', options, { columns: true });
    const columns = owners.flatMap((text) => parseOwner(text, type) ?? []);
    this.#sink.record({ kind: 'renameEnumValue', enum: type, value, to, columns });
  }

  /** PostgreSQL. @example op.createSequence('order_numbers', { start: 1000, increment: 10 }) */
  createSequence(name: TableReference, options: SequenceOptions = {}): void {
    this.#sink.record({ kind: 'createSequence', sequence: buildSequence(name, options) });
  }

  /** Changes what is named; the sequence goes on counting where it is. */
  alterSequence(name: TableReference, options: SequenceOptions): void {
    const sequence = parseTableName(name);
    this.#sink.record({ kind: 'alterSequence', sequence, changes: sequenceChanges(sequence, options), existing: null });
  }

  dropSequence(name: TableReference): void {
    this.#sink.record({ kind: 'dropSequence', sequence: parseTableName(name), existing: null });
  }

  /**
   * A view, a function, a trigger or any other object beside tables, by its CREATE statement.
   * @example op.createObject({ kind: 'view', name: 'open_tickets', definition: 'CREATE VIEW open_tickets AS SELECT ...' })
   */
  createObject(object: ObjectDefinition): void {
    this.#sink.record({ kind: 'createObject', object: parseObject(object) });
  }

  /** Puts the object in place of the one of its name; `existing` is that one, for what is changed step by step. */
  replaceObject(object: ObjectDefinition, existing?: ObjectDefinition): void {
    const before = existing === undefined ? null : parseObject(existing);
    this.#sink.record({ kind: 'replaceObject', object: parseObject(object), existing: before });
  }

  /** @example op.dropObject({ kind: 'trigger', name: 'touch', table: 'tickets' }) */
  dropObject(object: ObjectReference): void {
    this.#sink.record({ kind: 'dropObject', object: parseObjectName(object), existing: null });
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
    this.#sink.record({ kind: 'setTableOptions', table: parseTableName(name), changes, existing });
  }

  /**
   * Inserts rows: numbers, text, booleans, null, bigints, dates, bytes, and plain objects and arrays as JSON. A column that
   * a row leaves out gets its default. `key` names the columns that tell the rows apart, for the way back.
   * @example op.bulkInsert('roles', [{ id: 1, name: 'admin' }, { id: 2, name: 'guest' }], { key: ['id'] })
   * @throws TypeError for a value that has no form; under `--sql` the values are written into the statement.
   */
  bulkInsert(
    name: TableReference,
    rows: readonly Readonly<Record<string, unknown>>[],
    options: BulkInsertOptions = {},
  ): void {
    const { key = null } = checkOptions('op.bulkInsert', options, KNOWN.bulkInsert);
    const groups = groupRows(rows);
    for (const column of key ?? []) requireColumn(groups, column);
    this.#sink.record({ kind: 'bulkInsert', table: parseTableName(name), groups, key });
  }

  /** Deletes the rows that hold these values: all that are named, of each one. @example op.deleteRows('roles', [{ id: 2 }]) */
  deleteRows(name: TableReference, rows: readonly Readonly<Record<string, unknown>>[]): void {
    const groups = groupRows(rows);
    if (groups.some(({ columns }) => columns.length === 0)) {
      throw new TypeError('op.deleteRows needs a value in every row: an empty one would mean all rows.');
    }
    this.#sink.record({ kind: 'deleteRows', table: parseTableName(name), groups, existing: null });
  }

  /** PostgreSQL; it goes on counting where it is, and defaults that count with it follow. */
  renameSequence(name: TableReference, to: string): void {
    this.#sink.record({ kind: 'renameSequence', sequence: parseTableName(name), to });
  }

  createNamespace(name: string): void {
    this.#sink.record({ kind: 'createNamespace', name });
  }

  dropNamespace(name: string): void {
    this.#sink.record({ kind: 'dropNamespace', name });
  }

  /**
   * Runs one SQL statement, in its turn. Awaiting it runs everything recorded so far and gives the rows.
   * @throws AludelError ALUDEL_NEEDS_CONNECTION when awaited under `--sql`.
   */
  execute(sql: string | Expr<unknown>, params: readonly unknown[] = []): PendingRows {
    this.#sink.record({ kind: 'execute', sql: typeof sql === 'string' ? sql : textOf(sql), params, reverse: null });
    return new PendingRows(() => this.#sink.flush());
  }

  /**
   * Runs the operations of `fn` outside the transaction, one by one, and goes on in a new one: what came before is
   * committed, and stays if a later statement fails. For PostgreSQL's CREATE INDEX CONCURRENTLY; MySQL and MariaDB commit
   * DDL anyway, and on SQLite the operations stay in the transaction (see `export const transaction = false`).
   * @example op.autocommit(() => op.execute('CREATE INDEX CONCURRENTLY ix_users_email ON users (email)'));
   */
  autocommit(fn: () => Promise<void>): Promise<void>;
  autocommit(fn: () => unknown): void;
  autocommit(fn: () => unknown): Promise<void> | void {
    this.#sink.setAutocommit?.(true);
    const end = (): void => this.#sink.setAutocommit?.(false);
    let result: unknown;
    try {
      result = fn();
    } catch (error) {
      end();
      throw error;
    }
    if (result instanceof Promise) return result.finally(end).then(() => undefined);
    return end();
  }

  #addConstraint(table: TableReference, constraint: Constraint, mysql: OnlineDdl | undefined): void {
    this.#sink.record({ kind: 'addConstraint', table: parseTableName(table), constraint, ...pinned(mysql) });
  }
}

/** Options that were asked for; the others are absent from the data. */
function flags<K extends string>(options: { readonly [P in K]: boolean | undefined }): { readonly [P in K]?: true } {
  const said = Object.entries(options).filter(([, value]) => value === true);
  return Object.fromEntries(said) as { readonly [P in K]?: true };
}

function pinned(mysql: OnlineDdl | undefined): { readonly mysql?: OnlineDdl } {
  return mysql === undefined ? {} : { mysql };
}

/** Methods that plugins add; typed by whoever declares them, there where the config lists the plugin. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging, typescript/no-explicit-any, no-unused-vars -- as the class says
export interface Operations<Tables = any> extends CustomOperations {}

function requireColumn(groups: readonly RowGroup[], column: string): void {
  if (groups.every(({ columns }) => columns.includes(column))) return;
  throw new TypeError(`op.bulkInsert: "${column}" of "key" is missing in a row.`);
}

/** Only plain text can be a statement: what is interpolated must be a parameter. */
function textOf(expression: Expr<unknown>): string {
  const { node } = expression;
  if (node.kind === 'sql' && node.parts.length === 1 && typeof node.parts[0] === 'string') return node.parts[0];
  throw new TypeError('op.execute takes SQL text; give values as parameters: op.execute("... $1", [value])');
}
