import { AludelError, isRefusedStatement } from '../errors.js';
import { describe } from '../operations/describe.js';
import type { RevisionStep } from '../revisions/steps.js';
import { callSite } from './call-site.js';
import type { StatementOrigin } from './operation-groups.js';

export interface FailureFacts {
  readonly step: RevisionStep;
  /** What the statement in flight, or the last one, was sent for. */
  readonly origin: StatementOrigin | null;
  /** Its number in the revision, from 1; 0 when none was sent. */
  readonly statement: number;
  /** Statements that have taken effect, whatever was rolled back. */
  readonly applied: number;
  /** What `op.batch()` has done for good; null for nothing. */
  readonly kept: string | null;
  /** What the dialect says of an operation that failed. */
  readonly advice: string | undefined;
  /** One transaction is open around the whole run. */
  readonly isInRun: boolean;
}

/** Errors that say by themselves what to do about the revision. */
const SELF_EXPLAINING = [
  'ALUDEL_REVISION_OVER',
  'ALUDEL_REVISION_UNFINISHED',
  'ALUDEL_RESUME_REFUSED',
  'ALUDEL_RESUME_UNKNOWN',
];

/** Says of an error which call it came from, and what of the revision has taken effect. */
export function explainFailure(
  error: unknown,
  { step, origin, statement, applied, kept, advice, isInRun }: FailureFacts,
): unknown {
  const { revision, direction } = step;
  const isOurs = error instanceof AludelError;
  if (isOurs && SELF_EXPLAINING.includes(error.code)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  // What the file itself threw says where; a statement, which call it was sent for.
  const isBetween = !isOurs || error.code === 'ALUDEL_EXTENSION_FAILED';
  const known = isOurs ? error.details['at'] : undefined;
  const thrownAt = error instanceof Error && isBetween ? callSite(revision.file ?? '', error) : null;
  const sentFor = isOurs ? origin : null;
  const at = typeof known === 'string' ? known : (thrownAt ?? sentFor?.at ?? null);
  const call = sentFor === null ? null : describe(sentFor.operation);
  const where = at === null && call === null ? '' : ` at ${at ?? call}`;
  const undone =
    applied <= 0
      ? (kept ??
        `Nothing of this ${isInRun ? 'run' : 'revision'} was applied: mend the file, then run the command again.`)
      : `The first ${applied === 1 ? 'statement' : `${applied} statements`} took effect and ${applied === 1 ? 'is' : 'are'} ` +
        `on record: mend the data, or what the file says after that, then run the command again: it goes on from there.`;
  const sql = isOurs && typeof error.details['sql'] === 'string' ? `\n  ${error.details['sql']}` : '';
  const number = isBetween || statement === 0 ? '' : `, statement ${statement}`;
  return new AludelError(
    isOurs && !isRefusedStatement(error) ? error.code : 'ALUDEL_REVISION_FAILED',
    `${direction === 'upgrade' ? 'Upgrade' : 'Downgrade'} "${revision.id}" failed${where}${number}: ${reason}${sql}`,
    {
      hint: [...(isOurs ? [error.hint, advice, stampHint(reason, step, origin)] : [pluginHint(reason)]), undone]
        .filter((text) => text !== undefined)
        .join(' '),
      details: {
        ...(isOurs ? error.details : {}),
        revision: revision.id,
        file: revision.file,
        at,
        statement,
        applied: Math.max(0, applied),
      },
      cause: error,
    },
  );
}

/** The first revision meets its tables in a database that was there before Aludel. */
function stampHint(
  reason: string,
  { direction, revision }: RevisionStep,
  origin: StatementOrigin | null,
): string | undefined {
  const isFirst = direction === 'upgrade' && revision.down.length === 0;
  if (!isFirst || origin?.operation.kind !== 'createTable' || !reason.endsWith('already exists')) return undefined;
  return `If the database holds all that this revision makes, run "aludel stamp ${revision.id}".`;
}

/** The method of a plugin that the config does not list is missing, as any other. */
function pluginHint(reason: string): string | undefined {
  const name = /\bop\.(\w+) is not a function$/.exec(reason)?.[1];
  if (name === undefined) return undefined;
  return `If a plugin defines "op.${name}", add it to "plugins" in the config file.`;
}
