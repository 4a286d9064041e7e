import { describe } from '../operations/describe.js';
import { isDestructive } from '../operations/is-destructive.js';
import type { Operation } from '../operations/operation.js';
import { Project } from './project.js';
import { draftRevision, findParent, type NewRevisionOptions, writeRevision } from './write-revision.js';

export interface RevisionOptions extends NewRevisionOptions {
  /** Fills the file by comparing the models with the database. Default: false, an empty revision. */
  readonly autogenerate?: boolean | undefined;
  /** The parent: an id, a part of one, `label@head`, or `base` to begin a history of its own. Default: the head. */
  readonly head?: string | undefined;
}

export interface RevisionReport {
  /** `null` when there was nothing to write. */
  readonly revision: string | null;
  readonly file: string | null;
  /** The parents. */
  readonly down: readonly string[];
  readonly operations: readonly Operation[];
  readonly descriptions: readonly string[];
  /** Those of the descriptions whose operations lose data when they run. */
  readonly losses: readonly string[];
}

/**
 * Writes a new revision file behind the head.
 * @throws AludelError ALUDEL_MULTIPLE_HEADS, ALUDEL_FILE_EXISTS, ALUDEL_USAGE; with `autogenerate` what `check` throws.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.revision
 */
export async function revision(options: RevisionOptions = {}): Promise<RevisionReport> {
  const project = await Project.open(options);
  try {
    const draft = await draftRevision(project, findParent(project.graph, options.head), options);
    const operations = options.autogenerate === true ? await compareFor(project) : [];
    const down = draft.parents.map((parent) => parent.id);
    const descriptions = operations.map(describe);
    const losses = operations.filter(isDestructive).map(describe);
    if (options.autogenerate === true && operations.length === 0) {
      return { revision: null, file: null, down, operations, descriptions, losses };
    }
    const file = await writeRevision(project, draft, operations, undefined, { sql: options.sql });
    return { revision: draft.id, file, down, operations, descriptions, losses };
  } finally {
    await project.close();
  }
}

async function compareFor(project: Project): Promise<Operation[]> {
  const { compareModels } = await import('./compare-models.js');
  return compareModels(project);
}
