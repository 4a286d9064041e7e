import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { AludelError } from '../errors.js';
import { describe } from '../operations/describe.js';
import { isDestructive } from '../operations/is-destructive.js';
import type { Operation } from '../operations/operation.js';
import { reverseAll } from '../operations/reverse.js';
import { findIdProblem } from '../revisions/check-names.js';
import { fileNameFor, newRevisionId } from '../revisions/file-name.js';
import { multipleHeadsError } from '../revisions/revision-errors.js';
import { Project, type ProjectOptions } from './project.js';

export interface RevisionOptions extends ProjectOptions {
  readonly message?: string | undefined;
  /** Fills the file by comparing the models with the database. Default: false, an empty revision. */
  readonly autogenerate?: boolean | undefined;
  /** The id. Default: twelve random hexadecimal digits. */
  readonly revisionId?: string | undefined;
  /** The moment written into the file. Default: now. */
  readonly now?: Date | undefined;
}

export interface RevisionReport {
  /** `null` when there was nothing to write. */
  readonly revision: string | null;
  readonly file: string | null;
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
    const { graph } = project;
    const [head, ...others] = graph.heads;
    if (others.length > 0)
      throw multipleHeadsError(
        'head',
        graph.heads.map((node) => node.id),
      );
    const id = options.revisionId ?? newRevisionId();
    checkId(id, graph.byId.has(id));
    const operations = options.autogenerate === true ? await compareFor(project) : [];
    const descriptions = operations.map(describe);
    const losses = operations.filter(isDestructive).map(describe);
    if (options.autogenerate === true && operations.length === 0) {
      return { revision: null, file: null, operations, descriptions, losses };
    }
    const file = await writeRevision(project, id, head === undefined ? [] : [head.id], operations, options);
    return { revision: id, file, operations, descriptions, losses };
  } finally {
    await project.close();
  }
}

async function compareFor(project: Project): Promise<Operation[]> {
  const { compareModels } = await import('./compare-models.js');
  return compareModels(project);
}

/** Writes the file of a new revision and gives its path. */
export async function writeRevision(
  project: Project,
  id: string,
  down: readonly string[],
  operations: readonly Operation[],
  options: Pick<RevisionOptions, 'message' | 'now'>,
): Promise<string> {
  const { renderRevision } = await import('../autogenerate/render/render-revision.js');
  const { config } = project;
  const message = options.message?.trim() ?? '';
  const date = options.now ?? new Date();
  const extension = EXTENSIONS[extname(config.file)] ?? '.mjs';
  const name = fileNameFor(config.fileTemplate, {
    id,
    message,
    date,
    timeZone: config.timezone,
    truncateSlugLength: config.truncateSlugLength,
    extension,
  });
  const source = renderRevision({
    id,
    message,
    down,
    branchLabels: [],
    dependsOn: [],
    createdAt: date.toISOString().replace(/\.\d+Z$/, 'Z'),
    language: extension.endsWith('ts') ? 'typescript' : 'javascript',
    upgrade: operations,
    downgrade: reverseAll(operations),
  });
  const file = join(project.folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeNew(file, source);
  return file;
}

/** Revisions are written in the language of the config; `.mjs` is a module in every project. */
const EXTENSIONS: Readonly<Record<string, '.ts' | '.mts' | '.js' | '.mjs'>> = {
  '.ts': '.ts',
  '.mts': '.mts',
  '.js': '.js',
  '.mjs': '.mjs',
};

/** Never writes over a file. */
async function writeNew(file: string, source: string): Promise<void> {
  try {
    await writeFile(file, source, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new AludelError('ALUDEL_FILE_EXISTS', `"${file}" exists already.`, {
      hint: 'Give another message, or move the file away.',
    });
  }
}

/** @throws AludelError ALUDEL_USAGE. */
export function checkId(id: string, isTaken: boolean): void {
  const problem = isTaken ? 'is taken' : findIdProblem(id);
  if (problem === null) return;
  throw new AludelError('ALUDEL_USAGE', `The revision id "${id}" ${problem}.`, {
    hint: 'Give another one with --rev-id, or leave it out.',
  });
}
