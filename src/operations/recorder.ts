import { type Expr, isExpr } from '../schema/expressions/expr.js';
import { parseTableName, type TableReference } from '../schema/table-name.js';
import { checkOptions } from '../util/known-options.js';
import { EMPTY_CONTEXT, type RunContext } from '../util/run-context.js';
import { checkOperation } from './check-operation.js';
import type { CustomOperations } from './custom-operations.js';
import { ObjectOperations } from './object-operations.js';
import type { Operation } from './operation.js';
import { PendingRows } from './pending-rows.js';
import { type BulkInsertOptions, METHOD_OPTIONS as KNOWN } from './recorder-options.js';
import { groupRows, type RowGroup } from './row-values.js';

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
export class Operations<Tables = any> extends ObjectOperations {
  /** Only for the type checker: the tables that `op.db` knows, by their names in the database. */
  declare readonly $tables: Tables;
  readonly #sink: OperationSink;
  readonly #surroundings: Surroundings;

  constructor(sink: OperationSink, options: Surroundings) {
    super((operation) => sink.record(checkOperation(operation)));
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
  if (!isExpr(expression)) throw new TypeError('op.execute takes one statement as SQL text');
  const { node } = expression;
  if (node.kind === 'sql' && node.parts.length === 1 && typeof node.parts[0] === 'string') return node.parts[0];
  throw new TypeError('op.execute takes SQL text; give values as parameters: op.execute("... $1", [value])');
}
