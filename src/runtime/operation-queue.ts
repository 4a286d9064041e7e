import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CompileContext, Dialect, Statement } from '../dialects/dialect.js';
import type { Connection, QueryResult, Row } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import {
  compileGroup,
  groupOperations,
  type OperationGroup,
  placeOperations,
  splitByAutocommit,
  type StatementOrigin,
} from './operation-groups.js';
import { atHome, isNamespaced } from '../operations/at-home.js';
import { describe } from '../operations/describe.js';
import type { Operation, OperationKind } from '../operations/operation.js';
import type { OperationSink } from '../operations/recorder.js';
import type { Schema } from '../schema/table.js';
import { callSite, lazyCallSite } from './call-site.js';
import { checkExpectation } from './check-expectation.js';
import { ForeignKeysMustBeOff } from './foreign-key-check.js';
import { readHome } from './read-home.js';
import { readsAlone } from './statement-kind.js';

export interface QueueOptions {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** The revision's file, for call sites. */
  readonly file: string;
  /** Begins the transaction, before the first statement; told whether foreign keys must be off, says whether they are. */
  begin(needsForeignKeysOff: boolean): Promise<boolean>;
  /** Runs outside the transaction, and comes back to a new one. Without it there is nothing to leave. */
  readonly autocommit?: <T>(run: () => Promise<T>) => Promise<T>;
  /** False where what ran has taken effect: the revision cannot start over. Default: true. */
  readonly canRestart?: boolean;
  /** Carries out a group. Default: sends its statements one after the other. */
  readonly carryOut?: (turn: GroupTurn) => Promise<readonly Row[]>;
  /** Sends a statement, and looks after it while it waits. */
  readonly watch?: <T>(send: () => Promise<T>) => Promise<T>;
  /** Told of the transactions and savepoints of handles. */
  readonly transactions?: TransactionLog;
  /** Reads the live schema; called at most once until raw SQL has run. */
  reflect(): Promise<Schema>;
  /** Called before each statement is sent. */
  onStatement(statement: Statement): void;
}

/** A group whose turn has come. */
export interface GroupTurn {
  readonly group: OperationGroup;
  /** True when the revision awaits the rows of its last statement. */
  readonly needsRows: boolean;
  /** True when the revision has read rows before, which may say what it does now. */
  readonly isBehindRead: boolean;
  /** The statements for the schema as it is now. */
  compile(): Promise<readonly Statement[]>;
  /** Sends one of them and checks the answer; `number` is its place in the revision, from 1. */
  send(statement: Statement, number: number): Promise<readonly Row[]>;
}

/** Hears of transactions and savepoints as they begin and end, each inside the one before. */
export interface TransactionLog {
  begun(): void;
  /** `isKept`: by COMMIT or RELEASE; what is not kept has not happened. */
  ended(isKept: boolean): void;
}

/** A statement of op.db, op.session() or op.batch(). */
export interface SentCall<T> {
  /** `file:line`, for errors. */
  readonly at: string | null;
  /** The statement; null for what begins and ends transactions, which is neither counted nor logged. */
  readonly sql: string | null;
  readonly params?: readonly unknown[] | undefined;
  /** The result of a change that an earlier run has made; none where nobody could go on without the true one. */
  readonly passed?: T | undefined;
}

/** What holds changes that are not written yet: a session. */
export interface Handle {
  commit(): Promise<void>;
  close(): Promise<void>;
}

/** Operations that change rows alone. */
const DATA_KINDS: ReadonlySet<OperationKind> = new Set(['backfill', 'bulkInsert', 'deleteRows', 'execute']);

/** The operations of one revision: recorded in order, compiled and run in order when a result is awaited or at the end. */
export class OperationQueue implements OperationSink {
  readonly #options: QueueOptions;
  #pending: StatementOrigin[] = [];
  #tail: Promise<readonly Row[]> = Promise.resolve([]);
  #before: Schema | null = null;
  #isOver = false;
  #isAutocommit = false;
  #begun: 'no' | 'yes' | 'withoutForeignKeys' = 'no';
  #count = 0;
  #origin: StatementOrigin | null = null;
  #hasChanged = false;
  #hasRead = false;
  readonly #handles: Set<Handle> = new Set();
  /** What is said of the batches when the revision fails: they need not be undone. */
  batchHint: string | null = null;
  /** True while `op.batch()` runs: what is done there is not done again. */
  isInBatch = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** The number of the statement that was sent last. */
  get statementCount(): number {
    return this.#count;
  }

  /** What the statement in flight, or the last one, was sent for. */
  get origin(): StatementOrigin | null {
    return this.#origin;
  }

  get transactions(): TransactionLog | undefined {
    return this.#options.transactions;
  }

