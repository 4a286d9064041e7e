/** Every step that ran or began to run: where DDL commits by itself, the log is what a crash leaves behind. */
import { randomUUID } from 'node:crypto';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Row } from '../engine/connection.js';
import { BATCH_SUFFIX } from './batch-log.js';
import { NO_PROGRESS, type Progress, readProgress, writeProgress } from './progress.js';
import { type OwnTables, type RowChangeSql, tableExists } from './version-table.js';

export interface LogStart {
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade' | 'stamp';
  /** Of the revision file's tokens; null for a stamp. */
  readonly checksum: string | null;
}

/** A step that began and never ended. */
export interface UnfinishedStep {
  readonly revision: string;
  readonly direction: string;
  readonly startedAt: string;
  /** The statement that was reached, counted from 1. */
  readonly statement: number;
  readonly statementText: string | null;
}

/** The entry of such a step. */
export interface OpenEntry {
  readonly id: string;
  readonly step: UnfinishedStep;
  readonly progress: Progress;
}

/** Where a step is, for `mark`. */
export interface Mark {
  readonly statement: number;
  /** The statement in flight, or the one that failed. */
  readonly text: string | null;
  readonly progress: Progress;
}

export interface LoggedUpgrade {
  readonly revision: string;
  readonly checksum: string;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
}

/** Characters of a statement that are kept: MySQL's TEXT holds 65,535 bytes. */
const LONGEST_TEXT = 8000;

/** What is about a batch of `op.batch()` is no step. */
const STEPS = `direction NOT LIKE '%${BATCH_SUFFIX}'`;

export class LogTable {
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #names: OwnTables;
  readonly #table: string;

  constructor(connection: Connection, dialect: Dialect, names: OwnTables) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.#names = names;
    this.#table = dialect.quoteTable({ namespace: names.namespace, name: names.log });
  }

  /** Gives the id of the new entry. */
  async start(entry: LogStart): Promise<string> {
    const id = newId();
    await this.#run(
      `INSERT INTO ${this.#table} (id, revision, direction, started_at, checksum, statement) VALUES (?, ?, ?, ?, ?, 0)`,
      [id, entry.revision, entry.direction, new Date().toISOString(), entry.checksum],
    );
    return id;
  }

  /**
   * Writes the entry of a step that has run within its transaction: nobody could have seen it begin. PostgreSQL changes the
   * version in the same statement: where that touches no row, there is no entry. Gives the number of entries.
   * https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING
   */
  async record(entry: LogStart, startedAt: Date, statements: number, move?: RowChangeSql): Promise<number> {
    const values = [
      newId(),
      entry.revision,
      entry.direction,
      startedAt.toISOString(),
      new Date().toISOString(),
      entry.checksum,
      statements,
    ];
    const into = `INSERT INTO ${this.#table} (id, revision, direction, started_at, ended_at, checksum, statement)`;
    if (move === undefined) return this.#run(`${into} VALUES (?, ?, ?, ?, ?, ?, ?)`, values);
    const behind = this.#withPlaces(`${into} SELECT ?, ?, ?, ?, ?, ?, ? FROM moved`, move.params.length);
    const sql = `WITH moved AS (${move.sql} RETURNING 1) ${behind}`;
    // Kept by the server, which takes longer to read it than to carry it out; it gives no columns that could change.
    const { affectedRows } = await this.#connection.query({ sql, params: [...move.params, ...values] });
    return affectedRows;
  }

  /** Says how far the step has come. */
  async mark(id: string, { statement, text, progress }: Mark): Promise<void> {
    await this.#run(`UPDATE ${this.#table} SET statement = ?, statement_text = ?, progress = ? WHERE id = ?`, [
      statement,
      text?.slice(0, LONGEST_TEXT) ?? null,
      writeProgress(progress),
      id,
    ]);
  }

  /** `checksum` is that of the file as it is now: what was not sent may have changed since the step began. */
  async end(id: string, statements: number, checksum: string | null): Promise<void> {
    await this.#run(
      `UPDATE ${this.#table} SET ended_at = ?, statement = ?, statement_text = NULL, progress = NULL, checksum = ? WHERE id = ?`,
      [new Date().toISOString(), statements, checksum, id],
    );
  }

  /** The step that a crash or an error cut off, when it is the last one; none where there is no log. */
  async findUnfinished(): Promise<OpenEntry | undefined> {
    const { namespace, log } = this.#names;
    if (!(await tableExists(this.#connection, this.#dialect, namespace, log))) return undefined;
    // A log that an earlier version of Aludel made has no column of that name before the next run.
    const { rows } = await this.#connection.execute(
      `SELECT * FROM ${this.#table} WHERE ${STEPS}
       AND started_at = (SELECT max(started_at) FROM ${this.#table} WHERE ${STEPS})`,
    );
    const open = rows.find((row) => row['ended_at'] === null);
    return open === undefined ? undefined : toEntry(open);
  }

  /** The last upgrade of each revision, in the order in which they ended; none where there is no log. */
  async readUpgrades(): Promise<readonly LoggedUpgrade[]> {
    const { namespace, log } = this.#names;
    if (!(await tableExists(this.#connection, this.#dialect, namespace, log))) return [];
    const { rows } = await this.#connection.execute(
      `SELECT revision, checksum, ended_at FROM ${this.#table}
       WHERE direction = 'upgrade' AND checksum IS NOT NULL AND ended_at IS NOT NULL ORDER BY ended_at, started_at`,
    );
    const last = new Map<string, LoggedUpgrade>();
    for (const row of rows) {
      const revision = String(row['revision']);
      // The last one goes to the end.
      last.delete(revision);
      last.set(revision, { revision, checksum: String(row['checksum']), endedAt: String(row['ended_at']) });
    }
    return [...last.values()];
  }

  /** `?` stands for the parameters; gives the number of rows that were changed. */
  async #run(sql: string, params: readonly unknown[]): Promise<number> {
    return (await this.#connection.execute(this.#withPlaces(sql), params)).affectedRows;
  }

  /** With the placeholders of the dialect in the place of `?`, for the parameters behind the first `index`. */
  #withPlaces(sql: string, index = 0): string {
    let place = index;
    return sql.replaceAll('?', () => this.#dialect.placeholder(++place));
  }
}

function newId(): string {
  return randomUUID().replaceAll('-', '');
}

function toEntry(row: Row): OpenEntry {
  const text = row['statement_text'];
  const statement = Number(row['statement']);
  const step = {
    revision: String(row['revision']),
    direction: String(row['direction']),
    startedAt: String(row['started_at']),
    statement,
    statementText: text === null || text === undefined ? null : String(text),
  };
  return { id: String(row['id']), step, progress: readProgress(row['progress']) ?? NO_PROGRESS };
}
