/**
 * What of a revision has taken effect where ROLLBACK cannot undo it. The log hears of each step on its way: in one
 * transaction with the statement where the database can, before the statement where it cannot. Whoever goes on after a
 * crash goes through the same operations, and passes over those that the log knows to be done.
 */
import type { Dialect, Statement } from '../dialects/dialect.js';
import type { Connection, Row } from '../engine/connection.js';
import { AludelError, isRefusedStatement } from '../errors.js';
import type { RowChange } from '../revisions/steps.js';
import type { Schema } from '../schema/table.js';
import { CounterMemory } from './counter-memory.js';
import type { LogStart, LogTable, OpenEntry } from './log-table.js';
import type { GroupTurn } from './operation-queue.js';
import { addToDigest, type Flight, NO_PROGRESS, type Progress } from './progress.js';
import { findEffect, passOver, type ResumeAt, revisionChanged } from './resume.js';
import { commitsByItself, rollsBack, statementKind, type StatementKind } from './statement-kind.js';
import type { RowChangeSql, VersionTable } from './version-table.js';

export interface JournalOptions {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly log: LogTable;
  readonly start: LogStart;
  /** False where each statement stands by itself. */
  readonly isInside: boolean;
  /** What a person says of the statement that was in flight. */
  readonly resumeAt: ResumeAt | undefined;
  reflect(): Promise<Schema>;
}

