/**
 * Runs a file of revision cases (the form of `cases/revisions.json`, answered by Alembic 1.19.2) through
 * `src/revisions/` and compares steps, version rows after each step and the kind of error.
 * Start: `npm run acceptance -- revisions FILE`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { AludelError } from '../../src/errors.js';
import { findDeviation } from './revision-deviations.js';
import { runRevisionCase, type Answer, type RevisionCase, type RevisionCaseFile } from './revision-cases.js';

export interface CaseResult {
  readonly id: string;
  readonly op: string;
  readonly outcome: 'pass' | 'fail' | 'deviation';
  /** The rule of docs/alembic-parity.md that a deviation falls under. */
  readonly rule: string | null;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface RevisionReport {
  readonly file: string;
  readonly total: number;
  readonly passed: number;
  readonly failed: readonly CaseResult[];
  readonly deviations: readonly CaseResult[];
  readonly byOp: Readonly<
    Record<string, { readonly total: number; readonly passed: number; readonly deviations: number }>
  >;
  /** True when nothing failed and at most 2 % of the cases are deviations. */
  readonly ok: boolean;
}

/** Runs every case of the file. */
export function runRevisionCases(file: string): RevisionReport {
  const parsed = JSON.parse(readFileSync(file, 'utf8')) as RevisionCaseFile;
  const results = parsed.cases.map((oneCase) => judge(parsed, oneCase));
  const byOp: Record<string, { total: number; passed: number; deviations: number }> = {};
  for (const result of results) {
    const totals = (byOp[result.op] ??= { total: 0, passed: 0, deviations: 0 });
    totals.total++;
    if (result.outcome === 'pass') totals.passed++;
    if (result.outcome === 'deviation') totals.deviations++;
  }
  const failed = results.filter((result) => result.outcome === 'fail');
  const deviations = results.filter((result) => result.outcome === 'deviation');
  return {
    file,
    total: results.length,
    passed: results.length - failed.length - deviations.length,
    failed,
    deviations,
    byOp,
    ok: results.length > 0 && failed.length === 0 && deviations.length <= results.length * 0.02,
  };
}

/** Runs the file named first, prints the totals, writes the results to the file named second; gives the exit code. */
export function main(args: readonly string[]): number {
  const [file, output] = args;
  if (file === undefined) {
    process.stderr.write('Usage: npm run acceptance -- revisions FILE [RESULTS.json]\n');
    return 2;
  }
  const report = runRevisionCases(file);
  for (const [op, totals] of Object.entries(report.byOp).toSorted()) {
    const apart = totals.deviations === 0 ? '' : `, ${totals.deviations} deviations`;
    process.stdout.write(`${op.padEnd(18)} ${totals.passed} of ${totals.total}${apart}\n`);
  }
  for (const result of report.failed) {
    process.stdout.write(`FAIL ${result.id} ${result.op}\n  expected ${JSON.stringify(result.expected)}\n`);
    process.stdout.write(`  actual   ${JSON.stringify(result.actual)}\n`);
  }
  for (const result of report.deviations) process.stdout.write(`deviation ${result.id} (${result.rule})\n`);
  process.stdout.write(
    `${report.passed} passed, ${report.failed.length} failed, ${report.deviations.length} deviations of ${report.total}` +
      ` (${((100 * report.deviations.length) / report.total).toFixed(2)} %, at most 2 %)\n`,
  );
  if (output !== undefined) writeFileSync(output, `${JSON.stringify(report, null, 2)}\n`);
  return report.ok ? 0 : 1;
}

function judge(file: RevisionCaseFile, oneCase: RevisionCase): CaseResult {
  const actual = answer(file, oneCase);
  const { reportedAs: _reportedAs, message: _message, ...expected } = oneCase.expect;
  const base = { id: oneCase.id, op: oneCase.op, expected, actual };
  if (isMatch(expected, actual)) return { ...base, outcome: 'pass', rule: null };
  const rule = findDeviation(file.graphs[oneCase.graph] ?? [], oneCase, actual);
  return rule === null ? { ...base, outcome: 'fail', rule: null } : { ...base, outcome: 'deviation', rule };
}

function answer(file: RevisionCaseFile, oneCase: RevisionCase): Answer {
  try {
    return runRevisionCase(file.graphs[oneCase.graph] ?? [], oneCase);
  } catch (error) {
    if (error instanceof AludelError) {
      return {
        error: kindOfError(error),
        code: error.code,
        reason: error.details['reason'] ?? null,
      };
    }
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Our codes and Alembic's kinds of error: the one table. `ALUDEL_REVISION_RANGE` is split by `details.reason`. */
const KINDS: Readonly<Record<string, string>> = {
  ALUDEL_MULTIPLE_HEADS: 'MultipleHeads',
  ALUDEL_REVISION_NOT_FOUND: 'Resolution',
  ALUDEL_REVISION_UNKNOWN_IN_DATABASE: 'Resolution',
  'ALUDEL_REVISION_RANGE not-ancestor': 'RangeNotAncestor',
  'ALUDEL_REVISION_RANGE ambiguous': 'Revision',
  'ALUDEL_REVISION_RANGE too-far': 'Revision',
  'ALUDEL_REVISION_RANGE overlap': 'Revision',
  'ALUDEL_REVISION_RANGE branch': 'Revision',
  'ALUDEL_REVISION_CYCLE parents 1': 'Loop',
  'ALUDEL_REVISION_CYCLE parents many': 'Cycle',
  'ALUDEL_REVISION_CYCLE dependencies 1': 'DependencyLoop',
  'ALUDEL_REVISION_CYCLE dependencies many': 'DependencyCycle',
  ALUDEL_REVISION_DUPLICATE: 'Revision',
  ALUDEL_REVISION_INVALID: 'Revision',
  ALUDEL_REVISION_MISSING_PARENT: 'Revision',
  ALUDEL_USAGE: 'Revision',
};

function kindOfError(error: AludelError): string {
  const { reason, through, revisions } = error.details;
  let key: string = error.code;
  if (error.code === 'ALUDEL_REVISION_RANGE') key = `${key} ${String(reason)}`;
  if (error.code === 'ALUDEL_REVISION_CYCLE') {
    key = `${key} ${String(through)} ${Array.isArray(revisions) && revisions.length === 1 ? '1' : 'many'}`;
  }
  return KINDS[key] ?? key;
}

/** Every field that the case asserts must be equal; `code` and `reason` of ours are not asserted. */
function isMatch(expected: Readonly<Record<string, unknown>>, actual: Answer): boolean {
  const fields = Object.entries(expected);
  if (!('error' in expected) && 'error' in actual) return false;
  return fields.length > 0 && fields.every(([key, value]) => JSON.stringify(actual[key]) === JSON.stringify(value));
}
