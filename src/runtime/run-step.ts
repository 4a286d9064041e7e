/** Runs one revision: begin, operations, checks, version rows, log, commit; or nothing of all that. */
import { readFileSync } from 'node:fs';
import type { Dialect, Statement } from '../dialects/dialect.js';
import type { Connection, TransactionMode } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { Operations } from '../operations/recorder.js';
import { revisionChecksum } from '../revisions/revision-checksum.js';
import { applyRowChanges, type RevisionStep } from '../revisions/steps.js';
import { findTable, type Schema } from '../schema/table.js';
import { BatchLog } from './batch-log.js';
import type { RunExtensions } from './run-extensions.js';
import type { RunContext } from '../util/run-context.js';
import { explainFailure } from './explain-failure.js';
import {
  compareViolations,
  countViolations,
  ForeignKeysMustBeOff,
  restorePragmas,
  type Violations,
} from './foreign-key-check.js';
import { Journal } from './journal.js';
import { LogTable } from './log-table.js';
import { OperationQueue } from './operation-queue.js';
import { isHalfDone } from './progress.js';
import { autocommitInRun, noTransactionInRun } from './refuse-outside-run.js';
import { type ImportModule, loadRevisionScript, type RevisionScript } from './revision-module.js';
import { type BatchProgress, bindHost, RevisionHost } from './revision-host.js';
import type { ResumeAt } from './resume.js';
import { beginTransaction, inTransaction } from './runner-lock.js';
import { type ReleaseSideLock, sideFileOf, type SideLockOptions, takeSideLock } from './side-lock.js';
import { findEarlier } from './unfinished.js';
import type { OwnTables, VersionTable } from './version-table.js';

/** Thrown inside the transaction where the version rows are not those that the plan was made for. */
export class PlanIsStale extends Error {}

export interface StepContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly names: OwnTables;
  readonly versions: VersionTable;
  /** Settles when the lock of the run has been seen to hold: nothing may change before. */
  readonly verified: Promise<void>;
  readonly transaction: TransactionMode;
  /** The transaction that is open around all steps of the run, where there is one. */
  readonly outer: OuterTransaction | null;
  readonly extensions: RunExtensions | null;
  readonly importModule: ImportModule;
  readonly context: RunContext;
  reflect(connection: Connection): Promise<Schema>;
  onStatement(statement: Statement, step: RevisionStep): void;
  onBatch(progress: BatchProgress, step: RevisionStep): void;
  /** How another runner is waited for. */
  readonly waiting: SideLockOptions;
  /** True for the first step of a run: what an earlier run left half done is looked for. */
  readonly isFirst: boolean;
  /** What a person says of the statement that an earlier run left in doubt. */
  readonly resumeAt: ResumeAt | undefined;
  onResume(statement: number): void;
  /** Sends a statement, and looks after it while it waits. */
  watch<T>(send: () => Promise<T>): Promise<T>;
}

export interface OuterTransaction {
  /** SQLite: it began with foreign keys switched off. */
  readonly isWithoutForeignKeys: boolean;
}

export interface StepReport {
  readonly statements: number;
}

/** @throws PlanIsStale; AludelError ALUDEL_REVISION_FAILED, ALUDEL_REVISION_INVALID and what loading a module throws. */
export async function runStep(
  step: RevisionStep,
  expectedHeads: readonly string[],
  context: StepContext,
): Promise<StepReport> {
  const file = step.revision.file ?? '';
  const script = await loadRevisionScript(step.revision, step.direction, context.importModule);
  if (context.outer !== null && !script.isTransactional) throw noTransactionInRun([step]);
  const checksum = revisionChecksum(readFileSync(file, 'utf8'), file);
  try {
    return await new Attempt(step, script, expectedHeads, context, checksum).run(false);
  } catch (error) {
    if (!(error instanceof ForeignKeysMustBeOff) || context.outer !== null) throw error;
    return await new Attempt(step, script, expectedHeads, context, checksum).run(true);
  }
}