export class Journal {
  readonly #options: JournalOptions;
  #counters: CounterMemory = new CounterMemory();
  /** As it was read last. */
  #schema: Schema | null = null;
  readonly #startedAt: Date = new Date();
  #entry: string | null = null;
  #isInside: boolean;
  #progress: Progress = NO_PROGRESS;
  /** Where an earlier run was cut off. */
  #earlier: Progress = NO_PROGRESS;
  #hasCaughtUp = true;
  /** Statements that no ROLLBACK of this run undoes. */
  #committed = 0;
  /** The statement that was sent last. */
  #text: string | null = null;
  /** Where it stood when each transaction or savepoint began that is open, last one last: ROLLBACK leads back there. */
  readonly #begun: Progress[] = [];

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#isInside = options.isInside;
  }

  /** How many statements have taken effect whatever comes. */
  get applied(): number {
    return this.#isInside ? this.#committed : this.#progress.statements + (this.#progress.flight?.at ?? 0);
  }

  /** The number of the statement in flight, or of the last one. */
  get reached(): number {
    const { statements, flight } = this.#progress;
    return statements + (flight === null ? 0 : flight.at + 1);
  }

  /** Writes the entry of the step, or takes up that of an earlier run. */
  async open(earlier: OpenEntry | null): Promise<void> {
    const { log, start } = this.#options;
    if (earlier === null) {
      this.#entry = await log.start(start);
      return;
    }
    this.#entry = earlier.id;
    this.#earlier = earlier.progress;
    this.#counters = new CounterMemory(earlier.progress.counters);
    this.#committed = earlier.progress.statements;
    this.#hasCaughtUp = earlier.progress.done === 0 && earlier.progress.flight === null;
  }

  /** The schema as it is now, for the operations that follow. */
  async reflect(): Promise<Schema> {
    const schema = await this.#options.reflect();
    if (this.#options.dialect.capabilities.transactionalDdl) return schema;
    this.#schema = this.#counters.restore(schema);
    return this.#schema;
  }

  /** Carries out the next group. */
  async carryOut(turn: GroupTurn): Promise<readonly Row[]> {
    const { connection } = this.#options;
    const wasOpen = connection.inTransaction;
    // A deadlock has undone it.
    if (!wasOpen) this.#progress = this.#begun.splice(0)[0] ?? this.#progress;
    const rows = await this.#takeTurn(turn);
    this.#keepCommitted();
    // By SQL of the revision's own: handles say so themselves.
    if (!wasOpen && connection.inTransaction) this.begun();
    if (wasOpen && !connection.inTransaction) this.ended(!rollsBack(this.#text ?? ''));
    for (const operation of turn.group.operations) this.#counters.note(operation);
    return rows;
  }

  /** A transaction or savepoint has begun. */
  begun(): void {
    this.#begun.push(this.#progress);
  }

  /** The last of them has ended; what was not kept has not happened. */
  ended(isKept: boolean): void {
    const before = this.#begun.pop();
    if (before !== undefined && !isKept) this.#progress = before;
  }

  /** MySQL commits before DDL: no ROLLBACK leads back behind it. */
  #keepCommitted(): void {
    const { transactionalDdl } = this.#options.dialect.capabilities;
    if (!transactionalDdl && commitsByItself(this.#text ?? '')) this.#begun.fill(this.#progress);
  }

  async #takeTurn(turn: GroupTurn): Promise<readonly Row[]> {
    const { done, flight } = this.#earlier;
    if (this.#progress.done < done) return this.#pass(turn);
    if (this.#hasCaughtUp || flight === null) return this.#begin(turn);
    return this.#goOn(turn, flight);
  }

  /** Runs what cannot be rolled back, between two transactions. */
  async outside<T>(run: () => Promise<T>): Promise<T> {
    const { connection } = this.#options;
    if (this.#entry === null) await this.open(null);
    await this.#mark();
    await connection.commit();
    this.#isInside = false;
    const result = await run();
    await this.#mark();
    this.#isInside = true;
    this.#committed = Math.max(this.#committed, this.#progress.statements);
    await connection.begin();
    return result;
  }

  /** Changes the version rows and says that the step has ended; belongs in one transaction. */
  async end(versions: VersionTable, changes: readonly RowChange[]): Promise<void> {
    const { log, start, dialect } = this.#options;
    const record = (move?: RowChangeSql): Promise<number> =>
      log.record(start, this.#startedAt, this.#progress.statements, move);
    // One round trip for the last change and the entry.
    const together = this.#entry === null && dialect.name === 'postgres' ? changes.at(-1) : undefined;
    for (const change of changes) await versions.apply(change, change === together ? record : undefined);
    if (together !== undefined) return;
    if (this.#entry === null) {
      await record();
      return;
    }
    const { done, flight } = this.#earlier;
    const isShorter = this.#progress.done < done || (this.#progress.done === done && flight?.hasFailed === false);
    if (!this.#hasCaughtUp && isShorter) throw revisionChanged(start);
    await log.end(this.#entry, this.#progress.statements, start.checksum);
  }

  /** Keeps where the step failed, once the transaction is rolled back. */
  async fail(error: unknown): Promise<void> {
    const { connection } = this.#options;
    const isKnown = this.#entry !== null && this.#hasCaughtUp && !this.#isInside;
    if (!isKnown || connection.inTransaction || isLost(error)) return;
    // What was open is rolled back.
    this.#progress = this.#begun[0] ?? this.#progress;
    const { flight } = this.#progress;
    // A procedure may have done, and committed, a part of its work.
    const mayBePartial = /^\s*(?:CALL|DO)\b/i.test(this.#text ?? '');
    if (flight !== null) this.#progress = { ...this.#progress, flight: { ...flight, hasFailed: !mayBePartial } };
    try {
      await this.#mark();
    } catch {
      // The error that is being told is the one to know of.
    }
  }

  async #pass(turn: GroupTurn): Promise<readonly Row[]> {
    const { start, connection } = this.#options;
    const { done, statements, digest } = this.#earlier;
    const next = this.#progress.done + 1;
    const isLast = next === done;
    this.#progress = {
      done: next,
      statements: isLast ? statements : 0,
      digest: addToDigest(this.#progress.digest, turn.group.operations, turn.isBehindRead),
      flight: null,
    };
    if (isLast && this.#progress.digest !== digest) throw revisionChanged(start);
    if (isLast) this.#hasCaughtUp = this.#earlier.flight === null;
    return passOver(turn, connection, start);
  }

  /** The group that an earlier run had begun. */
  async #goOn(turn: GroupTurn, flight: Flight): Promise<readonly Row[]> {
    const { start, resumeAt, connection } = this.#options;
    // Statements that only look, clear away or set the session up come first, and are sent again with what follows.
    const before = (flight.statements ?? []).slice(0, flight.at);
    const settings = before.filter(({ sql }) => isForSession(sql, connection));
    const isFirst = before.every((it) => it.expect !== undefined || clearsAway(it.sql) || settings.includes(it));
    if (!(flight.hasFailed && isFirst) && flight.digest !== digestOf(turn)) {
      throw revisionChanged(start);
    }
    const effect = flight.hasFailed
      ? 'again'
      : (resumeAt ??
        (await findEffect({ ...this.#options, group: turn.group, flight, number: this.#earlier.statements })));
    this.#hasCaughtUp = true;
    if (effect === 'again' && isFirst) return this.#begin(turn);
    const next = effect === 'again' ? flight.at : flight.at + 1;
    const all = flight.statements ?? [];
    if (next < all.length) {
      for (const { sql } of settings) await connection.execute(sql);
      return this.#sendSingly(turn, all, next);
    }
    await this.#advance(turn, Math.max(1, all.length));
    return passOver(turn, connection, start);
  }

  async #begin(turn: GroupTurn): Promise<readonly Row[]> {
    const { connection, dialect } = this.#options;
    const statements = await turn.compile();
    for (const operation of turn.group.operations) this.#counters.foresee(operation, this.#schema);
    const kind = this.#isInside ? 'repeatable' : kindOfGroup(statements, dialect);
    if (kind === 'single') return this.#sendSingly(turn, statements, 0);
    if (kind === 'atomic' && !connection.inTransaction) return this.#sendTogether(turn, statements);
    const rows = await this.#sendAll(turn, statements);
    // In a transaction that the revision has begun by itself, the log goes with it.
    await this.#advance(turn, statements.length, kind === 'atomic');
    return rows;
  }

  /** The statements and the log in one transaction: all of it, or nothing. */
  async #sendTogether(turn: GroupTurn, statements: readonly Statement[]): Promise<readonly Row[]> {
    const { connection } = this.#options;
    await connection.begin({ mode: 'immediate' });
    try {
      const rows = await this.#sendAll(turn, statements);
      await this.#advance(turn, statements.length, true);
      await connection.commit();
      return rows;
    } catch (error) {
      await connection.rollback().catch(() => undefined);
      if (!isRefusedInside(error)) throw error;
    }
    return this.#sendSingly(turn, statements, 0);
  }

  async #sendAll(turn: GroupTurn, statements: readonly Statement[]): Promise<readonly Row[]> {
    let rows: readonly Row[] = [];
    // Nothing of the group is left when one of them fails.
    const flight: Flight | null = this.#isInside
      ? null
      : { digest: digestOf(turn), at: 0, statements: null, hasFailed: true, before: null };
    for (const [at, statement] of statements.entries()) {
      this.#text = statement.sql;
      this.#progress = { ...this.#progress, flight };
      this.#keepCommitted();
      rows = await turn.send(statement, this.#progress.statements + at + 1);
    }
    return rows;
  }

  /** One by one, the log first: it says which statement a crash has left in doubt. */
  async #sendSingly(turn: GroupTurn, statements: readonly Statement[], from: number): Promise<readonly Row[]> {
    const { connection, dialect } = this.#options;
    const isRaw = turn.group.operations[0]?.kind === 'execute';
    const digest = digestOf(turn);
    let rows: readonly Row[] = [];
    for (const [at, statement] of statements.entries()) {
      if (at < from) continue;
      const { sql, expect } = statement;
      this.#text = sql;
      const isMarked = expect === undefined && (isRaw || !isForSession(sql, connection));
      const before = isMarked ? ((await dialect.readTableStates?.(connection, sql)) ?? null) : null;
      const known = isRaw ? null : statements;
      this.#progress = { ...this.#progress, flight: { digest, at, statements: known, hasFailed: false, before } };
      if (isMarked) await this.#mark();
      this.#keepCommitted();
      rows = await turn.send(statement, this.#progress.statements + at + 1);
    }
    // What raw SQL did cannot be seen afterwards.
    await this.#advance(turn, statements.length, isRaw);
    return rows;
  }

  async #advance(turn: GroupTurn, statements: number, isMarked = false): Promise<void> {
    const { done, statements: sent, digest } = this.#progress;
    this.#progress = {
      done: done + 1,
      statements: sent + statements,
      digest: addToDigest(digest, turn.group.operations, turn.isBehindRead),
      flight: null,
    };
    if (isMarked) await this.#mark();
  }

  async #mark(): Promise<void> {
    // What an earlier run has written says more until this one has come as far.
    if (this.#entry === null || !this.#hasCaughtUp) return;
    const { flight } = this.#progress;
    const text = flight === null ? null : this.#text;
    const { counters } = this.#counters;
    const progress = counters.length === 0 ? this.#progress : { ...this.#progress, counters };
    await this.#options.log.mark(this.#entry, { statement: this.reached, text, progress });
  }
}

function digestOf({ group, isBehindRead }: GroupTurn): string {
  return addToDigest('', group.operations, isBehindRead);
}

/** Several statements belong together; what only looks says nothing. */
function kindOfGroup(statements: readonly Statement[], dialect: Dialect): StatementKind {
  const kinds = statements
    .filter(({ expect }) => expect === undefined)
    .map(({ sql }) => statementKind(sql, dialect.name));
  const strictest = (['single', 'atomic', 'session'] as const).find((kind) => kinds.includes(kind));
  return strictest ?? 'repeatable';
}

/** PostgreSQL: the statement cannot run in a transaction, or ends it by itself. */
function isRefusedInside(error: unknown): boolean {
  return isRefusedStatement(error) && ['25001', '2D000'].includes(String(error.details['driverCode']));
}

/** What is gone with the session that it was sent in. */
function isForSession(sql: string, { dialect }: Connection): boolean {
  return statementKind(sql, dialect) === 'session';
}

/** What an index that was left INVALID needs before it is built again. */
function clearsAway(sql: string): boolean {
  return sql.startsWith('DROP INDEX CONCURRENTLY IF EXISTS ');
}

function isLost(error: unknown): boolean {
  return error instanceof AludelError && error.code === 'ALUDEL_CONNECTION_LOST';
}
