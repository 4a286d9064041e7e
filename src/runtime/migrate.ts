/** Moves a database along the revision graph: plan, lock, plan again, run step by step. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerLock } from '../dialects/dialect.js';
import { LockTimeoutError } from '../database-errors.js';
import type { Connection, TransactionMode } from '../engine/connection.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { planDowngrade, planUpgrade } from '../revisions/plan.js';
import { applyRowChanges, type RevisionStep } from '../revisions/steps.js';
import { type EditedRevision, findEdited, refuseEdited } from './edited-files.js';
import type { Backup } from './backup.js';
import type { Loss } from './data-loss.js';
import type { Environment, MigrationEvent } from './environment.js';
import type { RunExtensions } from './run-extensions.js';
import { LockWatch } from './lock-watch.js';
import { LogTable } from './log-table.js';
import { isHalfDone } from './progress.js';
import { refuseLongIds } from './refuse-long-ids.js';
import type { ResumeAt } from './resume.js';
import { loadRevisionScript } from './revision-module.js';
import { isWorthRetrying, type OuterTransaction, PlanIsStale, runStep, type StepContext } from './run-step.js';
import { beginTransaction, type RunSession, withRunnerLock, withSession } from './runner-lock.js';
import { nothingInDoubt, refuseOtherUnfinished } from './unfinished.js';

export type { Environment, MigrationEvent };

export type Direction = 'upgrade' | 'downgrade';

export interface MigrateRequest {
  readonly direction: Direction;
  readonly target: string;
  /** Runs nothing when the file of an applied revision has changed since. Default: false, a warning. */
  readonly strict?: boolean;
  /** How far one transaction reaches. Default: `revision`. */
  readonly transaction?: TransactionMode;
  /** Of the statement that was in flight when an earlier run was cut off, where the database cannot tell. */
  readonly resumeAt?: ResumeAt | undefined;
  /** Takes rows away without being asked. Default: false. */
  readonly allowLoss?: boolean | undefined;
  /** Asks whether the rows may go. Without it they may not. */
  readonly confirmLoss?: ((losses: readonly Loss[]) => Promise<boolean>) | undefined;
  /** Copies the database before the first statement. */
  readonly backUp?: ((connection: Connection) => Promise<Backup>) | undefined;
}

