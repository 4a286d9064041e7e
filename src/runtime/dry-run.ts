/** What a run would do, in words: the plan is made and the operations are recorded, and nothing is run. */
import type { Operation } from '../operations/operation.js';
import type { RevisionStep } from '../revisions/steps.js';
import type { Environment } from './environment.js';
import { type MigrateRequest, planMigration } from './migrate.js';
import { recordAsFarAsPossible } from './offline.js';
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

export function dryRun(environment: Environment, request: MigrateRequest): Promise<DryRun> {
  return withSession(environment, async ({ versions }) => {
    const from = await versions.readHeads();
    const steps: PlannedStep[] = [];
    const extensions = await environment.extensions();
    for (const step of planMigration(environment.graph, request, from)) {
      steps.push({
        step,
        ...(await recordAsFarAsPossible(step.revision, step.direction, {
          ...environment,
          methods: extensions?.methods,
        })),
      });
    }
    return { from, steps };
  });
}
