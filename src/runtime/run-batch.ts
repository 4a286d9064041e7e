/** `op.batch()`: goes over a large table in portions, each in a transaction of its own, and goes on where it was stopped. */
import { AludelError } from '../errors.js';
import type { Connection, Row } from '../engine/connection.js';
import type { Expr } from '../schema/expressions/expr.js';
import { formatTableName, parseTableName, type TableReference } from '../schema/table-name.js';
import type { Table } from '../schema/table.js';
import { type BatchKey, behindKey, findBatchKey, keyColumns, toKeyText } from './batch-key.js';
import type { BatchState } from './batch-log.js';
import type { RevisionHost } from './revision-host.js';
import { inTransaction } from './runner-lock.js';

export interface BatchOptions {
  /** Which rows. Default: all. */
  readonly where?: Expr<unknown> | undefined;
  /** Rows of a portion. Default: 1000. */
  readonly size?: number | undefined;
  /** Which columns are read. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** The columns that the table is walked along: unique and without NULL. Default: the primary key. */
  readonly key?: readonly string[] | undefined;
}

/** Gives the number of rows that were handed to `use`, those of earlier runs included. */
export async function runBatch(
  host: RevisionHost,
  name: TableReference,
  options: BatchOptions,
  use: (rows: readonly Row[]) => unknown,
): Promise<number> {
  const at = host.locate();
  const { queue, findTable } = host.options;
  const { size = 1000 } = options;
  refuse(host, size, at);
  const number = Number(host.kept.get('batches') ?? 0) + 1;
  host.kept.set('batches', number);
  // The runner's own beginning: its lock, its place in the log.
  await queue.send({ at, sql: null }, () => Promise.resolve());
  const tableName = parseTableName(name);
  const table = await findTable(tableName);
  if (table === undefined) {
    throw place(
      at,
      `The database has no table "${formatTableName(tableName)}".`,
      'Check the name given to op.batch().',
    );
  }
  queue.isInBatch = true;
  try {
    return await new Walk(host, table, options, size, at).run(number, use);
  } finally {
    queue.isInBatch = false;
  }
}

class Walk {
  readonly #host: RevisionHost;
  readonly #connection: Connection;
  readonly #label: string;
  readonly #key: BatchKey;
  readonly #about: string;
  readonly #size: number;
  readonly #columns: readonly string[];
  readonly #from: string;
  readonly #where: string;

  constructor(host: RevisionHost, table: Table, options: BatchOptions, size: number, at: string | null) {
    const { dialect } = host.options;
    this.#host = host;
    this.#connection = host.connectionAt(at);
    this.#label = formatTableName(table);
    this.#key = findBatchKey(table, dialect, options.key);
    this.#about = `${this.#label} (${this.#key.columns.map((column) => column.name).join(', ')})`;
    this.#size = size;
    this.#columns = options.columns ?? table.columns.map((column) => column.name);
    this.#from = dialect.quoteTable(table);
    this.#where = options.where === undefined ? '' : `(${dialect.renderExpression(options.where.node)})`;
  }

