/** Runs one revision: begin, operations, checks, version rows, log, commit; or nothing of all that. */
import { readFileSync } from 'node:fs';
import type { Dialect, Statement } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { AludelError, isRefusedStatement } from '../errors.js';
import { describe } from '../operations/describe.js';
import { Operations } from '../operations/recorder.js';
import { revisionChecksum } from '../revisions/revision-checksum.js';
import type { RevisionStep } from '../revisions/steps.js';
import type { Schema } from '../schema/table.js';
import { callSite } from './call-site.js';
import { compareViolations, countViolations, type Violations } from './foreign-key-check.js';
import { LogTable } from './log-table.js';
import { ForeignKeysMustBeOff, OperationQueue } from './operation-queue.js';
import { type ImportModule, loadRevisionScript, type RevisionScript } from './revision-module.js';
import { inTransaction } from './runner-lock.js';
import { isSideLockFree, type ReleaseSideLock, sideFileOf, type SideLockOptions, takeSideLock } from './side-lock.js';
import { type OwnTables, VersionTable } from './version-table.js';

/** Thrown inside the transaction where the version rows are not those that the plan was made for. */
export class PlanIsStale extends Error {}

export interface StepContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly names: OwnTables;
  readonly importModule: ImportModule;
  reflect(connection: Connection): Promise<Schema>;
  onStatement(statement: Statement, step: RevisionStep): void;
  /** How another runner is waited for. */
  readonly waiting: SideLockOptions;
  /** Sends a statement, and looks after it while it waits. */
  watch<T>(send: () => Promise<T>): Promise<T>;
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
  const checksum = revisionChecksum(readFileSync(file, 'utf8'));
  try {
    return await new Attempt(step, script, expectedHeads, context, checksum).run(false);
  } catch (error) {
    if (!(error instanceof ForeignKeysMustBeOff)) throw error;
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
  readonly #checksum: string;
  readonly #versions: VersionTable;
  readonly #log: LogTable;
  #logId: string | null = null;
  #violations: Violations | null = null;
  #sideLock: ReleaseSideLock | null = null;
  #hasBegun = false;
  #isAutocommitting = false;
  /** How many statements have taken effect whatever comes. */
  #committed = 0;

  constructor(
    step: RevisionStep,
    script: RevisionScript,
    expectedHeads: readonly string[],
    context: StepContext,
    checksum: string,
  ) {
    const { connection, dialect, names } = context;
    this.#step = step;
    this.#script = script;
    this.#isTransactional = script.isTransactional && dialect.capabilities.transactionalDdl;
    this.#expectedHeads = expectedHeads;
    this.#context = context;
    this.#checksum = checksum;
    this.#versions = new VersionTable(connection, dialect, names);
    this.#log = new LogTable(connection, dialect, names);
  }

  async run(withoutForeignKeys: boolean): Promise<StepReport> {
    const { connection, dialect } = this.#context;
    const queue = new OperationQueue({
      connection,
      dialect,
      file: this.#step.revision.file ?? '',
      begin: (needsForeignKeysOff) => this.#begin(withoutForeignKeys || needsForeignKeysOff),
      reflect: () => this.#context.reflect(connection),
      autocommit: (run) => this.#autocommit(run, queue),
      watch: (send) => this.#context.watch(send),
      canRestart: this.#isTransactional,
      guardsGroups: !this.#isTransactional && dialect.name === 'sqlite',
      onStatement: (statement, index) => this.#onStatement(statement, index),
    });
    try {
      await this.#script.run(new Operations(queue, { offline: false }));
      await queue.finish();
      await this.#conclude(queue.statementCount);
      return { statements: queue.statementCount };
    } catch (error) {
      queue.abandon();
      await connection.rollback().catch(() => undefined);
      if (error instanceof ForeignKeysMustBeOff || error instanceof PlanIsStale) throw error;
      throw this.#explain(error, queue);
    } finally {
      if (this.#violations !== null) await restorePragmas(connection);
      await this.#sideLock?.();
    }
  }

  async #begin(withoutForeignKeys: boolean): Promise<boolean> {
    const { connection, dialect } = this.#context;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (isFirst && !this.#isTransactional && dialect.name === 'sqlite') {
      const file = await sideFileOf(connection);
      if (file !== null) this.#sideLock = await takeSideLock(file, this.#context.waiting);
    }
    if (withoutForeignKeys && dialect.name === 'sqlite') {
      // Inside a transaction this pragma does nothing, silently.
      await connection.execute('PRAGMA foreign_keys = OFF');
      this.#violations = new Map();
    }
    if (isFirst) {
      if (this.#isTransactional) await this.#beginTransaction();
      if ((await this.#readHeads()).join() !== [...this.#expectedHeads].sort().join()) throw new PlanIsStale();
    }
    if (this.#violations !== null) this.#violations = await countViolations(connection);
    if (isFirst && !this.#isTransactional) await this.#startLog();
    return withoutForeignKeys;
  }

  async #beginTransaction(): Promise<void> {
    const { connection, dialect, waiting } = this.#context;
    const file = dialect.name === 'sqlite' ? await sideFileOf(connection) : null;
    for (;;) {
      await connection.begin({ mode: 'immediate' });
      // Asked inside, since a revision without a transaction takes its lock first and reads the version then.
      if (file === null || (await isSideLockFree(file))) return;
      await connection.rollback();
      const release = await takeSideLock(file, waiting);
      await release();
    }
  }

  /** Without a transaction around the revision SQLite could give the version as it was before another writer's. */
  async #readHeads(): Promise<readonly string[]> {
    const { connection, dialect } = this.#context;
    if (this.#isTransactional || dialect.name !== 'sqlite') return this.#versions.readHeads();
    return inTransaction(connection, () => this.#versions.readHeads());
  }

  /** The log says from here on what took effect, since ROLLBACK will not undo it. */
  async #autocommit<T>(run: () => Promise<T>, queue: OperationQueue): Promise<T> {
    const { connection, dialect } = this.#context;
    // SQLite has no other lock than its transaction.
    if (!this.#isTransactional || dialect.name === 'sqlite') return run();
    if (this.#logId === null) await this.#startLog();
    await connection.commit();
    this.#isAutocommitting = true;
    const result = await run();
    this.#isAutocommitting = false;
    this.#committed = queue.statementCount;
    await connection.begin();
    return result;
  }

  async #conclude(statements: number): Promise<void> {
    const { connection, dialect } = this.#context;
    if (this.#violations !== null) compareViolations(this.#violations, await countViolations(connection));
    if (this.#logId === null) await this.#startLog();
    const write = async (): Promise<void> => {
      for (const change of this.#step.rows) await this.#versions.apply(change);
      if (this.#logId !== null) await this.#log.end(this.#logId, statements);
    };
    const isOpen = this.#isTransactional || !dialect.capabilities.transactionalDdl || connection.inTransaction;
    await (isOpen ? write() : inTransaction(connection, write));
    if (this.#isTransactional) await connection.commit();
  }

  async #startLog(): Promise<void> {
    const { revision, direction } = this.#step;
    this.#logId = await this.#log.start({ revision: revision.id, direction, checksum: this.#checksum });
  }

  async #onStatement(statement: Statement, index: number): Promise<void> {
    this.#context.onStatement(statement, this.#step);
    if (this.#logId !== null) await this.#log.reach(this.#logId, index, statement.sql);
  }

  #explain(error: unknown, queue: OperationQueue): unknown {
    const { revision, direction } = this.#step;
    const { origin, statementCount } = queue;
    const isOurs = error instanceof AludelError;
    if (isOurs && error.code === 'ALUDEL_REVISION_OVER') return error;
    const reason = error instanceof Error ? error.message : String(error);
    // What the file itself threw says where; a statement, which call it was sent for.
    const at = isOurs || !(error instanceof Error) ? (origin?.at ?? null) : callSite(revision.file ?? '', error);
    const call = isOurs && origin !== null ? describe(origin.operation) : null;
    const where = at === null && call === null ? '' : ` at ${at ?? call}`;
    // The statement in flight has failed, or the file's own code has, after all that were sent.
    const isUndone = this.#isTransactional && !this.#isAutocommitting;
    const effective = isUndone ? this.#committed : isOurs ? statementCount - 1 : statementCount;
    const undone =
      effective <= 0
        ? 'Nothing of this revision was applied: mend the file, then run the command again.'
        : `The first ${effective === 1 ? 'statement' : `${effective} statements`} took effect, and ` +
          `"${this.#context.names.log}" says so: undo what they did, or finish the revision by hand, then run "aludel current".`;
    const sql = isOurs && typeof error.details['sql'] === 'string' ? `\n  ${error.details['sql']}` : '';
    const number = !isOurs || statementCount === 0 ? '' : `, statement ${statementCount}`;
    return new AludelError(
      isOurs && !isRefusedStatement(error) ? error.code : 'ALUDEL_REVISION_FAILED',
      `${direction === 'upgrade' ? 'Upgrade' : 'Downgrade'} "${revision.id}" failed${where}${number}: ${reason}${sql}`,
      {
        hint: isOurs && error.hint !== undefined ? `${error.hint} ${undone}` : undone,
        details: {
          ...(isOurs ? error.details : {}),
          revision: revision.id,
          file: revision.file,
          at,
          statement: statementCount,
          applied: Math.max(0, effective),
        },
        cause: error,
      },
    );
  }
}

/** SQLite: what a rebuild switched, however it ended. */
async function restorePragmas(connection: Connection): Promise<void> {
  for (const pragma of ['legacy_alter_table = OFF', 'foreign_keys = ON']) {
    await connection.execute(`PRAGMA ${pragma}`).catch(() => undefined);
  }
}
