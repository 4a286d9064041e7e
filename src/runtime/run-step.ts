/** Runs one revision: begin, operations, checks, version rows, log, commit; or nothing of all that. */
import { readFileSync } from 'node:fs';
import type { Dialect, Statement } from '../dialects/dialect.js';
import type { Connection, TransactionMode } from '../engine/connection.js';
import { AludelError, isRefusedStatement } from '../errors.js';
import { describe } from '../operations/describe.js';
import { Operations } from '../operations/recorder.js';
import { revisionChecksum } from '../revisions/revision-checksum.js';
import { applyRowChanges, type RevisionStep } from '../revisions/steps.js';
import type { Schema } from '../schema/table.js';
import { callSite } from './call-site.js';
import type { RunExtensions } from './environment.js';
import {
  compareViolations,
  countViolations,
  ForeignKeysMustBeOff,
  restorePragmas,
  type Violations,
} from './foreign-key-check.js';
import { LogTable } from './log-table.js';
import { OperationQueue } from './operation-queue.js';
import { autocommitInRun, noTransactionInRun } from './refuse-outside-run.js';
import { type ImportModule, loadRevisionScript, type RevisionScript } from './revision-module.js';
import { beginTransaction, inTransaction } from './runner-lock.js';
import { type ReleaseSideLock, sideFileOf, type SideLockOptions, takeSideLock } from './side-lock.js';
import { type OwnTables, VersionTable } from './version-table.js';

/** Thrown inside the transaction where the version rows are not those that the plan was made for. */
export class PlanIsStale extends Error {}

