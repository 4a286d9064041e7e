import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import { compareModels } from './compare-models.js';
import { Project, type ProjectOptions } from './project.js';

export interface CheckReport {
  /** True when the database is what the models say. */
  readonly isInStep: boolean;
  readonly operations: readonly Operation[];
  /** The operations in words, in the same order. */
  readonly descriptions: readonly string[];
}

/**
 * Compares the models with the database and changes neither.
 * @throws AludelError ALUDEL_NOT_AT_HEAD and what loading models throws.
 * @see https://alembic.sqlalchemy.org/en/latest/autogenerate.html#running-alembic-check-to-test-for-new-upgrade-operations
 */
export async function check(options: ProjectOptions = {}): Promise<CheckReport> {
  const project = await Project.open(options);
  try {
    const operations = await compareModels(project);
    return { isInStep: operations.length === 0, operations, descriptions: operations.map(describe) };
  } finally {
    await project.close();
  }
}
