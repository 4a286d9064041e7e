import { describe } from '../operations/describe.js';
import { isDestructive } from '../operations/is-destructive.js';
import type { Operation } from '../operations/operation.js';
import type { RenameQuestion } from '../autogenerate/renames/find-renames.js';
import type { RenameOptions } from './decide-renames.js';
import { Project } from './project.js';
import { draftRevision, findParent, type NewRevisionOptions, writeRevision } from './write-revision.js';

export interface RevisionOptions extends NewRevisionOptions, RenameOptions {
  /** Fills the file by comparing the models with the database. Default: false, an empty revision. */
  readonly autogenerate?: boolean | undefined;
  /** With `autogenerate`: a file of answers about renames; what `onQuestion` answers is added to it. */
  readonly answers?: string | undefined;
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
 * @throws AludelError ALUDEL_MULTIPLE_HEADS, ALUDEL_FILE_EXISTS, ALUDEL_USAGE; with `autogenerate` what `check` throws, and
 *   ALUDEL_RENAME_UNANSWERED when a drop may be a rename and nobody says so.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.revision
 */
export async function revision(options: RevisionOptions = {}): Promise<RevisionReport> {
  const project = await Project.open(options);
  try {
    const draft = await draftRevision(project, findParent(project.graph, options.head), options);
    const operations = options.autogenerate === true ? await compareFor(project, options) : [];
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

async function compareFor(project: Project, options: RevisionOptions): Promise<readonly Operation[]> {
  const { answers: file, onQuestion } = options;
  const [{ compareModels }, { readAnswers, writeAnswers }, { renameUnanswered }] = await Promise.all([
    import('./compare-models.js'),
    import('./rename-answers.js'),
    import('./decide-renames.js'),
  ]);
  const remembered =
    file === undefined ? undefined : await readAnswers(file, { mayBeMissing: onQuestion !== undefined });
  const asked = { renames: [...(remembered?.renames ?? [])], drops: [...(remembered?.drops ?? [])] };
  const keep = async (question: RenameQuestion): Promise<string | null> => {
    const answer = (await onQuestion?.(question)) ?? null;
    if (answer === null) asked.drops.push(question.dropped);
    else asked.renames.push(answer);
    return answer;
  };
  const { operations, questions } = await compareModels(project, {
    ...options,
    ...(remembered === undefined ? {} : { remembered }),
    onQuestion: onQuestion === undefined ? undefined : keep,
  });
  if (questions.length > 0) throw renameUnanswered(questions);
  if (file !== undefined && onQuestion !== undefined) await writeAnswers(file, asked);
  return operations;
}
