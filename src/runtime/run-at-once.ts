/** All steps of a run in one transaction: all of them, or none. */
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import type { RevisionStep } from '../revisions/steps.js';
import { compareViolations, countViolations, ForeignKeysMustBeOff, restorePragmas } from './foreign-key-check.js';
import { recordStep, refuseOutsideRun, type RevisionSource } from './offline.js';
import type { OuterTransaction } from './run-step.js';

/** What can be told of the steps without running them. */
export interface Forecast {
  /** SQLite: a table is dropped or built anew, which foreign keys must not see. */
  readonly needsForeignKeysOff: boolean;
}

/**
 * Looks through the steps before any of them runs.
 * @throws AludelError ALUDEL_TRANSACTION_MODE naming the revisions that cannot be in one transaction.
 */
export async function forecastRun(
  steps: readonly RevisionStep[],
  dialect: Dialect,
  source: RevisionSource,
): Promise<Forecast> {
  const recordings = [];
  for (const step of steps) {
    // What fails without a connection may do well with one; what is not foreseen here is met in the run.
    const recording = await recordStep(step, source).catch(() => null);
    if (recording !== null) recordings.push({ step, ...recording });
  }
  refuseOutsideRun(recordings);
  const operations = recordings.flatMap(({ origins }) => origins.map(({ operation }) => operation));
  return { needsForeignKeysOff: operations.some((operation) => dialect.needsForeignKeysOff(operation)) };
}

/**
 * Runs `use` in one transaction, which `begin` begins. Foreign keys are switched off before it where the forecast says so (SQLite);
 * where a revision reads first, and a rebuild comes up unforeseen, everything is undone and begins again without them.
 */
export async function inRunTransaction<T>(
  connection: Connection,
  { needsForeignKeysOff: isWithoutForeignKeys }: Forecast,
  begin: () => Promise<void>,
  use: (outer: OuterTransaction) => Promise<T>,
): Promise<T> {
  try {
    // Inside a transaction this pragma does nothing, silently.
    if (isWithoutForeignKeys) await connection.execute('PRAGMA foreign_keys = OFF');
    await begin();
    const before = isWithoutForeignKeys ? await countViolations(connection) : null;
    const result = await use({ isWithoutForeignKeys });
    if (before !== null) compareViolations(before, await countViolations(connection));
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback().catch(() => undefined);
    if (!(error instanceof ForeignKeysMustBeOff)) throw error;
  } finally {
    if (isWithoutForeignKeys) await restorePragmas(connection);
  }
  return inRunTransaction(connection, { needsForeignKeysOff: true }, begin, use);
}
