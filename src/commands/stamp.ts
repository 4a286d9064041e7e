/** The verbs that write the version table and run no revision: `stamp`, `ensure-version`. */
import { AludelError } from '../errors.js';
import { areEffectiveHeads, type RevisionGraph } from '../revisions/graph.js';
import { isRange, parseRange } from '../revisions/parse-identifier.js';
import { planStamp } from '../revisions/plan-stamp.js';
import { resolveRevisions } from '../revisions/resolve.js';
import { headsAfter, type StampStep } from '../revisions/steps.js';
import { Project, type ProjectOptions } from './project.js';

export interface StampOptions extends ProjectOptions {
  /** Empties the version table first: the way out when it holds revisions that no file declares. Default: false. */
  readonly purge?: boolean | undefined;
  /** Prints SQL instead of running it; nothing is connected to. Default: false. */
  readonly sql?: boolean | undefined;
}

export interface StampReport {
  /** The rows of the version table before and after. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The newest revisions of the folder; none where it is empty. */
  readonly heads: readonly string[];
  /** True when no revision is left to run. */
  readonly isAtHead: boolean;
  readonly steps: readonly StampStep[];
  /** The script, when SQL was asked for. */
  readonly sql: string | null;
}

export interface EnsureVersionReport {
  /** The version table. */
  readonly table: string;
  /** False when it existed; null when SQL was asked for. */
  readonly created: boolean | null;
  readonly sql: string | null;
}

/**
 * Writes revisions into the version table without running them. Rows of the same lineage move, other branches keep
 * theirs; `base` takes the rows away.
 * @param revisions ids, parts of ids, `heads`, `label@head`; with `sql` also `from:to`.
 * @throws AludelError ALUDEL_USAGE, ALUDEL_REVISION_NOT_FOUND, ALUDEL_REVISION_UNKNOWN_IN_DATABASE and others.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.stamp
 */
export async function stamp(revisions: string | readonly string[], options: StampOptions = {}): Promise<StampReport> {
  const targets = typeof revisions === 'string' ? [revisions] : revisions;
  const project = await Project.open(options);
  try {
    if (options.sql === true) return await printStamp(project, targets, options);
    const range = targets.find(isRange);
    if (range !== undefined) {
      throw new AludelError('ALUDEL_USAGE', `A range ("${range}") is for --sql only.`, {
        hint: `Run "aludel stamp ${parseRange(range).to?.text ?? 'heads'}", or add --sql.`,
      });
    }
    const { stampDatabase } = await import('../runtime/stamp.js');
    const { from, to, steps } = await stampDatabase(await project.environment(), {
      targets,
      purge: options.purge === true,
    });
    return { from, to, ...headsOf(project.graph, to), steps, sql: null };
  } finally {
    await project.close();
  }
}

async function printStamp(project: Project, targets: readonly string[], options: StampOptions): Promise<StampReport> {
  if (options.purge === true) {
    throw new AludelError('ALUDEL_USAGE', 'Without a connection nobody knows which rows to purge.', {
      hint: 'Leave out --sql, or say where the database is: aludel stamp FROM:TO --sql.',
    });
  }
  const { printStampSql } = await import('../runtime/offline.js');
  const { graph } = project;
  const from = findStart(project, targets);
  const ends = targets.map((text) => (isRange(text) ? (parseRange(text).to?.text ?? 'heads') : text));
  const steps = planStamp(graph, ends, from);
  const to = headsAfter(from, steps);
  const sql = printStampSql(await project.dialect(), project.names, from, steps);
  return { from, to, ...headsOf(graph, to), steps, sql };
}

function headsOf(graph: RevisionGraph, rows: readonly string[]): Pick<StampReport, 'heads' | 'isAtHead'> {
  return { heads: graph.heads.map(({ id }) => id), isAtHead: areEffectiveHeads(graph, rows) };
}

/** Where the database is taken to be: what stands before the colon, which has to be the same everywhere. */
function findStart(project: Project, targets: readonly string[]): readonly string[] {
  const starts = new Map(
    targets.flatMap((text) => {
      const from = isRange(text) ? parseRange(text).from : null;
      return from === null ? [] : [[from.text, from] as const];
    }),
  );
  const [start, ...others] = starts.values();
  if (others.length > 0) {
    throw new AludelError('ALUDEL_USAGE', `A stamp has one start, not "${[...starts.keys()].join('" and "')}".`, {
      hint: `Write "${start?.text ?? ''}:" before one revision only.`,
    });
  }
  return start === undefined ? [] : resolveRevisions(project.graph, start).map((node) => node.id);
}

/**
 * Creates the version table and the log where they are missing, and changes nothing else.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.ensure_version
 */
export async function ensureVersion(
  options: ProjectOptions & Pick<StampOptions, 'sql'> = {},
): Promise<EnsureVersionReport> {
  const project = await Project.open(options);
  try {
    const { namespace, version } = project.names;
    const table = namespace === null ? version : `${namespace}.${version}`;
    if (options.sql === true) {
      const { printOwnTablesSql } = await import('../runtime/offline.js');
      return { table, created: null, sql: printOwnTablesSql(await project.dialect(), project.names) };
    }
    const { ensureVersionTable } = await import('../runtime/stamp.js');
    const { created } = await ensureVersionTable(await project.environment());
    return { table, created, sql: null };
  } finally {
    await project.close();
  }
}