  async run(number: number, use: (rows: readonly Row[]) => unknown): Promise<number> {
    const { batches, dialect } = this.#host.options;
    let { id, state } = await batches.open(number, this.#about);
    if (state.isEnded) return state.done;
    if (dialect.capabilities.nullsInKeys) await this.#refuseNulls();
    const total = state.done + (await this.#count(state));
    this.#tell(state, total);
    for (;;) {
      const next = await inTransaction(this.#connection, () =>
        this.#portion(state, use, (reached) => batches.reach(id, this.#about, reached)),
      );
      if (next !== null) {
        state = next;
        this.#tell(state, Math.max(total, state.done));
      } else if (!(await this.#isMore(state))) {
        break;
      }
    }
    await batches.reach(id, this.#about, { ...state, isEnded: true });
    return state.done;
  }

  /** One portion; null where no row is left. */
  async #portion(
    state: BatchState,
    use: (rows: readonly Row[]) => unknown,
    reach: (state: BatchState) => Promise<void>,
  ): Promise<BatchState | null> {
    const { dialect, queue } = this.#host.options;
    const names = [...this.#columns.map((name) => dialect.quoteIdentifier(name)), ...keyColumns(this.#key, dialect)];
    // Nobody else may change the rows between the reading and the writing.
    const lock = dialect.capabilities.oneWriter ? '' : ' FOR UPDATE';
    const found = await this.#select(names.join(', '), state, `LIMIT ${this.#size}${lock}`);
    const last = found.at(-1);
    if (last === undefined) return null;
    const width = this.#columns.length;
    const handles = queue.openHandles();
    await use(found.map((row) => Object.fromEntries(this.#columns.map((name, i) => [name, row[i]]))));
    await queue.settle();
    await queue.closeHandles(handles);
    const key = this.#key.columns.map((column, i) => toKeyText(last[width + i], column));
    const reached = { key, done: state.done + found.length, isEnded: false };
    await reach(reached);
    return reached;
  }

  async #count(state: BatchState): Promise<number> {
    const [row] = await this.#select('count(*)', state, null);
    return Number(row?.[0] ?? 0);
  }

  /** Where rows came unseen while others that are gone by now were waited for, none is not yet the end. */
  async #isMore(state: BatchState): Promise<boolean> {
    if (!this.#host.options.dialect.capabilities.missesNewRows) return false;
    return (await this.#select('1', state, 'LIMIT 1')).length > 0;
  }

  /** Behind NULL there is no row to go on with. */
  async #refuseNulls(): Promise<void> {
    const isNull = this.#key.expressions.map((expression) => `${expression} IS NULL`).join(' OR ');
    const { rows } = await this.#connection.query({ sql: `SELECT 1 FROM ${this.#from} WHERE ${isNull} LIMIT 1` });
    if (rows.length === 0) return;
    throw place(
      null,
      `Table "${this.#label}" has rows with NULL in its key: op.batch() would not come to them.`,
      'Give these rows a key first, in a revision before this one.',
    );
  }

  /** Rows behind the key that was reached; in order, where `tail` says how many. */
  async #select(list: string, { key }: BatchState, tail: string | null): Promise<readonly (readonly unknown[])[]> {
    const { dialect } = this.#host.options;
    const behind = key === null ? null : behindKey(this.#key, key, dialect);
    const conditions = [behind?.sql ?? '', this.#where].filter((text) => text !== '');
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const order = tail === null ? '' : ` ORDER BY ${this.#key.expressions.join(', ')} ${tail}`;
    const sql = `SELECT ${list} FROM ${this.#from}${where}${order}`;
    return (await this.#connection.query({ sql, params: behind?.params })).rows;
  }

  #tell({ done }: BatchState, total: number): void {
    const { queue, onBatch } = this.#host.options;
    onBatch({ table: this.#label, done, total });
    if (done === 0) return;
    queue.batchHint =
      `${done} ${done === 1 ? 'row' : 'rows'} of "${this.#label}" are done, and the next run goes on behind them: ` +
      'mend what is wrong, then run the command again.';
  }
}

function refuse({ options }: RevisionHost, size: number, at: string | null): void {
  const { queue, connection, file } = options;
  if (!Number.isSafeInteger(size) || size < 1) {
    throw place(at, `The size of a batch is a whole number from 1, not ${String(size)}.`, 'Correct "size".');
  }
  if (queue.isTransactional) {
    throw place(
      at,
      'op.batch() commits each portion by itself, and this revision runs in one transaction.',
      `Add "export const transaction = false;" to "${file}", and change the schema in revisions before and after it.`,
    );
  }
  if (queue.isInBatch) throw place(at, 'op.batch() was called while another one runs.', 'Await the first one before.');
  if (queue.hasChanged) {
    throw place(
      at,
      'op.batch() comes behind other changes of the same revision, which would be made again when it is stopped and run again.',
      'Move what comes before op.batch() to a revision of its own.',
    );
  }
  if (connection.inTransaction) {
    throw place(at, 'op.batch() was called inside a transaction.', 'Call "await session.commit()" before.');
  }
}

function place(at: string | null, message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_OPERATION_UNSUPPORTED', message, { hint, details: at === null ? {} : { at } });
}
