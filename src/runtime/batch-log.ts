/** How far the batches of a revision have come: entries of the log table, written in the transaction of each batch. */
import { randomBytes } from 'node:crypto';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import type { OwnTables } from './version-table.js';

/** How far a batch has come. */
export interface BatchState {
  /** The key of the last row that was handed over, as text; null before the first. */
  readonly key: readonly string[] | null;
  /** Rows that were handed over. */
  readonly done: number;
  readonly isEnded: boolean;
}

export interface BatchLogOptions {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly names: OwnTables;
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
}

export class BatchLog {
  readonly #options: BatchLogOptions;
  readonly #table: string;
  readonly #kind: string;
  #isUsed = false;

  constructor(options: BatchLogOptions) {
    const { dialect, names, direction } = options;
    this.#options = options;
    this.#table = dialect.quoteTable({ namespace: names.namespace, name: names.log });
    this.#kind = `${direction}${BATCH_SUFFIX}`;
  }

  /**
   * Where a batch stands; noted down when it is new. `number` counts the batches of a revision from 1, `about` says what
   * it goes over.
   */
  async open(number: number, about: string): Promise<{ readonly id: string; readonly state: BatchState }> {
    this.#isUsed = true;
    const { rows } = await this.#run(
      `SELECT id, statement_text, ended_at FROM ${this.#table} WHERE revision = ? AND direction = ? AND statement = ?`,
      [this.#options.revision, this.#kind, number],
    );
    const [known] = rows;
    const saved = known === undefined ? null : (JSON.parse(String(known['statement_text'])) as SavedState);
    if (known !== undefined && saved?.about === about) {
      return { id: String(known['id']), state: { ...saved, isEnded: known['ended_at'] !== null } };
    }
    // The file was changed, and goes over another table or key: nothing of that is done.
    if (known !== undefined) await this.#run(`DELETE FROM ${this.#table} WHERE id = ?`, [known['id']]);
    const id = randomBytes(16).toString('hex');
    const state: BatchState = { key: null, done: 0, isEnded: false };
    await this.#run(
      `INSERT INTO ${this.#table} (id, revision, direction, started_at, statement, statement_text) VALUES (?, ?, ?, ?, ?, ?)`,
      [id, this.#options.revision, this.#kind, new Date().toISOString(), number, toText(about, state)],
    );
    return { id, state };
  }

  /** Says how far a batch has come, in the transaction that is open. */
  async reach(id: string, about: string, state: BatchState): Promise<void> {
    await this.#run(`UPDATE ${this.#table} SET statement_text = ?, ended_at = ? WHERE id = ?`, [
      toText(about, state),
      state.isEnded ? new Date().toISOString() : null,
      id,
    ]);
  }

  /** Takes the entries of this revision away: it has ended, and the next run of it begins anew. */
  async clear(): Promise<void> {
    if (!this.#isUsed) return;
    await this.#run(`DELETE FROM ${this.#table} WHERE revision = ? AND direction LIKE ?`, [
      this.#options.revision,
      `%${BATCH_SUFFIX}`,
    ]);
  }

  #run(sql: string, params: readonly unknown[]): ReturnType<Connection['execute']> {
    const { connection, dialect } = this.#options;
    let index = 0;
    return connection.execute(
      sql.replaceAll('?', () => dialect.placeholder(++index)),
      params,
    );
  }
}

/** Behind the direction in entries that are about a batch and no step. */
export const BATCH_SUFFIX = ' batch';

interface SavedState extends Omit<BatchState, 'isEnded'> {
  readonly about: string;
}

function toText(about: string, { key, done }: BatchState): string {
  return JSON.stringify({ about, key, done } satisfies SavedState);
}
