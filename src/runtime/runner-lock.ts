import type { Dialect, RunnerLock } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import type { Environment } from './environment.js';
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
    await createOwnTables(session);
    return await use(lock);
  } finally {
    await lock.release();
  }
}

async function createOwnTables({ connection, dialect, versions }: RunSession): Promise<void> {
  if (!dialect.capabilities.transactionalDdl) return versions.ensure();
  await inTransaction(connection, () => versions.ensure());
}

/** Commits what `use` did, or undoes all of it. */
export async function inTransaction<T>(connection: Connection, use: () => Promise<T>): Promise<T> {
  await connection.begin({ mode: 'immediate' });
  try {
    const result = await use();
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback().catch(() => undefined);
    throw error;
  }
}
