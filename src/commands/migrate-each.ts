/** One command for many databases or schemas: each has its own version table, so a second run goes on. */
import { AludelError, type ErrorCode } from '../errors.js';
import type { Direction } from '../runtime/migrate.js';
import type { TargetSource } from '../config/config.js';
import { findSchemas, type NamedTarget, readTargets } from './find-targets.js';
import { type MigrationEvent, Project, type ProjectOptions } from './project.js';
import type { CheckOptions, CheckReport } from './check.js';
import type { StampOptions, StampReport } from './stamp.js';
import type { CurrentOptions, CurrentReport } from './status.js';
import type { MigrateOptions, MigrateReport } from './upgrade.js';

/** Which tenants, and who hears of them. `R` is what the command reports of one. */
export interface TenantOptions<R> {
  /** A pattern of schemas (`tenant_*`), or a function that yields targets. Default: the config's `targets`. */
  readonly each?: string | TargetSource | undefined;
  /** How many at a time. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Hears of what happens in a target. */
  readonly onEvent?: ((event: MigrationEvent, target: string) => void) | undefined;
  /** Hears of each target when it has ended, and how many have by then. */
  readonly onTarget?: ((result: TargetResult<R>, done: number, total: number) => void) | undefined;
}

export interface MigrateEachOptions extends Omit<MigrateOptions, 'sql' | 'onEvent'>, TenantOptions<MigrateReport> {}
export interface StampEachOptions extends Omit<StampOptions, 'sql' | 'onEvent'>, TenantOptions<StampReport> {}
export interface CheckEachOptions extends Omit<CheckOptions, 'onEvent'>, TenantOptions<CheckReport> {}
export interface CurrentEachOptions extends Omit<CurrentOptions, 'onEvent'>, TenantOptions<CurrentReport> {}

export interface TargetResult<R = MigrateReport> {
  readonly target: string;
  /** What its run reported; null where it failed. */
  readonly report: R | null;
  readonly error: TargetError | null;
}

export interface TargetError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

export interface EachReport<R> {
  /** In the order of the targets, whichever ended first. */
  readonly targets: readonly TargetResult<R>[];
  /** The names of those that failed. */
  readonly failed: readonly string[];
}

export interface MigrateEachReport extends EachReport<MigrateReport> {
  readonly direction: Direction;
}

/**
 * Runs the revisions up to a target in every database or schema. One that fails does not keep the others from it, and a
 * second call does what is left.
 * @throws AludelError ALUDEL_USAGE, ALUDEL_CONFIG_INVALID; what fails in a target is in the report.
 */
export async function upgradeEach(revision = 'head', options: MigrateEachOptions = {}): Promise<MigrateEachReport> {
  const { upgrade } = await import('./upgrade.js');
  return { direction: 'upgrade', ...(await runEach(options, (more: MigrateOptions) => upgrade(revision, more))) };
}

/** Runs the revisions down to a target in every database or schema, as `upgradeEach` does. */
export async function downgradeEach(revision: string, options: MigrateEachOptions = {}): Promise<MigrateEachReport> {
  const { downgrade } = await import('./upgrade.js');
  return { direction: 'downgrade', ...(await runEach(options, (more: MigrateOptions) => downgrade(revision, more))) };
}

/** Writes the version rows of every database or schema, and runs no revision. */
export async function stampEach(
  revisions: string | readonly string[],
  options: StampEachOptions = {},
): Promise<EachReport<StampReport>> {
  const { stamp } = await import('./stamp.js');
  return runEach(options, (more: StampOptions) => stamp(revisions, more));
}

/** Compares the models with every database or schema. */
export async function checkEach(options: CheckEachOptions = {}): Promise<EachReport<CheckReport>> {
  const { check } = await import('./check.js');
  return runEach(options, (more: CheckOptions) => check(more));
}

/** Where every database or schema is. */
export async function currentEach(options: CurrentEachOptions = {}): Promise<EachReport<CurrentReport>> {
  const { current } = await import('./status.js');
  return runEach(options, (more: CurrentOptions) => current(more));
}

async function runEach<O extends ProjectOptions, R>(
  { each, concurrency = 4, onEvent, onTarget, ...options }: Omit<O, 'onEvent'> & TenantOptions<R>,
  run: (options: O) => Promise<R>,
): Promise<EachReport<R>> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new AludelError(
      'ALUDEL_USAGE',
      `The concurrency must be a whole number of 1 or more, found ${concurrency}.`,
      {
        hint: 'Leave it out for 4 at a time.',
      },
    );
  }
  const project = options as unknown as O;
  const targets = await resolveTargets(project, each);
  const results: TargetResult<R>[] = [];
  const waiting = [...targets.entries()];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, target] = next;
      const onTargetEvent = (event: MigrationEvent): void => onEvent?.(event, target.name);
      const result = await runTarget(target, () => run({ ...project, ...locationOf(target), onEvent: onTargetEvent }));
      results[index] = result;
      done += 1;
      onTarget?.(result, done, targets.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, targets.length) }, worker));
  return {
    targets: results,
    failed: results.flatMap(({ target, error }) => (error === null ? [] : [target])),
  };
}

async function resolveTargets(
  options: ProjectOptions,
  each: string | TargetSource | undefined,
): Promise<readonly NamedTarget[]> {
  const project = await Project.open(options);
  try {
    if (typeof each === 'string') return await findSchemas(project, each);
    return await readTargets(project.config.file, each ?? project.config.targets);
  } finally {
    await project.close();
  }
}

function locationOf({ url, schema, searchPath }: NamedTarget): Pick<ProjectOptions, 'url' | 'schema' | 'searchPath'> {
  return { ...(url === undefined ? {} : { url }), schema, searchPath };
}

async function runTarget<R>({ name }: NamedTarget, run: () => Promise<R>): Promise<TargetResult<R>> {
  try {
    return { target: name, report: await run(), error: null };
  } catch (error) {
    // A mistake of ours stops everything.
    if (!(error instanceof AludelError)) throw error;
    const { code, message, hint = null } = error;
    return { target: name, report: null, error: { code, message, hint } };
  }
}
