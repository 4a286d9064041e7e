import type { EnsureVersionReport, StampReport } from '../../commands/stamp.js';
import type { Output } from '../output.js';

/** The line for those who come with a database that has its tables already. */
export const BEGIN_WITH_WHAT_IS_THERE =
  'To begin a history with what is there: npx aludel revision --autogenerate --from history -m baseline && npx aludel stamp head';

export function printStamp(report: StampReport, output: Output): void {
  const where = report.to.length === 0 ? 'base' : report.to.join(', ');
  const before = report.from.length === 0 ? 'base' : report.from.join(', ');
  if (report.heads.length === 0 && where === before) {
    output.print('There are no revisions yet, so there is nothing to stamp.');
    output.print('Next: npx aludel revision --autogenerate -m "..."');
    output.print(BEGIN_WITH_WHAT_IS_THERE);
    return;
  }
  if (where === before) output.print(`Nothing to do: the version table says ${where}.`);
  else {
    const change = `${output.paint('dim', `${before} ->`)} ${output.paint('yellow', where)}`;
    output.print(`Stamped ${change}. No revision ran: the tables are as they were.`);
  }
  output.print(report.isAtHead ? 'Next: npx aludel check' : 'Next: npx aludel upgrade heads');
}

export function printEnsureVersion(report: EnsureVersionReport, output: Output): void {
  output.print(report.created === true ? `Created "${report.table}".` : `"${report.table}" exists already.`);
  output.print('Next: npx aludel upgrade head, or npx aludel stamp head if the tables exist already');
}
