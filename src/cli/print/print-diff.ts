import type { DiffReport } from '../../commands/diff.js';
import type { Output } from '../output.js';

export function printDiff(report: DiffReport, output: Output): void {
  if (report.isEqual) {
    output.print(output.paint('green', 'Both schemas are the same.'));
    return;
  }
  const count = report.descriptions.length;
  output.print(
    `From ${report.from} to ${report.to} ${count === 1 ? 'it is 1 operation' : `there are ${count} operations`}:`,
  );
  for (const line of report.descriptions) {
    const loses = report.losses.includes(line);
    output.print(`  ${loses ? output.paint('red', '!') : output.paint('green', '+')} ${line}`);
  }
  if (report.losses.length > 0) output.print(output.paint('red', 'Lines marked with ! lose data when they run.'));
  for (const { dropped, candidates } of report.questions) {
    const names = candidates.map(({ answer }) => `--rename ${answer}`).join(' or ');
    output.print(`  ${output.paint('yellow', '?')} ${dropped} may be a rename: ${names} or --drop ${dropped}`);
  }
}
