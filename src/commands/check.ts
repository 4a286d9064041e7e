import type { RenameQuestion } from '../autogenerate/renames/find-renames.js';
import { apply } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import { type Operation, tableOf } from '../operations/operation.js';
import { type EditedRevision, findEdited } from '../runtime/edited-files.js';
import { LogTable } from '../runtime/log-table.js';
import { formatTableName } from '../schema/table-name.js';
import type { Schema } from '../schema/table.js';
import { VersionTable } from '../runtime/version-table.js';
import { compareModels, type Comparison } from './compare-models.js';
import { findIndexWarnings, type SchemaWarning } from './find-index-warnings.js';
import type { TablePlace } from './locate-tables.js';
import { Project, type ProjectOptions } from './project.js';

export type { SchemaWarning, TablePlace };

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
  /** A unified difference from the schema of the database to that of the models; empty where they agree. */
  readonly diff: string;
  /** What is not wrong and still worth a look, in the schema of the models. */
  readonly warnings: readonly SchemaWarning[];
  /** The config file, which stands for what has no place of its own. */
  readonly config: string;
  /** With `locate`: where the tables of operations and warnings are declared, as far as that can be told. */
  readonly places: readonly TablePlace[];
}

export interface CheckOptions extends ProjectOptions {
  /** Compares the files of all applied revisions with the log. Default: false. */
  readonly strict?: boolean | undefined;
  /** Looks for the tables in the text of the model files. Default: false. */
  readonly locate?: boolean | undefined;
}

/**
 * Compares the models with the database and changes neither.
 * @throws AludelError ALUDEL_NOT_AT_HEAD and what loading models throws.
 * @see https://alembic.sqlalchemy.org/en/latest/autogenerate.html#running-alembic-check-to-test-for-new-upgrade-operations
 */
export async function check(options: CheckOptions = {}): Promise<CheckReport> {
  const project = await Project.open(options);
  try {
    const comparison = await compareModels(project);
    const { operations, questions, dialect } = comparison;
    const edited = await project.connected(async (connection) => {
      const rows = await new VersionTable(connection, dialect, project.names).readHeads();
      const log = new LogTable(connection, dialect, project.names);
      return findEdited(log, project.graph, rows, { all: options.strict === true });
    });
    const descriptions = operations.map(describe);
    const wanted = await schemaBehind(project, comparison);
    const warnings = findIndexWarnings(wanted, dialect);
    return {
      isInStep: operations.length === 0,
      operations,
      descriptions,
      questions,
      edited,
      diff: operations.length === 0 ? '' : await difference(comparison, wanted),
      warnings,
      config: project.config.file,
      places: options.locate === true ? await locate(project, operations, warnings) : [],
    };
  } finally {
    await project.close();
  }
}

/** Not the models' own schema: what nothing compares, such as the order of columns, must not show as a difference. */
async function schemaBehind(project: Project, { from, operations }: Comparison): Promise<Schema> {
  const extensions = await project.runExtensions();
  return operations.reduce((known, operation) => extensions?.apply(known, operation) ?? apply(known, operation), from);
}

async function difference({ from, dialect, server }: Comparison, wanted: Schema): Promise<string> {
  const { renderDifference } = await import('./render-schema.js');
  return renderDifference(from, wanted, { from: 'database', to: 'models' }, { dialect, server });
}

async function locate(
  project: Project,
  operations: readonly Operation[],
  warnings: readonly SchemaWarning[],
): Promise<readonly TablePlace[]> {
  const { locateTables } = await import('./locate-tables.js');
  const changed = operations.flatMap((operation) => tableOf(operation) ?? []).map(formatTableName);
  return locateTables(project.config, [...new Set([...changed, ...warnings.map(({ table }) => table)])]);
}
