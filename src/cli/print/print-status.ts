import type { RevisionEntry } from '../../commands/revision-entry.js';
import type { BranchEntry, ShowEntry } from '../../commands/show.js';
import type { CurrentReport, EditedRevision, UnfinishedStep } from '../../commands/status.js';
import type { Output } from '../output.js';
import { drawGraph } from './draw-graph.js';

const FIRST_REVISION = 'Next: npx aludel revision --autogenerate -m "create tables"';

export function printCurrent(report: CurrentReport, output: Output, verbose: boolean): void {
  if (verbose) output.print(output.paint('dim', `Database: ${report.url}`));
  if (report.revisions.length === 0) output.print('The database is at base: no revision is applied.');
  for (const entry of report.revisions) output.print(entryLine({ ...entry, isCurrent: null }, output, verbose));
  if (report.unfinished !== null) output.note(unfinishedText(report.unfinished));
  if (report.edited.length > 0) output.note(editedText(report.edited));
  if (!report.isAtHead) output.print(`Next: npx aludel upgrade ${report.heads.length > 1 ? 'heads' : 'head'}`);
  else if (report.heads.length === 0) output.print(FIRST_REVISION);
}

export function printHistory(entries: readonly RevisionEntry[], output: Output, options: HistoryPrintOptions): void {
  if (entries.length === 0) {
    output.print('There is no revision yet.');
    output.print(FIRST_REVISION);
  }
  if (options.graph) {
    const rows = entries.map((entry) => ({
      id: entry.revision,
      parents: entry.down,
      text: entryLine(entry, output, options.verbose),
    }));
    for (const line of drawGraph(rows)) output.print(line);
    return;
  }
  for (const entry of entries) {
    const parents = entry.down.length === 0 ? 'base' : entry.down.join(', ');
    output.print(`${output.paint('dim', `${parents} ->`)} ${entryLine(entry, output, options.verbose)}`);
  }
}

export interface HistoryPrintOptions {
  readonly verbose: boolean;
  /** Lines between the revisions, as git draws them. */
  readonly graph: boolean;
}

export function printHeads(entries: readonly RevisionEntry[], output: Output, verbose: boolean): void {
  if (entries.length === 0) output.print(`There is no revision yet.\n${FIRST_REVISION}`);
  for (const entry of entries) output.print(entryLine(entry, output, verbose));
  if (entries.length > 1) output.print('To join them: npx aludel merge heads');
}

export function printBranches(entries: readonly BranchEntry[], output: Output, verbose: boolean): void {
  if (entries.length === 0) output.print('No revision has two children: the history is one line.');
  for (const entry of entries) {
    output.print(entryLine(entry, output, verbose));
    for (const branch of entry.branches) {
      output.print(`    ${output.paint('dim', '->')} ${entryLine(branch, output, verbose).replaceAll('\n', '\n    ')}`);
    }
  }
  output.print('To see how they lie: npx aludel history --graph');
}

export function printShow(entries: readonly ShowEntry[], output: Output): void {
  for (const entry of entries) {
    const facts: readonly (readonly [string, string | null])[] = [
      [entry.isMergePoint ? 'Merges' : 'Parent', entry.down.join(', ') || 'base'],
      ['Depends on', entry.dependsOn.join(', ')],
      ['Next', entry.next.join(', ')],
      ['Required by', entry.requiredBy.join(', ')],
      ['Created', entry.createdAt],
      ['File', entry.file],
    ];
    output.print(entryLine(entry, output, false));
    for (const [name, value] of facts) {
      if (value !== null && value !== '') output.print(`    ${output.paint('dim', `${name}:`.padEnd(12))} ${value}`);
    }
  }
  const [entry] = entries;
  if (entry !== undefined) output.print(`To change it: npx aludel edit ${entry.revision}`);
}

/** What the database has applied in another form than the folder holds it. */
export function editedText(edited: readonly EditedRevision[]): string {
  const lines = edited.map(({ revision, file, appliedAt }) => `  ${revision}, applied ${appliedAt}: ${file}`);
  const files = edited.length === 1 ? 'The file of an applied revision has' : 'Files of applied revisions have';
  return `Warning: ${files} changed since. Put changes into a new revision.\n${lines.join('\n')}`;
}

/** What a crash left half done, where DDL cannot be rolled back. */
export function unfinishedText(step: UnfinishedStep): string {
  const { revision, direction, statement } = step;
  const text = step.statementText === null ? '.' : `:\n  ${step.statementText}`;
  const command = direction === 'downgrade' ? `downgrade ${revision}-1` : `upgrade ${revision}`;
  return (
    `Warning: the ${direction} of "${revision}" that began at ${step.startedAt} never ended. ` +
    `It reached statement ${statement}${text}\nTo go on: npx aludel ${command}`
  );
}

function entryLine(entry: RevisionEntry, output: Output, verbose: boolean): string {
  const marks = [
    ...(entry.isCurrent === true ? ['current'] : []),
    ...(entry.isHead ? [entry.isEffectiveHead ? 'head' : 'head, required by another branch'] : []),
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
