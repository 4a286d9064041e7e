import type { CheckReport } from '../../commands/check.js';
import type { CurrentReport } from '../../commands/status.js';
import type { EachReport, MigrateEachReport, TargetResult } from '../../commands/migrate-each.js';
import type { Output } from '../output.js';

/** One tenant, when it has ended; `text` goes on from its name. */
export function printEnded(
  { target, report, error }: TargetResult<unknown>,
  text: string,
  done: number,
  total: number,
  output: Output,
): void {
  const place = output.paint('dim', `[${String(done).padStart(String(total).length)}/${total}]`);
  if (report !== null) {
    output.print(`${place} ${target} ${text}`);
    return;
  }
  output.print(`${place} ${output.paint('red', 'failed')} ${target}`);
  output.note(
    `${target}: ${error?.code ?? ''} ${error?.message ?? ''}${error?.hint == null ? '' : `\n  ${error.hint}`}`,
  );
}

/** One tenant, when its upgrade or downgrade has ended. */
export function printTenant(result: TargetResult, done: number, total: number, output: Output): void {
  const { steps = [], to = [], isDryRun = false } = result.report ?? {};
  const count =
    steps.length === 0 ? 'nothing to do' : `${steps.length} ${steps.length === 1 ? 'revision' : 'revisions'}`;
  const where = output.paint('yellow', to.join(', ') || 'base');
  printEnded(result, `${isDryRun ? 'would be' : 'is'} at ${where} (${count})`, done, total, output);
}

/** What `current` says of a tenant, behind its name. */
export function describeCurrent({ revisions, isAtHead, edited, unfinished }: CurrentReport, output: Output): string {
  const here = revisions.filter(({ isCurrent }) => isCurrent !== false).map(({ revision }) => revision);
  const notes = [
    ...(isAtHead ? ['head'] : []),
    ...(unfinished === null ? [] : [`the ${unfinished.direction} of ${unfinished.revision} is half done`]),
    ...(edited.length === 0 ? [] : [`edited since: ${edited.map(({ revision }) => revision).join(', ')}`]),
  ];
  const where = output.paint('yellow', here.join(', ') || 'base');
  return `is at ${where}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** What `check` says of a tenant, behind its name: what is missing, in lines below it. */
export function describeCheck({ isInStep, descriptions, warnings }: CheckReport, output: Output): string {
  const count = descriptions.length === 1 ? '1 operation is missing' : `${descriptions.length} operations are missing`;
  return [
    isInStep ? 'is what the models say' : `differs from the models: ${count}`,
    ...descriptions.map((line) => `  ${output.paint('yellow', '~')} ${line}`),
    ...warnings.map(({ message }) => `  Warning: ${message}`),
  ].join('\n');
}

/** What a command that changes little says of all: which failed. */
export function printTotal({ targets, failed }: EachReport<unknown>, output: Output): void {
  if (failed.length === 0) return;
  const done = targets.length - failed.length;
  output.print(`${done} of ${targets.length} tenants are done. Failed: ${output.paint('red', failed.join(', '))}`);
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
