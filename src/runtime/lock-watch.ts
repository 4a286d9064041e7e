import type { Blocker, Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { LockTimeoutError } from '../database-errors.js';
import { AludelError } from '../errors.js';

export interface LockWatchOptions {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** Milliseconds that a statement waits for a lock. */
  readonly lockTimeout: number;
  /** Milliseconds that a statement may run, where the server does not see to it by itself. */
  readonly statementTimeout: number | undefined;
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
    const clock = this.#endAfterTimeout(session);
    try {
      return await run();
    } catch (error) {
      if (await clock.stop()) throw timedOut(error);
      const blockers = await looking;
      throw error instanceof LockTimeoutError && blockers.length > 0 ? nameBlockers(error, blockers) : error;
    } finally {
      clearTimeout(timer);
      await clock.stop();
      // The connection that looks is closed before the run goes on.
      await looking;
    }
  }

  /** Ends the statement of the session after `statementTimeout`; `stop` says whether that has happened. */
  #endAfterTimeout(session: string): { readonly stop: () => Promise<boolean> } {
    const { dialect, connect, statementTimeout } = this.#options;
    const { endStatement } = dialect;
    if (endStatement === undefined || statementTimeout === undefined) return { stop: () => Promise.resolve(false) };
    let ending: Promise<boolean> = Promise.resolve(false);
    const end = async (): Promise<boolean> => {
      const observer = await connect();
      try {
        await observer.execute(endStatement(session));
        return true;
      } finally {
        await observer.close();
      }
    };
    const timer = setTimeout(() => {
      ending = end().catch(() => false);
    }, statementTimeout);
    return {
      stop: () => {
        clearTimeout(timer);
        return ending;
      },
    };
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

function timedOut(error: unknown): unknown {
  if (!(error instanceof AludelError)) return error;
  const { code, message, details, cause } = error;
  return new AludelError(code, message, {
    hint: 'Raise "statementTimeout": it is what ended the statement.',
    details,
    cause,
  });
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
