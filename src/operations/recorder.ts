import { buildTable } from '../schema/build-schema.js';
import { ColumnBuilder, type IdentityOptions } from '../schema/column-builder.js';
import { type Expr, toExpression } from '../schema/expressions/expr.js';
import { MetaData, TableDefinition } from '../schema/metadata.js';
import { buildSequence, type SequenceOptions } from '../schema/sequence.js';
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
  type IndexOptions,
  type TableArg,
  toConstraint,
} from '../schema/table-args.js';
import { type ObjectDefinition, type ObjectReference, parseObject, parseObjectName } from '../schema/objects.js';
import { parseTableName, type TableReference } from '../schema/table-name.js';
import type { Column, Constraint, Table, TableName } from '../schema/table.js';
import { type ColumnArg, generationOf, isColumnArg } from './column-arg.js';
import type { ColumnChanges, Operation, SetComment, SetTableOptions } from './operation.js';
import { sequenceChanges } from './sequence-changes.js';

/** Where recorded operations go, and who runs what is queued when a result is awaited. */
export interface OperationSink {
  record(operation: Operation): void;
  /** Runs everything recorded so far; gives the rows of the last statement. */
  flush(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Whether what is recorded from now on runs outside the transaction. */
  setAutocommit?(isOn: boolean): void;
}

export interface CreateTableOptions {
  readonly comment?: string;
  /** Options in the database's own words, such as `{ strict: true }` on SQLite. */
  readonly options?: Readonly<Record<string, string | boolean>>;
}

export interface AlterColumnOptions {
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
  /** The column as it was: for `--sql` on MySQL and MariaDB, and for a reader. */
  readonly existing?: ColumnArg;
}

/** A promise that does nothing until it is awaited: a forgotten `await` changes nothing. */
export class PendingRows implements PromiseLike<readonly Readonly<Record<string, unknown>>[]> {
  readonly #run: () => Promise<readonly Readonly<Record<string, unknown>>[]>;