export interface StepContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly names: OwnTables;
  readonly transaction: TransactionMode;
  /** The transaction that is open around all steps of the run, where there is one. */
  readonly outer: OuterTransaction | null;
  readonly extensions: RunExtensions | null;
  readonly importModule: ImportModule;
  reflect(connection: Connection): Promise<Schema>;
  onStatement(statement: Statement, step: RevisionStep): void;
  /** How another runner is waited for. */
  readonly waiting: SideLockOptions;
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
  const checksum = revisionChecksum(readFileSync(file, 'utf8'));
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
  readonly #checksum: string;
  readonly #versions: VersionTable;
  readonly #log: LogTable;
  #logId: string | null = null;
  #violations: Violations | null = null;
  #sideLock: ReleaseSideLock | null = null;
  #hasBegun = false;
  #isConcluding = false;
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
    const { connection, dialect, names, transaction } = context;
    this.#step = step;
    this.#script = script;
    this.#isTransactional = script.isTransactional && transaction !== 'none' && dialect.capabilities.transactionalDdl;
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
      const { methods = {} } = this.#context.extensions ?? {};
      await this.#script.run(new Operations(queue, { offline: false, methods }));
      await queue.finish();
      await this.#conclude(queue.statementCount);
      return { statements: queue.statementCount };
    } catch (error) {
      queue.abandon();
      if (this.#context.outer === null) await connection.rollback().catch(() => undefined);
      if (error instanceof ForeignKeysMustBeOff || error instanceof PlanIsStale) throw error;
      throw this.#explain(error, queue);
    } finally {
      if (this.#violations !== null) await restorePragmas(connection);
      await this.#sideLock?.();
    }
  }

  async #begin(withoutForeignKeys: boolean): Promise<boolean> {
    const { connection, dialect, outer, waiting } = this.#context;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (outer !== null) {
      if (withoutForeignKeys && dialect.name === 'sqlite' && !outer.isWithoutForeignKeys) {
        throw new ForeignKeysMustBeOff();
      }
      return outer.isWithoutForeignKeys;
    }
    if (isFirst && !this.#isTransactional && dialect.name === 'sqlite') {
      const file = await sideFileOf(connection);
      if (file !== null) this.#sideLock = await takeSideLock(file, waiting);
    }
    if (withoutForeignKeys && dialect.name === 'sqlite') {
      // Inside a transaction this pragma does nothing, silently.
      await connection.execute('PRAGMA foreign_keys = OFF');
      this.#violations = new Map();
    }
    if (isFirst) {
      if (this.#isTransactional) await beginTransaction(connection, dialect, waiting);
      if ((await this.#readHeads()).join() !== [...this.#expectedHeads].sort().join()) throw new PlanIsStale();
    }
    if (this.#violations !== null) this.#violations = await countViolations(connection);
    if (isFirst && !this.#isTransactional) await this.#startLog();
    return withoutForeignKeys;
  }

  /** Without a transaction around the revision SQLite could give the version as it was before another writer's. */
  async #readHeads(): Promise<readonly string[]> {
    const { connection, dialect } = this.#context;
    if (this.#isTransactional || dialect.name !== 'sqlite') return this.#versions.readHeads();
    return inTransaction(connection, () => this.#versions.readHeads());
  }

  /** The log says from here on what took effect, since ROLLBACK will not undo it. */
  async #autocommit<T>(run: () => Promise<T>, queue: OperationQueue): Promise<T> {
    const { connection, dialect, outer } = this.#context;
    if (outer !== null) throw autocommitInRun([this.#step]);
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
    const { connection, outer } = this.#context;
    this.#isConcluding = true;
    if (this.#violations !== null) compareViolations(this.#violations, await countViolations(connection));
    if (this.#logId === null) await this.#startLog();
    const write = async (): Promise<void> => {
      for (const change of this.#step.rows) await this.#versions.apply(change);
      await this.#tellVersion();
      if (this.#logId !== null) await this.#log.end(this.#logId, statements);
    };
    const isOpen = this.#isTransactional || connection.inTransaction;
    await (isOpen ? write() : inTransaction(connection, write));
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
    // The project's code threw between two statements, not one of them.
    const isBetween = !isOurs || error.code === 'ALUDEL_EXTENSION_FAILED';
    const reason = error instanceof Error ? error.message : String(error);
    // What the file itself threw says where; a statement, which call it was sent for.
    const thrownAt = error instanceof Error && isBetween ? callSite(revision.file ?? '', error) : null;
    const sentFor = this.#isConcluding || !isOurs ? null : origin;
    const at = thrownAt ?? sentFor?.at ?? null;
    const call = sentFor === null ? null : describe(sentFor.operation);
    const where = at === null && call === null ? '' : ` at ${at ?? call}`;
    // The statement in flight has failed, or the file's own code has, after all that were sent.
    const isUndone = this.#isTransactional && !this.#isAutocommitting;
    const effective = isUndone ? this.#committed : isBetween ? statementCount : statementCount - 1;
    const undone =
      effective <= 0
        ? `Nothing of this ${this.#context.outer === null ? 'revision' : 'run'} was applied: mend the file, then run the command again.`
        : `The first ${effective === 1 ? 'statement' : `${effective} statements`} took effect, and ` +
          `"${this.#context.names.log}" says so: undo what they did, or finish the revision by hand, then run "aludel current".`;
    const sql = isOurs && typeof error.details['sql'] === 'string' ? `\n  ${error.details['sql']}` : '';
    const number = isBetween || statementCount === 0 ? '' : `, statement ${statementCount}`;
    return new AludelError(
      isOurs && !isRefusedStatement(error) ? error.code : 'ALUDEL_REVISION_FAILED',
      `${direction === 'upgrade' ? 'Upgrade' : 'Downgrade'} "${revision.id}" failed${where}${number}: ${reason}${sql}`,
      {
        hint: [isOurs ? error.hint : pluginHint(reason), undone].filter((text) => text !== undefined).join(' '),
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

/** The method of a plugin that the config does not list is missing, as any other. */
function pluginHint(reason: string): string | undefined {
  const name = /\bop\.(\w+) is not a function$/.exec(reason)?.[1];
  if (name === undefined) return undefined;
  return `If a plugin defines "op.${name}", add it to "plugins" in the config file.`;
}
