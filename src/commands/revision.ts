import type { Operation } from '../operations/operation.js';
import type { RenameQuestion } from '../autogenerate/renames/find-renames.js';
import { reverseAll } from '../operations/reverse.js';
import type { BackfillOptions } from './decide-backfills.js';
import type { RenameOptions } from './decide-renames.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';
import { Project } from './project.js';
import type { UnknownRevision } from './replay-history.js';
import {
  describeOperations,
  directRevision,
  draftRevision,
  findParent,
  type NewRevisionOptions,
  writeRevision,
} from './write-revision.js';

export interface RevisionOptions extends NewRevisionOptions, Omit<RenameOptions, 'remembered'>, BackfillOptions {
  /** Fills the file by comparing the models with the database. Default: false, an empty revision. */
  readonly autogenerate?: boolean | undefined;
  /**
   * With `autogenerate`: what the models are compared with, the live database or what the operations of all revisions make
   * of an empty one. Default: `database`.
   */
  readonly from?: 'database' | 'history' | undefined;
  /** With `from: 'history'`: the URL of a server for scratch databases, which are dropped. SQLite needs none. */
  readonly devUrl?: string | undefined;
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
  /** With `from: 'history'`: revisions of which the replay could not know all, as they run raw SQL or read. */
  readonly unknown?: readonly UnknownRevision[];
}

/**
 * Writes a new revision file behind the head.
 * @throws AludelError ALUDEL_MULTIPLE_HEADS, ALUDEL_FILE_EXISTS, ALUDEL_USAGE; with `autogenerate` what `check` throws, and
 *   ALUDEL_RENAME_UNANSWERED when a drop may be a rename and nobody says so; ALUDEL_BACKFILL_UNANSWERED when a column becomes
 *   required and nobody says what its rows are filled with.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.revision
 */
export async function revision(options: RevisionOptions = {}): Promise<RevisionReport> {
  const project = await Project.open(options);
  try {
    const draft = await draftRevision(project, findParent(project.graph, options.head), options);
    const autogenerate = options.autogenerate === true;
    const { found, unknown, from } = autogenerate ? await compareFor(project, options) : NOTHING;
    const more = options.from === 'history' ? { unknown } : {};
    const filled = found.length === 0 ? found : await fillRequired(project, found, from, options);
    const down = draft.parents.map((parent) => parent.id);
    const directed = await directRevision(project, draft, filled, {
      command: 'revision',
      autogenerate,
      downgrade: reverseAll(found),
    });
    if (directed === null) return { revision: null, file: null, down, ...describeOperations([]), ...more };
    const { upgrade: operations, downgrade } = directed;
    const facts = describeOperations(operations);
    if (autogenerate && operations.length === 0) return { revision: null, file: null, down, ...facts, ...more };
    const file = await writeRevision(project, directed.draft, operations, downgrade, { sql: options.sql });
    return { revision: directed.draft.id, file, down, ...facts, ...more };
  } finally {
    await project.close();
  }
}

async function fillRequired(
  project: Project,
  operations: readonly Operation[],
  from: Schema,
  options: RevisionOptions,
): Promise<readonly Operation[]> {
  const { decideBackfills } = await import('./decide-backfills.js');
  // The rows of a database that nobody looks at cannot be counted.
  if (options.from === 'history') return decideBackfills(operations, options, null, from);
  return project.connected((connection, dialect) =>
    decideBackfills(operations, options, { connection, dialect }, from),
  );
}

interface Found {
  readonly found: readonly Operation[];
  readonly unknown: readonly UnknownRevision[];
  /** What the operations begin with. */
  readonly from: Schema;
}

const NOTHING: Found = { found: [], unknown: [], from: EMPTY_SCHEMA };

async function compareFor(project: Project, options: RevisionOptions): Promise<Found> {
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
  const {
    operations: found,
    questions,
    unknown,
    from,
  } = await compareModels(project, {
    ...options,
    ...(remembered === undefined ? {} : { remembered }),
    onQuestion: onQuestion === undefined ? undefined : keep,
  });
  if (questions.length > 0) throw renameUnanswered(questions);
  if (file !== undefined && onQuestion !== undefined) await writeAnswers(file, asked);
  return { found, unknown, from };
}