export interface MigrateResult {
  readonly steps: readonly RevisionStep[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Applied revisions whose files have changed since; looked for when there is something to do, or `strict`. */
  readonly edited: readonly EditedRevision[];
  /** The copy that was made before, when one was asked for and something ran. */
  readonly backup: Backup | null;
}

/** Every step is applied exactly once, whoever runs at the same time. */
export function migrate(environment: Environment, request: MigrateRequest): Promise<MigrateResult> {
  return withSession(environment, async (session) => {
    const heads = await session.versions.readHeads();
    const steps = planMigration(environment.graph, request, heads);
    if (steps.length === 0) await tellUnfinished(environment, request, session);
    if (steps.length === 0 && request.strict !== true)
      return { steps, from: heads, to: heads, edited: [], backup: null };
    // A mistake in the last file must not leave the database half way there.
    for (const step of steps) await loadRevisionScript(step.revision, step.direction, environment.importModule);
    const edited = await tellEdited(environment, request, session, heads);
    if (steps.length === 0) return { steps, from: heads, to: heads, edited, backup: null };
    const changes = steps.flatMap((step) => step.rows);
    await refuseLongIds(session.connection, session.dialect, environment.names, changes);
    const extensions = await environment.extensions();
    const dialect = extensions?.extend(session.dialect) ?? session.dialect;
    const run: Session = { ...session, dialect, heads, steps, extensions };
    const runAll = (await planAtOnce(environment, request, run)) ?? runPlan;
    // Before the lock: nobody else has to wait while a person thinks.
    await guardRows(environment, request, run, steps);
    return withRunnerLock(environment, session, async (lock) => {
      return { ...(await runAll(environment, request, run, lock)), edited };
    });
  });
}

interface Session extends RunSession {
  /** As the plan was first made for. */
  readonly heads: readonly string[];
  readonly steps: readonly RevisionStep[];
  readonly extensions: RunExtensions | null;
}

/** @throws AludelError ALUDEL_DATA_LOSS when rows would go and nobody says that they may. */
async function guardRows(
  environment: Environment,
  { allowLoss = false, confirmLoss }: MigrateRequest,
  { connection, dialect }: RunSession,
  steps: readonly RevisionStep[],
): Promise<void> {
  const { dataLoss, findLosses } = await import('./data-loss.js');
  const losses = await findLosses(environment, connection, dialect, steps);
  if (losses.length === 0) return;
  await refuseOtherUnfinished(new LogTable(connection, dialect, environment.names), steps[0]);
  if (allowLoss) environment.onEvent({ kind: 'losses', losses });
  else if (confirmLoss === undefined || !(await confirmLoss(losses))) throw dataLoss(losses);
}

/** Runs what is to be run, under the lock of all runners. */
type RunAll = (
  environment: Environment,
  request: MigrateRequest,
  session: Session,
  lock: RunnerLock,
) => Promise<Omit<MigrateResult, 'edited'>>;

/** How to run all steps in one transaction, where that was asked for and the database can. */
async function planAtOnce(
  environment: Environment,
  { transaction }: MigrateRequest,
  { dialect, extensions, steps }: Session,
): Promise<RunAll | null> {
  if (transaction !== 'run') return null;
  if (!dialect.capabilities.transactionalDdl) {
    environment.onEvent({ kind: 'noRunTransaction', dialect: dialect.name });
    return null;
  }
  const { forecastRun, inRunTransaction } = await import('./run-at-once.js');
  const forecast = await forecastRun(steps, dialect, {
    ...environment,
    methods: extensions?.methods,
    rowsIn: dialect.name,
  });
  return async (known, request, session, lock) => {
    const context = stepContext(known, request, session, watchLocks(known, session));
    const { connection, versions } = session;
    const begin = (): Promise<void> => beginTransaction(connection, dialect, context.waiting);
    const backup = await backUpFirst(known, request, connection);
    return withLockRetries(known, session, steps, () =>
      inRunTransaction(connection, forecast, begin, async (outer) => {
        const from = await versions.readHeads();
        refuseStaleSteps(request, session.heads, from);
        const planned = planMigration(known.graph, request, from);
        if (idsOf(planned) !== idsOf(session.steps)) await guardRows(known, request, session, planned);
        let current: readonly string[] = from;
        const verify = verifyMeanwhile(lock);
        for (const step of planned) {
          known.onEvent({ kind: 'stepStarted', step });
          const started = performance.now();
          await runStep(step, current, { ...context(step, outer, step === planned[0]), verified: verify() });
          current = after(current, step);
          known.onEvent({ kind: 'stepEnded', step, milliseconds: performance.now() - started });
        }
        return { steps: planned, from, to: [...current].sort(), backup };
      }),
    );
  };
}

/** Copies the database where that was asked for. */
async function backUpFirst(
  environment: Environment,
  { backUp }: MigrateRequest,
  connection: Connection,
): Promise<Backup | null> {
  const backup = (await backUp?.(connection)) ?? null;
  if (backup !== null) environment.onEvent({ kind: 'backedUp', ...backup });
  return backup;
}

async function tellEdited(
  environment: Environment,
  { strict = false }: MigrateRequest,
  { connection, dialect }: RunSession,
  heads: readonly string[],
): Promise<readonly EditedRevision[]> {
  const log = new LogTable(connection, dialect, environment.names);
  const edited = await findEdited(log, environment.graph, heads, { all: strict });
  if (strict) refuseEdited(edited);
  if (edited.length > 0) environment.onEvent({ kind: 'edited', revisions: edited });
  return edited;
}

/** There is nothing to run, which is not the same as nothing to do. */
async function tellUnfinished(
  environment: Environment,
  { resumeAt }: MigrateRequest,
  { connection, dialect }: RunSession,
): Promise<void> {
  const open = await new LogTable(connection, dialect, environment.names).findUnfinished();
  if (open !== undefined && isHalfDone(open.progress)) environment.onEvent({ kind: 'unfinished', step: open.step });
  if (resumeAt !== undefined) throw nothingInDoubt(resumeAt);
}

async function runPlan(
  environment: Environment,
  request: MigrateRequest,
  session: Session,
  lock: RunnerLock,
): Promise<Omit<MigrateResult, 'edited'>> {
  const { versions } = session;
  const contextOf = stepContext(environment, request, session, watchLocks(environment, session));
  let current = await versions.readHeads();
  refuseStaleSteps(request, session.heads, current);
  const from = current;
  const done: RevisionStep[] = [];
  const verify = verifyMeanwhile(lock);
  let steps = planMigration(environment.graph, request, current);
  // Another run was here while this one waited or was asked.
  if (idsOf(steps) !== idsOf(session.steps)) await guardRows(environment, request, session, steps);
  const backup = steps.length === 0 ? null : await backUpFirst(environment, request, session.connection);
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    const running = step;
    environment.onEvent({ kind: 'stepStarted', step: running });
    const started = performance.now();
    try {
      const context = { ...contextOf(running, null, done.length === 0), verified: verify() };
      const heads = current;
      await withLockRetries(environment, session, [running], () => runStep(running, heads, context));
    } catch (error) {
      if (!(error instanceof PlanIsStale)) throw error;
      // SQLite has no lock between steps: another process was here, and the plan is made again from where it is now.
      const moved = await versions.readHeads();
      refuseStaleSteps(request, current, moved);
      current = moved;
      steps = planMigration(environment.graph, request, current);
      await guardRows(environment, request, session, steps);
      continue;
    }
    done.push(running);
    current = after(current, running);
    environment.onEvent({ kind: 'stepEnded', step: running, milliseconds: performance.now() - started });
  }
  return { steps: done, from, to: [...current].sort(), backup };
}