/** True for an error that another try of the whole revision may not meet: a lock was not free, and nothing took effect. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof AludelError) || error.code !== 'ALUDEL_LOCK_TIMEOUT') return false;
  // Only what a driver said: our own belts say that the plan does not hold.
  return error.details['applied'] === 0 && error.details['driverCode'] !== undefined;
}

class Attempt {
  readonly #step: RevisionStep;
  readonly #script: RevisionScript;
  readonly #isTransactional: boolean;
  readonly #expectedHeads: readonly string[];
  readonly #context: StepContext;
  readonly #versions: VersionTable;
  readonly #log: LogTable;
  readonly #batches: BatchLog;
  readonly #journal: Journal;
  #violations: Violations | null = null;
  #sideLock: ReleaseSideLock | null = null;
  #hasBegun = false;
  #isConcluding = false;

  constructor(
    step: RevisionStep,
    script: RevisionScript,
    expectedHeads: readonly string[],
    context: StepContext,
    checksum: string,
  ) {
    const { connection, dialect, names, versions, transaction } = context;
    const { revision, direction } = step;
    this.#step = step;
    this.#script = script;
    this.#isTransactional = script.isTransactional && transaction !== 'none' && dialect.capabilities.transactionalDdl;
    this.#expectedHeads = expectedHeads;
    this.#context = context;
    this.#versions = versions;
    this.#log = new LogTable(connection, dialect, names);
    this.#batches = new BatchLog({ connection, dialect, names, revision: revision.id, direction });
    this.#journal = new Journal({
      connection,
      dialect,
      log: this.#log,
      start: { revision: revision.id, direction, checksum },
      isInside: this.#isTransactional,
      resumeAt: context.resumeAt,
      reflect: () => context.reflect(connection),
    });
  }

  async run(withoutForeignKeys: boolean): Promise<StepReport> {
    const { connection, dialect } = this.#context;
    const queue = new OperationQueue({
      connection,
      dialect,
      file: this.#step.revision.file ?? '',
      begin: (needsForeignKeysOff) => this.#begin(withoutForeignKeys || needsForeignKeysOff),
      reflect: () => this.#journal.reflect(),
      // Elsewhere there is nothing to leave; where one writes at a time, there is no other lock than the transaction.
      ...(this.#isTransactional && (!dialect.capabilities.oneWriter || this.#context.outer !== null)
        ? { autocommit: <T>(run: () => Promise<T>): Promise<T> => this.#outside(run) }
        : {}),
      carryOut: (turn) => this.#journal.carryOut(turn),
      transactions: this.#journal,
      watch: (send) => this.#context.watch(send),
      canRestart: this.#isTransactional,
      onStatement: (statement) => this.#context.onStatement(statement, this.#step),
    });
    try {
      const { context, extensions } = this.#context;
      const { methods = {} } = extensions ?? {};
      const op = new Operations(queue, { offline: false, context, methods });
      bindHost(op, this.#host(queue));
      await this.#script.run(op);
      await queue.finish();
      await this.#conclude();
      return { statements: this.#journal.reached };
    } catch (error) {
      queue.abandon();
      if (this.#context.outer === null) await connection.rollback().catch(() => undefined);
      if (error instanceof ForeignKeysMustBeOff || error instanceof PlanIsStale) throw error;
      await this.#journal.fail(error);
      const { origin, statementCount: statement } = queue;
      const driverCode = error instanceof AludelError ? error.details['driverCode'] : undefined;
      const advice = origin === null ? undefined : dialect.failureAdvice?.(origin.operation, driverCode);
      throw explainFailure(error, {
        step: this.#step,
        origin: this.#isConcluding ? null : origin,
        statement,
        applied: this.#journal.applied,
        kept: queue.batchHint,
        advice,
        isInRun: this.#context.outer !== null,
      });
    } finally {
      if (this.#violations !== null) await restorePragmas(connection);
      await this.#sideLock?.();
    }
  }

  #host(queue: OperationQueue): RevisionHost {
    const { connection, dialect, reflect, onBatch } = this.#context;
    return new RevisionHost({
      connection,
      dialect,
      queue,
      file: this.#step.revision.file ?? '',
      batches: this.#batches,
      findTable: async (name) => findTable(await reflect(connection), name),
      onBatch: (progress) => onBatch(progress, this.#step),
    });
  }

  async #begin(withoutForeignKeys: boolean): Promise<boolean> {
    const { connection, dialect, outer, waiting, verified } = this.#context;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (outer !== null) {
      await verified;
      if (withoutForeignKeys && !outer.isWithoutForeignKeys) throw new ForeignKeysMustBeOff();
      if (isFirst) await this.#openJournal();
      return outer.isWithoutForeignKeys;
    }
    if (isFirst && !this.#isTransactional && dialect.capabilities.oneWriter) {
      const file = await sideFileOf(connection);
      if (file !== null) this.#sideLock = await takeSideLock(file, waiting);
    }
    if (withoutForeignKeys) {
      // Inside a transaction this pragma does nothing, silently.
      await connection.execute('PRAGMA foreign_keys = OFF');
      this.#violations = new Map();
    }
    if (isFirst) {
      if (this.#isTransactional) await beginTransaction(connection, dialect, waiting);
      const heads = await this.#readHeads();
      await verified;
      if (heads.join() !== [...this.#expectedHeads].sort().join()) throw new PlanIsStale();
    }
    if (this.#violations !== null) this.#violations = await countViolations(connection);
    if (isFirst) await this.#openJournal();
    return withoutForeignKeys;
  }

  /** Without a transaction around the revision, the version could be the one before another writer's, which a lock kept out elsewhere. */
  async #readHeads(): Promise<readonly string[]> {
    const { connection, dialect } = this.#context;
    if (this.#isTransactional || !dialect.capabilities.oneWriter) return this.#versions.readHeads();
    return inTransaction(connection, () => this.#versions.readHeads());
  }

  /** Under the lock by now: nobody is at work on what the log says to be open. */
  async #openJournal(): Promise<void> {
    const { isFirst, resumeAt, onResume } = this.#context;
    // Later steps follow one that ended; only on SQLite may another process have been here in between, without a transaction.
    const looks = isFirst || !this.#isTransactional;
    const earlier = looks ? await findEarlier(this.#log, this.#step, resumeAt) : null;
    if (earlier !== null && isHalfDone(earlier.progress)) onResume(earlier.step.statement);
    if (earlier !== null || !this.#isTransactional) await this.#journal.open(earlier);
  }

  #outside<T>(run: () => Promise<T>): Promise<T> {
    if (this.#context.outer !== null) return Promise.reject(autocommitInRun([this.#step]));
    return this.#journal.outside(run);
  }

  async #conclude(): Promise<void> {
    const { connection, outer } = this.#context;
    if (!this.#isTransactional && outer === null && connection.inTransaction) throw transactionLeftOpen();
    this.#isConcluding = true;
    if (this.#violations !== null) compareViolations(this.#violations, await countViolations(connection));
    const write = async (): Promise<void> => {
      await this.#batches.clear();
      await this.#journal.end(this.#versions, this.#step.rows);
      await this.#tellVersion();
    };
    await (connection.inTransaction ? write() : inTransaction(connection, write));
    if (this.#isTransactional && outer === null) await connection.commit();
  }

  async #tellVersion(): Promise<void> {
    const { connection, dialect, extensions } = this.#context;
    const { revision, direction, rows } = this.#step;
    const to = new Set(this.#expectedHeads);
    applyRowChanges(to, rows);
    await extensions?.onVersionApply?.({
      direction,
      revision: revision.id,
      message: revision.message,
      from: [...this.#expectedHeads].sort(),
      to: [...to].sort(),
      dialect: dialect.name,
      connection: { execute: (sql, params) => connection.execute(sql, params) },
    });
  }
}

function transactionLeftOpen(): AludelError {
  return new AludelError(
    'ALUDEL_REVISION_FAILED',
    'The revision has begun a transaction by itself and not ended it: what it did in there was rolled back.',
    { hint: 'End it with COMMIT in the file.' },
  );
}
