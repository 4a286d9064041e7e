import type { MigrateEachReport, TargetResult } from '../../commands/migrate-each.js';
import type { Output } from '../output.js';

/** One tenant, when it has ended. */
export function printTenant(
  { target, report, error }: TargetResult,
  done: number,
  total: number,
  output: Output,
): void {
  const place = output.paint('dim', `[${String(done).padStart(String(total).length)}/${total}]`);
  if (report === null) {
    output.print(`${place} ${output.paint('red', 'failed')} ${target}`);
    output.note(
      `${target}: ${error?.code ?? ''} ${error?.message ?? ''}${error?.hint == null ? '' : `\n  ${error.hint}`}`,
    );
    return;
  }
  const { steps, to, isDryRun } = report;
  const count =
    steps.length === 0 ? 'nothing to do' : `${steps.length} ${steps.length === 1 ? 'revision' : 'revisions'}`;
  output.print(
    `${place} ${target} ${isDryRun ? 'would be' : 'is'} at ${output.paint('yellow', to.join(', ') || 'base')} (${count})`,
  );
}

/** What there is to say of all of them. */
export function printTenants({ direction, targets, failed }: MigrateEachReport, output: Output): void {
  const done = targets.length - failed.length;
  if (targets.some(({ report }) => report?.isDryRun === true)) {
    output.print('Nothing was run. To run it, leave out --dry-run.');
    return;
  }
  if (failed.length === 0) {
    output.print(`The ${direction} of ${done === 1 ? 'one tenant' : `all ${done} tenants`} is done.`);
    return;
  }
  output.print(`${done} of ${targets.length} tenants are done. Failed: ${output.paint('red', failed.join(', '))}`);
  output.print(
    'Mend the cause, then run the same command again: it goes on with these, and finds nothing to do in the others.',
  );
}
