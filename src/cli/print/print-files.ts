import type { EditReport } from '../../commands/edit.js';
import { relative } from 'node:path';
import type { RebaseReport } from '../../commands/rebase.js';
import type { RevisionReport } from '../../commands/revision.js';
import type { SquashReport } from '../../commands/squash.js';
import type { TemplateEntry } from '../../commands/list-templates.js';
import type { Output } from '../output.js';

export function printEdit(report: EditReport, output: Output): void {
  for (const { revision, down, message } of report.revisions) {
    const what = report.changed.includes(revision)
      ? output.paint('green', 'changed')
      : output.paint('dim', 'as it was');
    const parents = down.length === 0 ? 'base' : down.join(', ');
    output.print(
      `${what}  ${output.paint('yellow', revision)}, parent ${parents}${message === null ? '' : `, ${message}`}`,
    );
  }
  output.print('Next: npx aludel upgrade head');
}

export function printTemplates(templates: readonly TemplateEntry[], output: Output): void {
  const width = Math.max(0, ...templates.map(({ name }) => name.length));
  for (const { name, description } of templates) {
    output.print(`${output.paint('bold', name.padEnd(width))}  ${description}`.trimEnd());
  }
  output.print('Next: npx aludel init --template NAME');
}

export function printMerge(report: RevisionReport, output: Output): void {
  if (report.file === null) {
    output.print('Nothing to merge: there are no two heads without a label.');
    output.print('Next: npx aludel upgrade heads');
    return;
  }
  output.print(
    `${output.paint('dim', `${report.down.join(', ')} ->`)} ${output.paint('yellow', report.revision ?? '')}`,
  );
  output.print(`Wrote ${output.paint('bold', relative(process.cwd(), report.file))}`);
  output.print('Next: npx aludel upgrade head');
}

export function printRebase(report: RebaseReport, output: Output): void {
  const [from, to] = [report.from, report.to].map((ids) => ids.join(', ') || 'base');
  output.print(`${output.paint('yellow', report.revision)} has the parent ${to} now; it was ${from}.`);
  output.print(`Rewrote ${output.paint('bold', relative(process.cwd(), report.file))}`);
  if (!report.isDatabaseChecked) {
    output.note('Warning: the database could not be asked whether it has run this revision. If one has, undo this.');
  }
  output.print('Next: npx aludel heads --check');
}

export function printSquash(report: SquashReport, output: Output): void {
  const { descriptions, file, irreversible, oldFiles, replaces, revision } = report;
  const shown = (path: string): string => relative(process.cwd(), path);
  output.print(`${replaces.length + 1} revisions become ${output.paint('yellow', revision)}:`);
  for (const line of descriptions) output.print(`  ${output.paint('green', '+')} ${line}`);
  if (irreversible !== null) output.note(`Warning: there is no way back, as before: ${irreversible}`);
  if (!report.isDatabaseChecked) {
    output.note('Warning: the database could not be asked whether it stands in the middle of them.');
  }
  if (file === null) {
    output.print('Nothing was written. To write it: run the command again with --delete or --move-to');
    return;
  }
  output.print(`Wrote ${output.paint('bold', shown(file))}`);
  for (const { from, to } of oldFiles)
    output.print(to === null ? `Deleted ${shown(from)}` : `Moved ${shown(from)} to ${shown(to)}`);
  output.print(
    `Databases at ${revision} or above go on as they are; those below it must be at ${report.down.join(', ') || 'base'}.`,
  );
  output.print('Next: npx aludel history');
}
