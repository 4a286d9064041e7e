import { parseRange, isRange } from '../revisions/parse-identifier.js';
import { planDowngrade, planUpgrade } from '../revisions/plan.js';
import { resolveRevisions } from '../revisions/resolve.js';
import { areEffectiveHeads, type RevisionGraph } from '../revisions/graph.js';
import { headsAfter, type RevisionStep } from '../revisions/steps.js';
import { describe } from '../operations/describe.js';
import { isDestructive } from '../operations/is-destructive.js';
import type { Connection, TransactionMode } from '../engine/connection.js';
import type { Backup } from '../runtime/backup.js';
import type { Loss } from '../runtime/data-loss.js';
import type { EditedRevision } from '../runtime/edited-files.js';
import { type Direction, migrate, type MigrateRequest } from '../runtime/migrate.js';
import type { ResumeAt } from '../runtime/resume.js';
import { AludelError } from '../errors.js';
import { Project, type ProjectOptions } from './project.js';

export type { Backup, Loss, TransactionMode };

export interface MigrateOptions extends ProjectOptions {
  /** Prints SQL instead of running it; nothing is connected to. */
  readonly sql?: boolean | undefined;
  /** Says what would run, in words, and runs nothing. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Runs nothing when the file of an applied revision has changed since. Default: false, an event. */
  readonly strict?: boolean | undefined;
  /** How far one transaction reaches. Default: as the config says, else `revision`. */
  readonly transaction?: TransactionMode | undefined;
  /** What is known of the statement that was in flight when an earlier run was cut off: asked for by ALUDEL_RESUME_UNKNOWN. */
  readonly resumeAt?: ResumeAt | undefined;
  /** Drops tables and columns that hold rows. Default: false, ALUDEL_DATA_LOSS before anything runs. */
  readonly allowLoss?: boolean | undefined;
  /** Is told what would go, and says whether it may. Default: it may not. */
  readonly confirmLoss?: ((losses: readonly Loss[]) => Promise<boolean>) | undefined;
  /**
   * Copies the database before the first statement, by VACUUM INTO, pg_dump, mysqldump or mariadb-dump. `to` is a folder,
   * from the folder of the config on; default: beside a SQLite file, else `backups`. Default: false.
   */
  readonly backup?: boolean | { readonly to: string } | undefined;
}

export interface MigrateReport {
  readonly direction: Direction;
  /** Heads before and after. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** True when no revision is left to run; with `sql`, as far as the folder tells. */
  readonly isAtHead: boolean;
  /** What ran, in order. */
  readonly steps: readonly ReportedStep[];
  /** The script, when SQL was asked for. */
  readonly sql: string | null;
  /** True when nothing was run, because a dry run was asked for: `to` is where it would have gone. */
  readonly isDryRun: boolean;
  /** Applied revisions whose files have changed since; looked for when there is something to do, or `strict`. */
  readonly edited: readonly EditedRevision[];
  /** The copy that was made before the first statement, when one was asked for and something ran. */
  readonly backup: Backup | null;
}

export interface ReportedStep {
  readonly revision: string;
  readonly message: string | null;
  readonly file: string | null;
  /** In a dry run: the operations in words; the last one says so where more cannot be told without running it. */
  readonly descriptions?: readonly string[];
  /** In a dry run: those of the descriptions whose operations lose data. */
  readonly losses?: readonly string[];
}

/**
 * Runs the revisions up to a target.
 * @param target `head`, `heads`, an id, a part of one, `+1`, `label@head`; with `sql` also `from:to`.
 * @throws AludelError ALUDEL_REVISION_FAILED, ALUDEL_REVISION_NOT_FOUND, ALUDEL_MULTIPLE_HEADS, ALUDEL_LOCK_TIMEOUT and others.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.upgrade
 */
export function upgrade(target = 'head', options: MigrateOptions = {}): Promise<MigrateReport> {
  return run('upgrade', target, options);
}

/**
 * Runs the revisions down to a target.
 * @param target `base`, an id, `-1`; with `sql` always `from:to`.
 */
export function downgrade(target: string, options: MigrateOptions = {}): Promise<MigrateReport> {
  return run('downgrade', target, options);
}

