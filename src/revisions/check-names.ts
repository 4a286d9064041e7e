import { AludelError } from '../errors.js';
import type { Revision } from './revision.js';

const RESERVED: ReadonlySet<string> = new Set(['head', 'heads', 'base']);

/** Checks that an identifier can say the names of a revision; throws ALUDEL_REVISION_INVALID. */
export function checkNames(revision: Revision): void {
  const problem = findIdProblem(revision.id);
  if (problem !== null) throw invalidNameError('revision id', revision.id, problem, revision);
  for (const label of revision.branchLabels) {
    const labelProblem = findLabelProblem(label);
    if (labelProblem !== null) throw invalidNameError('branch label', label, labelProblem, revision);
  }
}

/** Says what keeps a text from being a revision id, or null; for `--rev-id` as well as for files. */
export function findIdProblem(id: string): string | null {
  return findProblem(id, /[@+:\s-]/u);
}

/** Says what keeps a text from being a branch label, or null. A hyphen is allowed unless a digit follows it. */
function findLabelProblem(label: string): string | null {
  return findProblem(label, /[@+:\s]|-(?=\d|$)|^-/u);
}

function findProblem(name: string, forbidden: RegExp): string | null {
  if (name === '') return 'is empty';
  if (RESERVED.has(name)) return 'is a reserved word';
  const found = forbidden.exec(name);
  return found === null ? null : `holds ${JSON.stringify(found[0])}, which has a meaning in identifiers`;
}

function invalidNameError(what: string, name: string, problem: string, revision: Revision): AludelError {
  const where = revision.file === null ? '' : ` of "${revision.file}"`;
  return new AludelError('ALUDEL_REVISION_INVALID', `The ${what} "${name}"${where} ${problem}.`, {
    hint: 'Use letters, digits and underscores, and none of "@", "+", "-", ":" or spaces.',
    details: { name, file: revision.file, revision: revision.id },
  });
}
