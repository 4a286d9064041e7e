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
import type { Operation } from '../operations/operation.js';
import type { OperationSink } from '../operations/recorder.js';
import type { Schema } from '../schema/table.js';
import { callSite } from './call-site.js';

/** Thrown where a rebuild comes up in a transaction that began with foreign keys on: the revision starts over. */
export class ForeignKeysMustBeOff extends Error {}

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
  /** The statements for the schema as it is now. */
  compile(): Promise<readonly Statement[]>;
  /** Sends one of them and checks the answer; `number` is its place in the revision, from 1. */
  send(statement: Statement, number: number): Promise<readonly Row[]>;
}

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

  record(operation: Operation): void {
    if (this.#isOver) throw revisionOver(this.#options.file);
    this.#pending.push({ operation, at: callSite(this.#options.file), isAutocommit: this.#isAutocommit });
  }

  setAutocommit(isOn: boolean): void {
    this.#isAutocommit = isOn;
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
    await this.#flush(false);
    // What was started without await has been queued by now; nothing may be added while it runs.
    await nextTurn();
    await this.#flush(false);
    this.#isOver = true;
    await this.#tail;
    await this.#begin(false);
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
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return [];
    const { dialect } = this.#options;
    const batch = placeOperations(pending, dialect, !isAwaited);
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

  async #run(group: OperationGroup, needsRows: boolean): Promise<readonly Row[]> {
    const { dialect, carryOut = sendAll } = this.#options;
    const { operations } = group;
    this.#origin = group.origin;
    const rows = await carryOut({
      group,
      needsRows,
      compile: () => this.#compile(operations),
      send: (statement, number) => this.#send(statement, number),
    });
    this.#before = this.#before && schemaAfter(this.#before, operations, dialect);
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
  const isUnknown = operations.some(({ kind }) => kind === 'execute');
  return isUnknown || dialect.groups !== undefined ? null : operations.reduce(apply, before);
}

function checkExpectation({ expect }: Statement, rows: readonly Row[]): void {
  if (expect?.kind === 'noRows' && rows.length > 0) {
    const found = expect.listed === true ? `: ${rows.map(listed).join(', ')}.` : '';
    throw new AludelError('ALUDEL_REVISION_FAILED', expect.problem + found);
  }
  if (expect?.kind !== 'equalCounts') return;
  const [expected, found] = [Number(rows[0]?.['expected']), Number(rows[0]?.['found'])];
  if (expected === found) return;
  throw new AludelError(
    'ALUDEL_REVISION_FAILED',
    `The copy of table "${expect.table}" holds ${found} rows instead of ${expected}.`,
  );
}

/** What stands in the way, and in how many rows. */
function listed(row: Row): string {
  const found = String(row['found']);
  const held = row['held'] === undefined ? null : Number(row['held']);
  return held === null ? found : `"${found}" in ${held} ${held === 1 ? 'row' : 'rows'}`;
}

function revisionOver(file: string): AludelError {
  const at = callSite(file);
  return new AludelError(
    'ALUDEL_REVISION_OVER',
    `"${at ?? file}" used "op" after its upgrade() or downgrade() had ended: this operation was not run.`,
    {
      hint: 'Await every promise in the file, timers and streams included, and write a new revision for what is missing.',
      details: { file, at },
    },
  );
}
