import type { Operations } from '../operations/recorder.js';
import type { Revision } from '../revisions/revision.js';
import { isSqlFile } from '../revisions/sql-file.js';
import { AludelError } from '../errors.js';

export type RevisionFunction = (op: Operations) => void | Promise<void>;

/** Imports a module by path; given by `config/`, so that every file goes through one loader. */
export type ImportModule = (file: string) => Promise<Readonly<Record<string, unknown>>>;

/** What a revision file says for one direction. */
export interface RevisionScript {
  readonly run: RevisionFunction;
  /** False where the file says `export const transaction = false`. */
  readonly isTransactional: boolean;
}

/**
 * The function of a revision file for a direction, and how it is to be run.
 * @throws AludelError ALUDEL_REVISION_INVALID when the file has none, cannot be loaded, has another id than its text says,
 *   or a `transaction` that is no boolean.
 */
export async function loadRevisionScript(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  importModule: ImportModule,
): Promise<RevisionScript> {
  const module = await loadRevisionModule(revision, importModule);
  const run = functionOf(module, revision, direction);
  const { transaction = true } = module;
  if (typeof transaction === 'boolean') return { run, isTransactional: transaction };
  throw new AludelError(
    'ALUDEL_REVISION_INVALID',
    `"${revision.file ?? ''}" exports a "transaction" that is no boolean.`,
    {
      hint: 'Write "export const transaction = false;", or leave it out.',
    },
  );
}

/** What the file of a revision exports. */
async function loadRevisionModule(
  revision: Revision,
  importModule: ImportModule,
): Promise<Readonly<Record<string, unknown>>> {
  const file = revision.file ?? '';
  const module = await importModule(file).catch((error: unknown) => {
    throw explainImport(error, revision);
  });
  if (module['revision'] !== revision.id) {
    throw new AludelError('ALUDEL_REVISION_INVALID', `"${file}" exports another revision id than its header says.`, {
      hint: `Write it as a literal: export const revision = '${revision.id}';`,
    });
  }
  return module;
}

function functionOf(
  module: Readonly<Record<string, unknown>>,
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
): RevisionFunction {
  const file = revision.file ?? '';
  const run = module[direction];
  if (isRevisionFunction(run)) return run;
  if (isSqlFile(file)) {
    throw new AludelError('ALUDEL_REVISION_INVALID', `"${file}" has no line "-- ${direction}".`, {
      hint: `Write the line "-- ${direction}" and the SQL behind it, then run the command again.`,
    });
  }
  throw new AludelError('ALUDEL_REVISION_INVALID', `"${file}" exports no function ${direction}().`, {
    hint: `Add "export function ${direction}(op) { ... }" to it, then run the command again.`,
  });
}

function isRevisionFunction(value: unknown): value is RevisionFunction {
  return typeof value === 'function';
}

/** What is wrong with the file, as the loader found it, and that it did not run. */
function explainImport(error: unknown, revision: Revision): unknown {
  if (!(error instanceof AludelError) || error.code !== 'ALUDEL_MODULE_FAILED') return error;
  const { message, hint = 'Correct the file, then run the command again.', details, cause } = error;
  return new AludelError('ALUDEL_REVISION_INVALID', `Revision "${revision.id}" cannot be loaded. ${message}`, {
    hint: `${hint} Nothing of this revision was applied.`,
    details: { ...details, revision: revision.id, file: revision.file },
    cause,
  });
}