/**
 * Asks before each step whether the lock still holds. It has a connection of its own, so that the step can begin while the
 * server answers; steps that begin within a moment go by the same answer, which is as new as that of a step that lasts.
 */
function verifyMeanwhile(lock: RunnerLock): () => Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let verified: Promise<void> = Promise.resolve();
  return () => {
    if (performance.now() - askedAt < MOMENT) return verified;
    askedAt = performance.now();
    verified = lock.verify();
    // Thrown where the step awaits it, unless something else has failed before.
    verified.catch(() => undefined);
    return verified;
  };
}

/** Milliseconds. */
const MOMENT = 50;

function watchLocks(environment: Environment, session: RunSession): LockWatch {
  return new LockWatch({
    ...session,
    lockTimeout: environment.lockTimeout,
    statementTimeout: environment.statementTimeout,
    connect: () => environment.engine.connect({ dedicated: true }),
  });
}

interface MakeContext {
  (step: RevisionStep, outer: OuterTransaction | null, isFirst: boolean): Omit<StepContext, 'verified'>;
  /** The same for every step. */
  readonly waiting: StepContext['waiting'];
}

/** Makes what a step needs to know of its run. */
function stepContext(
  environment: Environment,
  { transaction = 'revision', resumeAt }: MigrateRequest,
  { connection, dialect, versions, extensions }: Session,
  watch: LockWatch,
): MakeContext {
  const waiting: StepContext['waiting'] = {
    timeout: environment.runnerTimeout,
    onWait: (holder) => environment.onEvent({ kind: 'waiting', holder }),
  };
  const make: (...args: Parameters<MakeContext>) => ReturnType<MakeContext> = (step, outer, isFirst) => ({
    connection,
    dialect,
    names: environment.names,
    versions,
    transaction,
    outer,
    extensions,
    importModule: environment.importModule,
    context: environment.context,
    reflect: (known) => environment.reflect(dialect, known),
    onBatch: (progress) => environment.onEvent({ kind: 'batchEnded', step, ...progress }),
    isFirst,
    resumeAt: isFirst ? resumeAt : undefined,
    onResume: (statement) => environment.onEvent({ kind: 'resumed', step, statement }),
    onStatement: ({ sql }) => environment.onEvent({ kind: 'statement', step, sql }),
    waiting,
    watch: (send) => watch.during(send, (holder) => environment.onEvent({ kind: 'blocked', step, holder })),
  });
  return Object.assign(make, { waiting });
}

/** DDL that waits stops all traffic behind it: it gives way after `lockTimeout`, and tries again twice. */
async function withLockRetries<T>(
  environment: Environment,
  { dialect }: RunSession,
  [step]: readonly RevisionStep[],
  run: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      // For the one place of a writer the engine waits, as long as it is worth it.
      const isLast = attempt === TRIES || dialect.capabilities.oneWriter || step === undefined;
      if (isLast || !isWorthRetrying(error)) throw error;
      environment.onEvent({ kind: 'retrying', step, reason: error instanceof Error ? error.message : '' });
      // What was stopped behind the wait goes first.
      await sleep(RETRY_PAUSE * attempt);
    }
  }
}

const TRIES = 3;
/** Milliseconds. */
const RETRY_PAUSE = 250;

/** The steps from where the database is to the target. */
export function planMigration(graph: RevisionGraph, request: MigrateRequest, heads: readonly string[]): RevisionStep[] {
  return request.direction === 'upgrade'
    ? planUpgrade(graph, request.target, heads)
    : planDowngrade(graph, request.target, heads);
}

/** `-1` means one step from where the database was when it was asked for, not from wherever it has got to since. */
function refuseStaleSteps(request: MigrateRequest, expected: readonly string[], found: readonly string[]): void {
  const isRelative = /[+-]\d+$/.test(request.target);
  if (!isRelative || [...expected].sort().join() === [...found].sort().join()) return;
  throw new LockTimeoutError('Another run moved the database while this one was waiting.', {
    hint: `Run "aludel current", then "aludel ${request.direction} ${request.target}" again if it is still what you want.`,
  });
}

function idsOf(steps: readonly RevisionStep[]): string {
  return steps.map(({ revision }) => revision.id).join();
}

function after(heads: readonly string[], step: RevisionStep): string[] {
  const rows = new Set(heads);
  applyRowChanges(rows, step.rows);
  return [...rows];
}
