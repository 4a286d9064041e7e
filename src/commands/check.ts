import type { RenameQuestion } from '../autogenerate/renames/find-renames.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import { type EditedRevision, findEdited } from '../runtime/edited-files.js';
import { LogTable } from '../runtime/log-table.js';
import { VersionTable } from '../runtime/version-table.js';
import { compareModels } from './compare-models.js';
import { Project, type ProjectOptions } from './project.js';

export interface CheckReport {
  /** True when the database is what the models say. */
  readonly isInStep: boolean;
  readonly operations: readonly Operation[];
  /** The operations in words, in the same order. */
  readonly descriptions: readonly string[];
  /** Drops among them that may be renames; `revision --autogenerate` asks about these. */
  readonly questions: readonly RenameQuestion[];
  /** Applied revisions whose files have changed since; of many, the newest 500, unless `strict`. */
  readonly edited: readonly EditedRevision[];
}

export interface CheckOptions extends ProjectOptions {
  /** Compares the files of all applied revisions with the log. Default: false. */
  readonly strict?: boolean | undefined;
}

/**
 * Compares the models with the database and changes neither.
 * @throws AludelError ALUDEL_NOT_AT_HEAD and what loading models throws.
 * @see https://alembic.sqlalchemy.org/en/latest/autogenerate.html#running-alembic-check-to-test-for-new-upgrade-operations
 */
export async function check(options: CheckOptions = {}): Promise<CheckReport> {
  const project = await Project.open(options);
  try {
    const { operations, questions } = await compareModels(project);
    const edited = await project.connected(async (connection, dialect) => {
      const rows = await new VersionTable(connection, dialect, project.names).readHeads();
      const log = new LogTable(connection, dialect, project.names);
      return findEdited(log, project.graph, rows, { all: options.strict === true });
    });
    const descriptions = operations.map(describe);
    return { isInStep: operations.length === 0, operations, descriptions, questions, edited };
  } finally {
    await project.close();
  }
}
