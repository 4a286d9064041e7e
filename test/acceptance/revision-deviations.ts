import type { Answer, CaseRevision, RevisionCase } from './revision-cases.js';

/** The rules of docs/alembic-parity.md, "Revision identifiers and traversal": where we differ from Alembic on purpose. */
export const DEVIATION_RULES = {
  'partial-ids': 'A partial id has at least four characters; Alembic takes one to three as well.',
  'downgrade-steps-from-several-heads': '"downgrade -N" with several current heads is an error; Alembic takes a row.',
  'no-redundant-rows': 'A downgrade leaves no version row that another row implies; Alembic does beside other heads.',
  'stamp-keeps-other-branches':
    'Stamping several heads keeps the rows of unrelated branches; Alembic merges them away.',
  'strict-grammar': 'Text after the steps, an empty branch or an empty identifier is an error; Alembic ignores it.',
} as const;

export type DeviationRule = keyof typeof DEVIATION_RULES;

/** The rule under which an answer differs, or null: each holds only where both the request and our answer fit it. */
export function findDeviation(
  revisions: readonly CaseRevision[],
  oneCase: RevisionCase,
  actual: Answer,
): DeviationRule | null {
  if (actual['code'] === 'ALUDEL_REVISION_NOT_FOUND' && actual['reason'] === 'too-short') return 'partial-ids';
  const said = [oneCase.target, oneCase.identifier, oneCase.base, oneCase.head, oneCase.args].flat(2);
  // Empty, without a branch before "@", or with something after the steps.
  const isLoose = said.some((text) => typeof text === 'string' && /^$|^@|[+-]\d+\D/u.test(text));
  if (actual['code'] === 'ALUDEL_USAGE' && isLoose) return 'strict-grammar';
  const { op, target, fromHeads = [], expect } = oneCase;
  const isStepsDown = typeof target === 'string' && /^-\d+$/u.test(target);
  if (op === 'downgrade' && isStepsDown && new Set(fromHeads).size > 1 && actual['code'] === 'ALUDEL_MULTIPLE_HEADS') {
    return 'downgrade-steps-from-several-heads';
  }
  const expected = rowsOf(expect);
  const ours = rowsOf(actual);
  if (op === 'downgrade' && isEqual(expect['steps'], actual['steps']) && expected.length === ours.length) {
    if (expected.every((rows, index) => isEqual(withoutImplied(revisions, rows), ours[index])))
      return 'no-redundant-rows';
  }
  if (op === 'stamp' && (target === 'heads' || Array.isArray(target))) {
    const lost = (ours.at(-1) ?? []).filter((id) => !expected.at(-1)?.includes(id));
    const isRest = isEqual(
      ours.at(-1)?.filter((id) => !lost.includes(id)),
      expected.at(-1),
    );
    if (lost.length > 0 && isRest && lost.every((id) => fromHeads.includes(id))) return 'stamp-keeps-other-branches';
  }
  return null;
}

function rowsOf(answer: Answer): readonly (readonly string[])[] {
  const rows = answer['headsAfterEachStep'];
  return Array.isArray(rows) ? rows : [];
}

/** The rows that are no ancestor of another row, dependencies counted. */
function withoutImplied(revisions: readonly CaseRevision[], rows: readonly string[]): readonly string[] {
  const below = new Map(revisions.map((one) => [one.id, [...(one.down ?? []), ...(one.dependsOn ?? [])]]));
  for (const one of revisions) for (const label of one.labels ?? []) below.set(label, [one.id]);
  const implied = new Set<string>();
  const todo = rows.flatMap((id) => below.get(id) ?? []);
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (implied.has(id)) continue;
    implied.add(id);
    todo.push(...(below.get(id) ?? []));
  }
  return rows.filter((id) => !implied.has(id));
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
