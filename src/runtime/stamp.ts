/** Writes the version rows and runs no revision. */
import { headsAfter, type StampStep } from '../revisions/steps.js';
import { planStamp } from '../revisions/plan-stamp.js';
import type { Environment } from './environment.js';
import { LogTable } from './log-table.js';
import { refuseLongIds } from './refuse-long-ids.js';
import { inTransaction, type RunSession, withRunnerLock, withSession } from './runner-lock.js';

export interface StampRequest {
  readonly targets: readonly string[];
  /** Empties the version table first, whatever it holds. */
  readonly purge: boolean;
}

export interface StampResult {
  /** The rows before and after. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly steps: readonly StampStep[];
}

/** Plans and writes in one transaction, under the lock of all runners. */
export function stampDatabase(environment: Environment, request: StampRequest): Promise<StampResult> {
  return withSession(environment, (session) =>
    withRunnerLock(environment, session, async (lock) => {
      await lock.verify();
      return inTransaction(session.connection, () => writeRows(environment, request, session));
    }),
  );
}

async function writeRows(environment: Environment, request: StampRequest, session: RunSession): Promise<StampResult> {
  const { connection, dialect, versions } = session;
  const { purge, targets } = request;
  const from = await versions.readHeads();
  const steps = planStamp(environment.graph, targets, from, { purge });
  const changes = steps.flatMap((step) => step.rows);
  await refuseLongIds(connection, dialect, environment.names, changes);
  const log = new LogTable(connection, dialect, environment.names);
  const write = async (revision: string, change: () => Promise<void>): Promise<void> => {
    const entry = await log.start({ revision, direction: 'stamp', checksum: null });
    await change();
    await log.end(entry, 0, null);
  };
  if (purge && from.length > 0) await write('base', () => versions.clear());
  const extensions = steps.length === 0 ? null : await environment.extensions();
  for (const step of steps) {
    const revision = step.to.join(', ') || 'base';
    await write(revision, async () => {
      for (const change of step.rows) await versions.apply(change);
      await extensions?.onVersionApply?.({
        direction: 'stamp',
        revision,
        message: null,
        from: step.from,
        to: step.to,
        dialect: dialect.name,
        connection: { execute: (sql, params) => connection.execute(sql, params) },
      });
    });
  }
  // Where a run was cut off half way, this is the word that the database is in order: nothing is gone on with.
  const isCutOff = steps.length === 0 && !(purge && from.length > 0) && (await log.findUnfinished()) !== undefined;
  if (isCutOff) await write(from.join(', ') || 'base', () => Promise.resolve());
  return { from, to: headsAfter(purge ? [] : from, steps), steps };
}

/** Creates Aludel's own tables where they are missing; says whether the version table was. */
export function ensureVersionTable(environment: Environment): Promise<{ readonly created: boolean }> {
  return withSession(environment, async (session) => {
    const existed = await session.versions.exists();
    await withRunnerLock(environment, session, (lock) => lock.verify());
    return { created: !existed };
  });
}
