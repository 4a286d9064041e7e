/** One transaction for the whole run: what cannot be in it is refused before anything runs. */
import { AludelError } from '../errors.js';
import type { RevisionStep } from '../revisions/steps.js';
import { quoteIds } from '../revisions/revision-errors.js';

/** The error for revisions that say `export const transaction = false`. */
export function noTransactionInRun(steps: readonly RevisionStep[]): AludelError {
  return refusal(steps, `${steps.length === 1 ? 'says' : 'say'} "transaction = false"`);
}

/** The error for revisions that leave the transaction by `op.autocommit`. */
export function autocommitInRun(steps: readonly RevisionStep[]): AludelError {
  return refusal(steps, `${steps.length === 1 ? 'uses' : 'use'} op.autocommit`);
}

function refusal(steps: readonly RevisionStep[], what: string): AludelError {
  const [first] = steps;
  const ids = steps.map(({ revision }) => revision.id);
  const name = first?.revision.id ?? '';
  const direction = first?.direction ?? 'upgrade';
  return new AludelError(
    'ALUDEL_TRANSACTION_MODE',
    `${ids.length === 1 ? 'Revision' : 'Revisions'} ${quoteIds(ids)} ${what}, and the whole run is to be one transaction.`,
    {
      hint: `Nothing was run. Run "aludel ${direction} ${name} --transaction revision" to get past ${ids.length === 1 ? 'it' : `"${name}"`}.`,
      details: { revisions: ids, files: steps.map(({ revision }) => revision.file) },
    },
  );
}
