import { applyRenames } from '../autogenerate/renames/apply-renames.js';
import { findRenames, type RenameQuestion } from '../autogenerate/renames/find-renames.js';
import type { Rename } from '../autogenerate/renames/rename.js';
import { type RenameAnswers, type ResolveContext, resolveAnswers } from '../autogenerate/renames/resolve-answers.js';
import { AludelError } from '../errors.js';

export type { RenameQuestion };

/** How it is decided whether a drop is a rename. */
export interface RenameOptions extends RenameAnswers {
  /** Every drop is meant, and nothing is asked. Default: false. */
  readonly noRenames?: boolean | undefined;
  /**
   * Asked about one drop after the other, tables first. Gives an answer such as `users.name:users.full_name`, or `null`
   * when it is really dropped. Without it, an open question stops the run.
   */
  readonly onQuestion?: ((question: RenameQuestion) => Promise<string | null>) | undefined;
}

export interface DecidedRenames {
  readonly renames: readonly Rename[];
  readonly questions: readonly RenameQuestion[];
}

/** Each answer may open further questions, and close others: the columns of a renamed table, a partner that is taken. */
export async function decideRenames(
  options: RenameOptions,
  hints: readonly Rename[],
  context: ResolveContext,
): Promise<DecidedRenames> {
  const { noRenames = false, onQuestion, remembered = {} } = options;
  const given = { renames: [...(options.renames ?? [])], drops: [...(options.drops ?? [])] };
  for (;;) {
    const { renames, drops, formerTables } = resolveAnswers({ ...given, remembered }, hints, context);
    if (noRenames) return { renames, questions: [] };
    const { schema } = applyRenames(context.from, context.to, renames, context);
    const open = findRenames(schema, context.to, { ...context, formerTables });
    const questions = open.filter(({ dropped }) => !drops.has(dropped));
    const [first] = questions;
    if (first === undefined || onQuestion === undefined) return { renames, questions };
    const answer = await onQuestion(first);
    if (answer === null) given.drops.push(first.dropped);
    else given.renames.push(answer);
  }
}

/** The error for questions that nobody answers: each with what to pass. */
export function renameUnanswered(questions: readonly RenameQuestion[]): AludelError {
  const [first] = questions;
  const lines = questions.map(({ dropped, candidates }) => {
    const renames = candidates.map(({ answer }) => `--rename ${quoteForShell(answer)}`);
    return `  ${dropped}: ${[...renames, `--drop ${quoteForShell(dropped)}`].join(' or ')}`;
  });
  const count =
    questions.length === 1 ? 'a drop that may be a rename' : `${questions.length} drops that may be renames`;
  return new AludelError(
    'ALUDEL_RENAME_UNANSWERED',
    `The comparison found ${count}, and a wrong guess would lose data:\n${lines.join('\n')}`,
    {
      hint:
        first === undefined
          ? undefined
          : 'Run the command again with one of these for each, or with --no-renames if all of it goes.',
      details: { questions },
    },
  );
}

function quoteForShell(text: string): string {
  return /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
