/** Moves a database along the revision graph: plan, lock, plan again, run step by step. */
import type { Dialect, RunnerLock, Statement } from '../dialects/dialect.js';
import type { Connection, Engine } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { planDowngrade, planUpgrade } from '../revisions/plan.js';
import { applyRowChanges, type RevisionStep } from '../revisions/steps.js';
import type { Schema } from '../schema/table.js';
import { LogTable, type UnfinishedStep } from './log-table.js';
import { type ImportModule, loadRevisionFunction } from './revision-module.js';
import { PlanIsStale, runStep } from './run-step.js';
import { type OwnTables, VersionTable } from './version-table.js';

export type Direction = 'upgrade' | 'downgrade';

export type MigrationEvent =
  | { readonly kind: 'waiting'; readonly holder: string }
  | { readonly kind: 'stepStarted'; readonly step: RevisionStep }
  | { readonly kind: 'statement'; readonly step: RevisionStep; readonly sql: string }
  | { readonly kind: 'stepEnded'; readonly step: RevisionStep; readonly milliseconds: number }
  | { readonly kind: 'unfinished'; readonly step: UnfinishedStep };

export interface MigrateRequest {
  readonly direction: Direction;
  readonly target: string;
}

export interface Environment {
  readonly engine: Engine;
  readonly graph: RevisionGraph;
  readonly names: OwnTables;
  readonly importModule: ImportModule;
  /** Milliseconds that another run is waited for. */
  readonly runnerTimeout: number;
  dialectOf(connection: Connection): Promise<Dialect>;
  /** Reads the schema that operations may need to know. */
  reflect(dialect: Dialect, connection: Connection): Promise<Schema>;
  onEvent(event: MigrationEvent): void;
}

export interface MigrateResult {
  readonly steps: readonly RevisionStep[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Every step is applied exactly once, whoever runs at the same time. */
export async function migrate(environment: Environment, request: MigrateRequest): Promise<MigrateResult> {
  const connection = await environment.engine.connect();
  try {
    const dialect = await environment.dialectOf(connection);
    const versions = new VersionTable(connection, dialect, environment.names);
    const heads = await versions.readHeads();
    const steps = plan(environment.graph, request, heads);
    if (steps.length === 0) return { steps, from: heads, to: heads };
    // A mistake in the last file must not leave the database half way there.
    for (const step of steps) await loadRevisionFunction(step.revision, step.direction, environment.importModule);
    return await migrateLocked(environment, request, { connection, dialect, versions, heads });
  } finally {
    await connection.close();
  }
}

interface Session {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly versions: VersionTable;
  readonly heads: readonly string[];
}

async function migrateLocked(
  environment: Environment,
  request: MigrateRequest,
  session: Session,
): Promise<MigrateResult> {
  const { connection, dialect } = session;
  const lock = await dialect.acquireLock({
    key: `${environment.names.namespace ?? ''}.${environment.names.version}`,
    timeout: environment.runnerTimeout,
    connect: () => environment.engine.connect(),
    onWait: (holder) => environment.onEvent({ kind: 'waiting', holder }),
  });
  try {
    await createOwnTables(session);
    if (!dialect.capabilities.transactionalDdl) {
      const unfinished = await new LogTable(connection, dialect, environment.names).findUnfinished();
      if (unfinished !== undefined) environment.onEvent({ kind: 'unfinished', step: unfinished });
    }
    return await runPlan(environment, request, session, lock);
  } finally {
    await lock.release();
  }
}

async function createOwnTables({ connection, dialect, versions }: Session): Promise<void> {
  if (!dialect.capabilities.transactionalDdl) return versions.ensure();
  await connection.begin({ mode: 'immediate' });
  try {
    await versions.ensure();
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

async function runPlan(
  environment: Environment,
  request: MigrateRequest,
  session: Session,
  lock: RunnerLock,
): Promise<MigrateResult> {
  const { connection, dialect, versions } = session;
  let current = await versions.readHeads();
  refuseStaleSteps(request, session.heads, current);
  const from = current;
  const done: RevisionStep[] = [];
  let steps = plan(environment.graph, request, current);
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    const running = step;
    environment.onEvent({ kind: 'stepStarted', step: running });
    const started = performance.now();
    try {
      await lock.verify();
      await runStep(running, current, {
        connection,
        dialect,
        names: environment.names,
        importModule: environment.importModule,
        reflect: (known) => environment.reflect(dialect, known),
        onStatement: (statement: Statement) =>
          environment.onEvent({ kind: 'statement', step: running, sql: statement.sql }),
      });
    } catch (error) {
      if (!(error instanceof PlanIsStale)) throw error;
      // SQLite has no lock between steps: another process was here, and the plan is made again from where it is now.
      const moved = await versions.readHeads();
      refuseStaleSteps(request, current, moved);
      current = moved;
      steps = plan(environment.graph, request, current);
      continue;
    }
    done.push(running);
    current = after(current, running);
    environment.onEvent({ kind: 'stepEnded', step: running, milliseconds: performance.now() - started });
  }
  return { steps: done, from, to: [...current].sort() };
}

function plan(graph: RevisionGraph, request: MigrateRequest, heads: readonly string[]): RevisionStep[] {
  return request.direction === 'upgrade'
    ? planUpgrade(graph, request.target, heads)
    : planDowngrade(graph, request.target, heads);
}

/** `-1` means one step from where the database was when it was asked for, not from wherever it has got to since. */
function refuseStaleSteps(request: MigrateRequest, expected: readonly string[], found: readonly string[]): void {
  const isRelative = /[+-]\d+$/.test(request.target);
  if (!isRelative || [...expected].sort().join() === [...found].sort().join()) return;
  throw new AludelError('ALUDEL_LOCK_TIMEOUT', 'Another run moved the database while this one was waiting.', {
    hint: `Run "aludel current", then "aludel ${request.direction} ${request.target}" again if it is still what you want.`,
  });
}

function after(heads: readonly string[], step: RevisionStep): string[] {
  const rows = new Set(heads);
  applyRowChanges(rows, step.rows);
  return [...rows];
}
