/** Runs a plan the way a revision runs it: one queue, one transaction where the dialect has them, checks included. */
import type { Dialect } from '../../src/dialects/dialect.js';
import type { Connection } from '../../src/engine/connection.js';
import type { Operation } from '../../src/operations/operation.js';
import { compareViolations, countViolations, type Violations } from '../../src/runtime/foreign-key-check.js';
import { ForeignKeysMustBeOff } from '../../src/runtime/foreign-key-check.js';
import { OperationQueue } from '../../src/runtime/operation-queue.js';
import type { Schema } from '../../src/schema/table.js';

/** The statements sent are appended to `log`, also when one of them fails. */
export async function applyPlan(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
  reflect: () => Promise<Schema>,
  log: string[],
): Promise<void> {
  try {
    await attempt(connection, dialect, operations, reflect, log, false);
  } catch (error) {
    if (!(error instanceof ForeignKeysMustBeOff)) throw error;
    await attempt(connection, dialect, operations, reflect, log, true);
  }
}

async function attempt(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
  reflect: () => Promise<Schema>,
  log: string[],
  startsWithoutKeys: boolean,
): Promise<void> {
  let violations: Violations | null = null;
  const queue = new OperationQueue({
    connection,
    dialect,
    file: '',
    reflect,
    begin: async (needsForeignKeysOff) => {
      const isOff = dialect.name === 'sqlite' && (startsWithoutKeys || needsForeignKeysOff);
      if (isOff) await connection.execute('PRAGMA foreign_keys = OFF');
      if (dialect.capabilities.transactionalDdl) await connection.begin({ mode: 'immediate' });
      if (isOff) violations = await countViolations(connection);
      return isOff;
    },
    // As the runner does it: what came before is committed.
    autocommit: async (run) => {
      if (connection.inTransaction) await connection.commit();
      const result = await run();
      if (dialect.capabilities.transactionalDdl) await connection.begin({ mode: 'immediate' });
      return result;
    },
    watch: (send) => send(),
    canRestart: true,
    onStatement: (statement) => {
      log.push(statement.sql);
    },
  });
  try {
    for (const operation of operations) queue.record(operation);
    await queue.finish();
    if (violations !== null) compareViolations(violations, await countViolations(connection));
    if (connection.inTransaction) await connection.commit();
  } catch (error) {
    queue.abandon();
    if (connection.inTransaction) await connection.rollback();
    throw error;
  } finally {
    if (violations !== null) await connection.execute('PRAGMA foreign_keys = ON');
  }
}