  record(operation: Operation): void {
    if (this.#isOver) throw revisionOver(this.#options.file);
    const siteOf = lazyCallSite(this.#options.file);
    this.#pending.push({
      operation,
      get at() {
        return siteOf();
      },
      isAutocommit: this.#isAutocommit,
    });
  }

  setAutocommit(isOn: boolean): void {
    this.#isAutocommit = isOn;
  }

  /** True where `connection` may be in a transaction of a handle: the revision itself has none. */
  get isTransactional(): boolean {
    return this.#options.canRestart !== false;
  }

  /** True when something was sent that a second run of the revision would do again. */
  get hasChanged(): boolean {
    return this.#hasChanged || this.#pending.length > 0;
  }

  /** Runs what is recorded, then `task` at once. When it fails, what comes behind it may still run. */
  send<T>(call: SentCall<T>, task: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#isOver) return Promise.reject(revisionOver(this.#options.file, call.at));
    const drained = this.#tail.then(() => this.#drain(false));
    const result = drained.then(() => this.#sendNow(call, task));
    this.#tail = result.then(
      () => [],
      () => drained,
    );
    this.#tail.catch(() => undefined);
    return result;
  }

  flush(): Promise<readonly Row[]> {
    return this.#flush(true);
  }

  #flush(isAwaited: boolean): Promise<readonly Row[]> {
    if (this.#isOver) return Promise.reject(revisionOver(this.#options.file));
    const next = this.#tail.then(() => this.#drain(isAwaited));
    this.#tail = next;
    // A caller who does not await this one learns of its failure from finish().
    next.catch(() => undefined);
    return next;
  }

  /** Runs what is left, begins the transaction if nothing has, and takes no further operation. */
  async finish(): Promise<void> {
    await this.settle();
    await this.closeHandles(new Set());
    await this.settle();
    this.#isOver = true;
    await this.#begin(false);
  }

  /** Takes a handle that is closed when `upgrade()` has returned, before the transaction ends. */
  addHandle(handle: Handle): void {
    this.#handles.add(handle);
  }

  /** The handles that are open now. */
  openHandles(): ReadonlySet<Handle> {
    return new Set(this.#handles);
  }

  /** Closes the handles that are not among `kept`, and lets these write what they hold. */
  async closeHandles(kept: ReadonlySet<Handle>): Promise<void> {
    for (const handle of this.#handles) {
      await (kept.has(handle) ? handle.commit() : handle.close());
      if (!kept.has(handle)) this.#handles.delete(handle);
    }
  }

  /** Waits until nothing is in flight: what was started without await may start more when it is done. */
  async settle(): Promise<void> {
    for (;;) {
      const tail = this.#flush(false);
      await tail;
      await nextTurn();
      if (this.#tail === tail && this.#pending.length === 0) return;
    }
  }

  /** Takes no further operation; what was recorded and did not run is dropped. */
  abandon(): void {
    this.#isOver = true;
    this.#pending = [];
  }

  async #begin(withoutForeignKeys: boolean): Promise<void> {
    const isTooLate = this.#begun === 'yes' && withoutForeignKeys;
    if (isTooLate && this.#options.canRestart !== false) throw new ForeignKeysMustBeOff();
    if (this.#begun !== 'no' && !isTooLate) return;
    this.#begun = (await this.#options.begin(withoutForeignKeys)) ? 'withoutForeignKeys' : 'yes';
  }

  async #drain(isAwaited: boolean): Promise<readonly Row[]> {
    const recorded = this.#pending;
    this.#pending = [];
    if (recorded.length === 0) return [];
    const { dialect } = this.#options;
    const pending = await this.#atHome(recorded);
    const batch = placeOperations(pending, dialect, !isAwaited);
    this.#refuseInTransaction(batch);
    this.#hasChanged ||= !this.isInBatch;
    await this.#begin(batch.some(({ operation }) => dialect.needsForeignKeysOff(operation)));
    const last = pending.at(-1)?.operation;
    let rows: readonly Row[] = [];
    for (const part of splitByAutocommit(batch)) {
      const run = async (): Promise<void> => {
        for (const group of groupOperations(part, dialect)) {
          const isLast = last !== undefined && group.operations.includes(last);
          rows = await this.#run(group, isAwaited && isLast);
        }
      };
      const { autocommit } = this.#options;
      await (part[0]?.isAutocommit === true && autocommit !== undefined ? autocommit(run) : run());
    }
    return rows;
  }

  /** The schema calls the tables of this database by their names alone, whatever the revision does. */
  async #atHome(origins: readonly StatementOrigin[]): Promise<readonly StatementOrigin[]> {
    const { connection, dialect } = this.#options;
    const isElsewhere = ({ operation }: StatementOrigin): boolean => isNamespaced(operation);
    if (dialect.capabilities.namespaces || !origins.some(isElsewhere)) return origins;
    const home = await readHome(connection, dialect);
    return origins.map((origin) =>
      isElsewhere(origin) ? { ...origin, operation: atHome(origin.operation, home) } : origin,
    );
  }

  async #sendNow<T>(
    { at, sql, params = [], passed }: SentCall<T>,
    task: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const { connection, file, watch, carryOut = sendAll, onStatement } = this.#options;
    await this.#begin(false);
    if (sql === null) return task(connection);
    const operation: Operation = { kind: 'execute', sql, params, reverse: null };
    const origin = { operation: { kind: 'opaque', at: at ?? file }, at, isAutocommit: false } as const;
    this.#origin = origin;
    const run = (): Promise<T> => watch?.(() => task(connection)) ?? task(connection);
    // The log says how far the batches have come, and what only reads is read again.
    const readsOnly = readsAlone(sql, connection.dialect);
    this.#hasRead ||= readsOnly;
    if (this.isInBatch) return run();
    if (readsOnly) {
      onStatement({ sql });
      return run();
    }
    this.#hasChanged = true;
    // It may change anything.
    this.#before = null;
    let result = passed;
    await carryOut({
      group: { origin, operations: [operation] },
      needsRows: passed === undefined || /\breturning\b/i.test(sql),
      isBehindRead: this.#hasRead,
      compile: () => Promise.resolve([{ sql }]),
      send: async (statement, number) => {
        this.#count = number;
        onStatement(statement);
        result = await run();
        return [];
      },
    });
    if (result !== undefined) return result;
    throw new AludelError('ALUDEL_RESUME_REFUSED', 'An earlier run has saved what op.session() would save again.', {
      hint: 'Finish the revision by hand, then run "aludel stamp" to say where the database is.',
      details: { at },
    });
  }

