/** A step that an earlier run began and did not end: it is gone on with before anything else is done. */
import { AludelError } from '../errors.js';
import type { RevisionStep } from '../revisions/steps.js';
import type { LogTable, OpenEntry } from './log-table.js';
import { isHalfDone } from './progress.js';
import type { ResumeAt } from './resume.js';

/**
 * The entry of an earlier run of this very step; null where there is none.
 * @throws AludelError ALUDEL_REVISION_UNFINISHED where another step is half done; ALUDEL_USAGE where `resumeAt` is given
 *   and nothing is in doubt.
 */
export async function findEarlier(
  log: LogTable,
  { revision, direction }: RevisionStep,
  resumeAt: ResumeAt | undefined,
): Promise<OpenEntry | null> {
  const open = await log.findUnfinished();
  refuseOther(open, { revision, direction });
  const isThis = open !== undefined && isOf(open, { revision, direction });
  if (resumeAt !== undefined && (!isThis || open.progress.flight === null)) throw nothingInDoubt(resumeAt);
  return isThis ? open : null;
}

/**
 * Nobody is asked what may be lost by a run that something half done will refuse.
 * @throws AludelError ALUDEL_REVISION_UNFINISHED
 */
export async function refuseOtherUnfinished(log: LogTable, first: Run | undefined): Promise<void> {
  if (first !== undefined) refuseOther(await log.findUnfinished(), first);
}

type Run = Pick<RevisionStep, 'revision' | 'direction'>;

function refuseOther(open: OpenEntry | undefined, run: Run): void {
  if (open !== undefined && !isOf(open, run) && isHalfDone(open.progress)) throw unfinished(open);
}

function isOf({ step }: OpenEntry, { revision, direction }: Run): boolean {
  return step.revision === revision.id && step.direction === direction;
}

/** Refuses an answer to a question that nobody asks. */
export function nothingInDoubt(resumeAt: ResumeAt): AludelError {
  return new AludelError('ALUDEL_USAGE', `Nothing is in doubt: "--resume-at ${resumeAt}" was not needed.`, {
    hint: 'Leave it out. "aludel current" says whether a revision is half done.',
  });
}

function unfinished({ step: { revision, direction, statement } }: OpenEntry): AludelError {
  const command = direction === 'downgrade' ? `aludel downgrade ${revision}-1` : `aludel upgrade ${revision}`;
  return new AludelError(
    'ALUDEL_REVISION_UNFINISHED',
    `The ${direction} of "${revision}" was cut off at statement ${statement}: until it has ended nothing else is run.`,
    {
      hint: `Run "${command}", which goes on from there. If you have mended it by hand, "aludel stamp" says where the database is.`,
      details: { revision, direction, statement },
    },
  );
}
