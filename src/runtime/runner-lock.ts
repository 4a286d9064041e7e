import type { Dialect, RunnerLock } from '../dialects/dialect.js';
import { LockTimeoutError } from '../database-errors.js';
import type { Connection } from '../engine/connection.js';
import type { Environment } from './environment.js';
import { isSideLockFree, sideFileOf, type SideLockOptions, takeSideLock } from './side-lock.js';
import { VersionTable } from './version-table.js';

/** The connection of one run. */
export interface RunSession {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly versions: VersionTable;
}

/** Opens the connection of a run, and closes it when `use` has ended. */
export async function withSession<T>(environment: Environment, use: (session: RunSession) => Promise<T>): Promise<T> {
  const connection = await environment.engine.connect({ dedicated: true });
  try {
    const dialect = await environment.dialectOf(connection);
    return await use({ connection, dialect, versions: new VersionTable(connection, dialect, environment.names) });
  } finally {
    await connection.close();
  }
}

/** Runs `use` while no other runner of this version table can; Aludel's own tables exist by then. */
export async function withRunnerLock<T>(
  environment: Environment,
  session: RunSession,
  use: (lock: RunnerLock) => Promise<T>,
): Promise<T> {
  const lock = await session.dialect.acquireLock({
    key: `${environment.names.namespace ?? ''}.${environment.names.version}`,
    timeout: environment.runnerTimeout,
    connect: () => environment.engine.connect({ dedicated: true }),
    worker: session.connection,
    onWait: (holder) => environment.onEvent({ kind: 'waiting', holder }),
  });
  try {
    await createOwnTables(environment, session);
    return await use(lock);
  } finally {
    await lock.release();
  }
}

async function createOwnTables(environment: Environment, { connection, dialect, versions }: RunSession): Promise<void> {
  if (!dialect.capabilities.transactionalDdl) return versions.ensure();
  const onWait = (holder: string): void => environment.onEvent({ kind: 'waiting', holder });
  await inTransaction(connection, () => versions.ensure(), onWait);
}

/** Commits what `use` did, or undoes all of it. */
export async function inTransaction<T>(
  connection: Connection,
  use: () => Promise<T>,
  onWait: (holder: string) => void = () => undefined,
): Promise<T> {
  await beginPatiently(connection, onWait);
  try {
    const result = await use();
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback().catch(() => undefined);
    throw error;
  }
}

/** Begins the transaction of a run; where one writes at a time, not while a revision without one is running. */
export async function beginTransaction(
  connection: Connection,
  dialect: Dialect,
  waiting: SideLockOptions,
): Promise<void> {
  const file = dialect.capabilities.oneWriter ? await sideFileOf(connection) : null;
  for (;;) {
    await beginPatiently(connection, waiting.onWait);
    // Asked inside, since a revision without a transaction takes its lock first and reads the version then.
    if (file === null || (await isSideLockFree(file))) return;
    await connection.rollback();
    const release = await takeSideLock(file, waiting);
    await release();
  }
}

/**
 * Begins a transaction of a run. SQLite has one writer at a time and no lock around a whole run, so that runs wait for each
 * other here: longer than the engine would for any writer.
 * @throws LockTimeoutError after twelve times the engine's `lockTimeout`, a minute by default.
 */
async function beginPatiently(connection: Connection, onWait: (holder: string) => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // On PostgreSQL in the round trip of what is read first; SQLite takes its lock here.
      await connection.begin({ mode: 'immediate', withFirst: true });
      return;
    } catch (error) {
      if (!(error instanceof LockTimeoutError) || attempt === WAITS) throw error;
      if (attempt === 1) onWait('a process that writes to the database');
    }
  }
}

const WAITS = 12;
