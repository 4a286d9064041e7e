import { AludelError } from '../errors.js';
import { findNearestId } from './nearest-id.js';

/** Why a request does not fit the graph; `details.reason` of every ALUDEL_REVISION_RANGE error. */
export type RangeReason =
  /** The target is no ancestor (downgrade, range) of where the walk starts. */
  | 'not-ancestor'
  /** A relative step meets several parents, children or current revisions. */
  | 'ambiguous'
  /** A relative step leaves the graph, or goes in the wrong direction. */
  | 'too-far'
  /** One requested revision is an ancestor of another. */
  | 'overlap'
  /** The named branch has nothing to undo there. */
  | 'branch';

/** Quotes names for a message, at most `limit` of them. */
export function quoteIds(ids: readonly string[], limit = 5): string {
  const shown = ids.slice(0, limit).map((id) => `"${id}"`);
  if (ids.length > limit) return `${shown.join(', ')} and ${ids.length - limit} more`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

export function rangeError(
  reason: RangeReason,
  message: string,
  hint: string,
  details: Readonly<Record<string, unknown>> = {},
): AludelError {
  return new AludelError('ALUDEL_REVISION_RANGE', message, {
    hint,
    details: { reason, ...details },
  });
}

export function multipleHeadsError(argument: string, heads: readonly string[], hint?: string): AludelError {
  return new AludelError(
    'ALUDEL_MULTIPLE_HEADS',
    `"${argument}" needs one head, and the revision graph has ${heads.length}: ${quoteIds(heads)}.`,
    {
      hint: hint ?? `Run "aludel merge ${heads.join(' ')}", or pass "heads" or one of them.`,
      details: { argument, heads },
    },
  );
}

export function notFoundError(
  wanted: string,
  known: Iterable<string>,
  message?: string,
  details: Readonly<Record<string, unknown>> = {},
): AludelError {
  const nearest = findNearestId(wanted, known);
  return new AludelError('ALUDEL_REVISION_NOT_FOUND', message ?? `There is no revision or branch "${wanted}".`, {
    hint: nearest === null ? 'Run "aludel history" to see every revision.' : `Did you mean "${nearest}"?`,
    details: { identifier: wanted, nearest, ...details },
  });
}

export function unknownInDatabaseError(ids: readonly string[], known: Iterable<string>): AludelError {
  const nearest = findNearestId(ids[0] ?? '', known);
  const one = ids.length === 1;
  const search = ids.map((id) => `"*${id}*"`).join(' ');
  return new AludelError(
    'ALUDEL_REVISION_UNKNOWN_IN_DATABASE',
    `The database is at ${one ? 'revision' : 'revisions'} ${quoteIds(ids)}, and the folder has no such ${one ? 'file' : 'files'}.`,
    {
      hint:
        `Bring the missing ${one ? 'file' : 'files'} back, from the branch or commit that has ` +
        `${one ? 'it' : 'them'}: git log --all -- ${search}. Only if the schema is as another revision says, ` +
        'run "aludel stamp --purge" with the id of that one.',
      details: { revisions: ids, nearest },
    },
  );
}

/** The database stands in the middle of what is one revision by now. */
export function squashedError(id: string, into: string): AludelError {
  return new AludelError(
    'ALUDEL_REVISION_SQUASHED',
    `The database is at "${id}", which was squashed into "${into}": only part of that revision is applied.`,
    {
      hint:
        `With the files from before the squash (git log --all -- "*${id}*"), run "aludel upgrade ${into}"; ` +
        'after that the squashed file stands for all of them.',
      details: { revision: id, into },
    },
  );
}