  /** DDL would commit a transaction that a handle has begun on MySQL; where it would not, the rule is the same. */
  #refuseInTransaction(batch: readonly StatementOrigin[]): void {
    if (this.isTransactional || !this.#options.connection.inTransaction) return;
    const refused = batch.find(({ operation }) => !DATA_KINDS.has(operation.kind));
    if (refused === undefined) return;
    this.#origin = refused;
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `Cannot ${describe(refused.operation)} while a transaction of op.db, op.session() or op.batch() is open.`,
      { hint: 'Commit it first: await session.commit(), or call the operation outside of the function.' },
    );
  }

  async #run(group: OperationGroup, needsRows: boolean): Promise<readonly Row[]> {
    const { dialect } = this.#options;
    const { operations } = group;
    this.#origin = group.origin;
    // What a portion of a batch does is done with the portion, or not at all: the journal is not to pass over it.
    const carryOut = this.isInBatch ? sendAll : (this.#options.carryOut ?? sendAll);
    const rows = await carryOut({
      group,
      needsRows,
      isBehindRead: this.#hasRead,
      compile: () => this.#compile(operations),
      send: (statement, number) => this.#send(statement, number),
    });
    this.#before = this.#before && schemaAfter(this.#before, operations, dialect);
    this.#hasRead ||= needsRows && rows.length > 0;
    return rows;
  }

  async #compile(operations: readonly Operation[]): Promise<readonly Statement[]> {
    const { dialect, connection, reflect } = this.#options;
    const needsSchema = operations.some((operation) => dialect.needsSchema(operation));
    if (this.#before === null && needsSchema) this.#before = await reflect();
    const context: CompileContext = { server: connection.server, before: this.#before };
    return compileGroup(operations, dialect, context);
  }

  async #send(statement: Statement, number: number): Promise<readonly Row[]> {
    const { connection, watch, onStatement } = this.#options;
    this.#count = number;
    onStatement(statement);
    const send = (): Promise<QueryResult> => connection.execute(statement.sql, statement.params);
    const { rows } = await (watch?.(send) ?? send());
    checkExpectation(statement, rows);
    return rows;
  }
}

async function sendAll(turn: GroupTurn): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  for (const [at, statement] of (await turn.compile()).entries()) rows = await turn.send(statement, at + 1);
  return rows;
}

/** The schema after a group in memory, or nothing where it has to be read again: raw SQL may have changed anything. */
function schemaAfter(before: Schema, operations: readonly Operation[], dialect: Dialect): Schema | null {
  const isUnknown = operations.some(({ kind }) => kind === 'execute' || kind === 'custom');
  return isUnknown || dialect.groups !== undefined ? null : operations.reduce(apply, before);
}

function revisionOver(file: string, at: string | null = callSite(file)): AludelError {
  return new AludelError(
    'ALUDEL_REVISION_OVER',
    `"${at ?? file}" used "op" after its upgrade() or downgrade() had ended: this operation was not run.`,
    {
      hint: 'Await every promise in the file, timers and streams included, and write a new revision for what is missing.',
      details: { file, at },
    },
  );
}
