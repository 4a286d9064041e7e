/** What a run would do, in words: the plan is made and the operations are recorded, and nothing is run. */
import type { Operation } from '../operations/operation.js';
import type { RevisionStep } from '../revisions/steps.js';
import type { Environment } from './environment.js';
import { type MigrateRequest, planMigration } from './migrate.js';
import { recordStep, refuseOutsideRun, type StepRecording } from './offline.js';
import { withSession } from './runner-lock.js';

export interface PlannedStep {
  readonly step: RevisionStep;
  readonly operations: readonly Operation[];
  /** False when the revision reads from the database, so that only what comes before that is known. */
  readonly isComplete: boolean;
}

export interface DryRun {
  readonly from: readonly string[];
  readonly steps: readonly PlannedStep[];
}

/** @throws AludelError ALUDEL_TRANSACTION_MODE where the run would. */
export function dryRun(environment: Environment, request: MigrateRequest): Promise<DryRun> {
  return withSession(environment, async ({ versions, dialect }) => {
    const from = await versions.readHeads();
    const extensions = await environment.extensions();
    const source = { ...environment, methods: extensions?.methods, rowsIn: dialect.name };
    const recordings: StepRecording[] = [];
    for (const step of planMigration(environment.graph, request, from)) {
      recordings.push({ step, ...(await recordStep(step, source)) });
    }
    if (request.transaction === 'run' && dialect.capabilities.transactionalDdl) refuseOutsideRun(recordings);
    const steps = recordings.map(({ step, origins, problem }) => ({
      step,
      operations: origins.map(({ operation }) => operation),
      isComplete: problem === null,
    }));
    return { from, steps };
  });
}