async function run(direction: Direction, target: string, options: MigrateOptions): Promise<MigrateReport> {
  const project = await Project.open(options);
  const { transaction = project.config.transaction } = options;
  try {
    refuseUnknownMode(transaction);
    if (options.sql === true) return await print(project, direction, target, transaction);
    if (isRange(target)) {
      throw new AludelError('ALUDEL_USAGE', `A range ("${target}") is for --sql only.`, {
        hint: `Run "aludel ${direction} ${parseRange(target).to?.text ?? 'head'}", or add --sql.`,
      });
    }
    if (options.dryRun === true) return await foresee(project, { direction, target, transaction });
    const { strict = false, resumeAt, allowLoss, confirmLoss } = options;
    const backUp = backUpFor(project, options);
    const request = { direction, target, strict, transaction, resumeAt, allowLoss, confirmLoss, backUp };
    const { from, to, steps, edited, backup } = await migrate(await project.environment(), request);
    const isAtHead = areEffectiveHeads(project.graph, to);
    return { direction, from, to, isAtHead, steps: steps.map(reportStep), sql: null, isDryRun: false, edited, backup };
  } finally {
    await project.close();
  }
}

function backUpFor(
  project: Project,
  { backup: asked = false, schema }: MigrateOptions,
): ((connection: Connection) => Promise<Backup>) | undefined {
  if (asked === false) return undefined;
  const to = asked === true ? null : asked.to;
  return async (connection) => {
    const { makeBackup } = await import('../runtime/backup.js');
    const [url, projectFolder] = [await project.url(), project.config.folder];
    return makeBackup({ url, to, projectFolder, schema: schema ?? null }, connection);
  };
}

async function foresee(project: Project, request: MigrateRequest): Promise<MigrateReport> {
  const { dryRun } = await import('../runtime/dry-run.js');
  const { from, steps } = await dryRun(await project.environment(), request);
  const to = headsAfter(
    from,
    steps.map(({ step }) => step),
  );
  return {
    direction: request.direction,
    from,
    to,
    isAtHead: areEffectiveHeads(project.graph, to),
    steps: steps.map(({ step, operations, isComplete }) => ({
      ...reportStep(step),
      descriptions: [
        ...operations.map(describe),
        ...(isComplete ? [] : ['then read from the database; what follows cannot be told without running it']),
      ],
      losses: operations.filter(isDestructive).map(describe),
    })),
    sql: null,
    isDryRun: true,
    edited: [],
    backup: null,
  };
}

function refuseUnknownMode(transaction: string): void {
  if (['revision', 'run', 'none'].includes(transaction)) return;
  throw new AludelError('ALUDEL_USAGE', `There is no transaction mode "${transaction}".`, {
    hint: 'Choose one of: revision, run, none.',
  });
}

async function print(
  project: Project,
  direction: Direction,
  target: string,
  transaction: TransactionMode,
): Promise<MigrateReport> {
  const { printSql } = await import('../runtime/offline.js');
  const { graph } = project;
  const { from, steps } = planOffline(graph, direction, target);
  const dialect = await project.dialect();
  const extensions = await project.runExtensions();
  const { context, names } = project;
  const sql = await printSql({
    dialect,
    graph,
    names,
    importModule: project.importRevision,
    context,
    from,
    steps,
    transaction,
    extensions,
  });
  const to = headsAfter(from, steps);
  const isAtHead = areEffectiveHeads(graph, to);
  return {
    direction,
    from,
    to,
    isAtHead,
    steps: steps.map(reportStep),
    sql,
    isDryRun: false,
    edited: [],
    backup: null,
  };
}

function planOffline(
  graph: RevisionGraph,
  direction: Direction,
  target: string,
): { readonly from: readonly string[]; readonly steps: readonly RevisionStep[] } {
  if (direction === 'downgrade' && !isRange(target)) {
    throw new AludelError('ALUDEL_USAGE', 'Without a connection a downgrade has to be told where it starts.', {
      hint: `Run "aludel downgrade head:${target} --sql".`,
    });
  }
  const range = isRange(target) ? parseRange(target) : { from: null, to: null };
  const from = range.from === null ? [] : resolveRevisions(graph, range.from).map((node) => node.id);
  const to = isRange(target) ? (range.to?.text ?? (direction === 'upgrade' ? 'heads' : 'base')) : target;
  const steps = direction === 'upgrade' ? planUpgrade(graph, to, from) : planDowngrade(graph, to, from);
  return { from, steps };
}

function reportStep({ revision }: RevisionStep): ReportedStep {
  return { revision: revision.id, message: revision.message, file: revision.file };
}
