import type { CurrentReport, RevisionEntry, UnfinishedStep } from '../../commands/status.js';
import type { Output } from '../output.js';

const FIRST_REVISION = 'Next: npx aludel revision --autogenerate -m "create tables"';

export function printCurrent(report: CurrentReport, output: Output, verbose: boolean): void {
  if (verbose) output.print(output.paint('dim', `Database: ${report.url}`));
  if (report.revisions.length === 0) output.print('The database is at base: no revision is applied.');
  for (const entry of report.revisions) output.print(entryLine(entry, output, verbose));
  if (report.unfinished !== null) output.note(unfinishedText(report.unfinished));
  if (!report.isAtHead) output.print(`Next: npx aludel upgrade ${report.heads.length > 1 ? 'heads' : 'head'}`);
  else if (report.heads.length === 0) output.print(FIRST_REVISION);
}

export function printHistory(entries: readonly RevisionEntry[], output: Output, verbose: boolean): void {
  if (entries.length === 0) {
    output.print('There is no revision yet.');
    output.print(FIRST_REVISION);
  }
  for (const entry of entries) {
    const parents = entry.down.length === 0 ? 'base' : entry.down.join(', ');
    output.print(`${output.paint('dim', `${parents} ->`)} ${entryLine(entry, output, verbose)}`);
  }
}

export function printHeads(entries: readonly RevisionEntry[], output: Output, verbose: boolean): void {
  if (entries.length === 0) output.print(`There is no revision yet.\n${FIRST_REVISION}`);
  for (const entry of entries) output.print(entryLine(entry, output, verbose));
}

/** What a crash left half done, where DDL cannot be rolled back. */
export function unfinishedText(step: UnfinishedStep): string {
  const statement = step.statementText === null ? '' : `\n  ${step.statementText}`;
  return (
    `Warning: the ${step.direction} of "${step.revision}" that began at ${step.startedAt} never ended. ` +
    `It reached statement ${step.statement}:${statement}`
  );
}

function entryLine(entry: RevisionEntry, output: Output, verbose: boolean): string {
  const marks = [
    ...(entry.isHead ? ['head'] : []),
    ...(entry.isBranchPoint ? ['branch point'] : []),
    ...(entry.isMergePoint ? ['merge point'] : []),
  ];
  const labels = entry.branchLabels.length === 0 ? '' : ` [${entry.branchLabels.join(', ')}]`;
  const mark = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  const message = entry.message === null ? '' : `, ${entry.message}`;
  const line = `${output.paint('yellow', entry.revision)}${mark}${labels}${message}`;
  if (!verbose) return line;
  const details = [
    ...(entry.dependsOn.length === 0 ? [] : [`Depends on: ${entry.dependsOn.join(', ')}`]),
    ...(entry.createdAt === null ? [] : [`Created:    ${entry.createdAt}`]),
    ...(entry.file === null ? [] : [`File:       ${entry.file}`]),
  ];
  return [line, ...details.map((detail) => `    ${output.paint('dim', detail)}`)].join('\n');
}