  constructor(run: () => Promise<readonly Readonly<Record<string, unknown>>[]>) {
    this.#run = run;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- being awaited is what this class is for
  then<A, B>(
    onFulfilled?: ((rows: readonly Readonly<Record<string, unknown>>[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#run().then(onFulfilled, onRejected);
  }
}

/**
 * The `op` of a migration file: each method records one operation; they run in order.
 * See https://alembic.sqlalchemy.org/en/latest/ops.html for the model.
 */
export class Operations {
  readonly #sink: OperationSink;
  /** True when SQL is only printed (`--sql`): there is no connection, and nothing can be read. */
  readonly offline: boolean;

  constructor(sink: OperationSink, options: { readonly offline: boolean }) {
    this.#sink = sink;
    this.offline = options.offline;
  }

  /** @example op.createTable('users', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk_users' })]) */
  createTable(name: TableReference, items: readonly (ColumnArg | TableArg)[], options: CreateTableOptions = {}): void {
    const table = tableFrom(parseTableName(name), items);
    const { comment = null, options: tableOptions = {} } = options;
    this.#sink.record({ kind: 'createTable', table: { ...table, comment, options: tableOptions } });
  }

  dropTable(name: TableReference): void {
    this.#sink.record({ kind: 'dropTable', table: parseTableName(name), existing: null });
  }

  renameTable(name: TableReference, to: string): void {
    this.#sink.record({ kind: 'renameTable', table: parseTableName(name), to });
  }

  /** `null` removes the comment. */
  setTableComment(name: TableReference, comment: string | null): void {
    this.#sink.record({ kind: 'setTableComment', table: parseTableName(name), comment, existing: null });
  }

  /** @example op.addColumn('users', column('age', integer(), { serverDefault: 18 })) */
  addColumn(name: TableReference, column: ColumnArg): void {
    const table = parseTableName(name);
    const parsed = tableFrom(table, [column]);
    for (const added of parsed.columns) this.#sink.record({ kind: 'addColumn', table, column: added });
    const constraints: readonly Constraint[] = [...parsed.uniques, ...parsed.foreignKeys];
    for (const constraint of constraints) this.#sink.record({ kind: 'addConstraint', table, constraint });
    for (const index of parsed.indexes) this.#sink.record({ kind: 'createIndex', table, index });
  }

  dropColumn(name: TableReference, column: string): void {
    this.#sink.record({ kind: 'dropColumn', table: parseTableName(name), column, existing: null });
  }

  /** Changes what is named and leaves the rest as it is. */
  alterColumn(name: TableReference, column: string, options: AlterColumnOptions): void {
    const { using, existing } = options;
    const table = parseTableName(name);
    const before = existing === undefined ? null : (tableFrom(table, [existing]).columns[0] ?? null);
    const changes = changesFrom(options);
    const cast = using === undefined ? null : using.node;
    this.#sink.record({ kind: 'alterColumn', table, column, changes, using: cast, existing: before });
  }

  /** @example op.createIndex('ix_users_email', 'users', ['email'], { unique: true }) */
  createIndex(name: string, table: TableReference, columns: readonly IndexColumn[], options: IndexOptions = {}): void {
    const index = toIndex(name, new IndexArg(name, columns, options));
    this.#sink.record({ kind: 'createIndex', table: parseTableName(table), index });
  }

  dropIndex(name: string, table: TableReference): void {
    this.#sink.record({ kind: 'dropIndex', table: parseTableName(table), name, existing: null });
  }

  createPrimaryKey(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    options: KeyOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint({ ...primaryKey(columns, options), name }));
  }

  createUniqueConstraint(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    options: UniqueOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint({ ...unique(columns, options), name }));
  }

  /** @example op.createForeignKey('fk_tickets_users', 'tickets', ['creator_id'], 'users', ['id'], { onDelete: 'cascade' }) */
  createForeignKey(
    name: string | null,
    table: TableReference,
    columns: readonly ColumnLike[],
    target: TableReference,
    targetColumns: readonly string[],
    options: ForeignKeyOptions = {},
  ): void {
    const arg = foreignKey(columns, target, targetColumns, options);
    this.#addConstraint(table, toConstraint({ ...arg, name }));
  }

  createCheckConstraint(
    name: string | null,
    table: TableReference,
    expression: Expr<unknown>,
    options: CheckOptions = {},
  ): void {
    this.#addConstraint(table, { ...toConstraint(check(name ?? '', expression, options)), name });
  }

  /** PostgreSQL. @example op.createExclusionConstraint('ex_bookings', 'bookings', [['room', '='], ['period', '&&']]) */
  createExclusionConstraint(
    name: string | null,
    table: TableReference,
    elements: readonly ExclusionPart[],
    options: ExclusionOptions = {},
  ): void {
    this.#addConstraint(table, toConstraint({ ...exclusion(elements, options), name }));
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
  dropConstraint(name: string, table: TableReference, options: { readonly type?: Constraint['kind'] } = {}): void {
    const { type = null } = options;
    this.#sink.record({ kind: 'dropConstraint', table: parseTableName(table), name, type, existing: null });
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

  /** Adds a value before another one, or at the end. */
  addEnumValue(name: TableReference, value: string, options: { readonly before?: string } = {}): void {
    const { before = null } = options;
    this.#sink.record({ kind: 'addEnumValue', enum: parseTableName(name), value, before, existing: null });
  }

  /** Makes `values` the values of the enum, in this order: the type is swapped and the columns keep their data. */
  alterEnum(name: TableReference, values: readonly string[]): void {
    this.#sink.record({ kind: 'alterEnum', enum: parseTableName(name), values, existing: null });
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

  #addConstraint(table: TableReference, constraint: Constraint): void {
    this.#sink.record({ kind: 'addConstraint', table: parseTableName(table), constraint });
  }
}

const FINAL_NAMES = new MetaData({ columnNames: 'same', namesAreFinal: true });

function tableFrom(name: TableName, items: readonly (ColumnArg | TableArg)[]): Table {
  const columns = Object.fromEntries(
    items.filter(isColumnArg).map(({ name: column, spec }) => [column, new ColumnBuilder(spec)]),
  );
  const args = items.filter((item): item is TableArg => !isColumnArg(item));
  const problems: string[] = [];
  const table = buildTable(new TableDefinition(FINAL_NAMES, name, columns, () => args, null), problems);
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
  return table;
}

function changesFrom(options: AlterColumnOptions): ColumnChanges {
  const changes: { -readonly [K in keyof Column]?: Column[K] } = {};
  if (options.name !== undefined) changes.name = options.name;
  if (options.type !== undefined) changes.type = options.type.spec.type;
  if (options.nullable !== undefined) changes.nullable = options.nullable;
  if (options.serverDefault !== undefined) {
    changes.default = options.serverDefault === null ? null : toExpression(options.serverDefault);
  }
  if (options.comment !== undefined) changes.comment = options.comment;
  if (options.collation !== undefined) changes.collation = options.collation;
  if (options.onUpdateNow !== undefined) changes.onUpdate = options.onUpdateNow ? { kind: 'now' } : null;
  if (options.generatedAs !== undefined) {
    changes.generated = options.generatedAs && {
      expression: options.generatedAs.node,
      stored: options.virtual !== true,
    };
  }
  const generation = generationOf(options);
  if (generation !== undefined) changes.generation = generation;
  return changes;
}

/** Only plain text can be a statement: what is interpolated must be a parameter. */
function textOf(expression: Expr<unknown>): string {
  const { node } = expression;
  if (node.kind === 'sql' && node.parts.length === 1 && typeof node.parts[0] === 'string') return node.parts[0];
  throw new TypeError('op.execute takes SQL text; give values as parameters: op.execute("... $1", [value])');
}
