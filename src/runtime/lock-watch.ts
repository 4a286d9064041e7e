import type { Blocker, Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { LockTimeoutError } from '../database-errors.js';

export interface LockWatchOptions {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** Milliseconds that a statement waits for a lock. */
  readonly lockTimeout: number;
  /** Opens the connection that looks while the other one waits. */
  readonly connect: () => Promise<Connection>;
}

/** Watches statements that may wait for a lock: who holds it can only be asked meanwhile. */
export class LockWatch {
  readonly #options: LockWatchOptions;
  #session: Promise<string | null> | null = null;

  constructor(options: LockWatchOptions) {
    this.#options = options;
  }

  /** Runs a statement; an ALUDEL_LOCK_TIMEOUT of it names the sessions that hold the lock, where the server tells. */
  async during<T>(run: () => Promise<T>, onBlocked: (holder: string) => void): Promise<T> {
    const { connection, dialect, lockTimeout } = this.#options;
    this.#session ??= dialect.sessionOf(connection);
    const session = await this.#session;
    if (session === null) return run();
    let looking: Promise<readonly Blocker[]> = Promise.resolve([]);
    const timer = setTimeout(
      () => {
        looking = this.#look(session, onBlocked).catch(() => []);
      },
      Math.min(1000, lockTimeout / 2),
    );
    try {
      return await run();
    } catch (error) {
      const blockers = await looking;
      throw error instanceof LockTimeoutError && blockers.length > 0 ? nameBlockers(error, blockers) : error;
    } finally {
      clearTimeout(timer);
      // The connection that looks is closed before the run goes on.
      await looking;
    }
  }

  async #look(session: string, onBlocked: (holder: string) => void): Promise<readonly Blocker[]> {
    const { dialect, connect } = this.#options;
    const observer = await connect();
    try {
      const blockers = await dialect.findBlockers(observer, session);
      if (blockers.length > 0) onBlocked(listOf(blockers));
      return blockers;
    } finally {
      await observer.close();
    }
  }
}

function nameBlockers(error: LockTimeoutError, blockers: readonly Blocker[]): LockTimeoutError {
  return new LockTimeoutError(`${error.message} It was held by ${listOf(blockers)}.`, {
    hint: `${error.hint ?? ''} To end that session: ${blockers.map(({ end }) => end).join(' ')}`.trim(),
    details: { ...error.details, blockedBy: blockers.map(({ text }) => text) },
    cause: error.cause,
  });
}

function listOf(blockers: readonly Blocker[]): string {
  return blockers.map(({ text }) => text).join(', ');
}
