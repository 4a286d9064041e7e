import { relative } from 'node:path';
import type { CheckReport } from '../../commands/check.js';
import type { InitReport } from '../../commands/init.js';
import type { RevisionReport } from '../../commands/revision.js';
import type { Loss, MigrateReport } from '../../commands/upgrade.js';
import type { UnknownRevision } from '../../commands/replay-history.js';
import type { MigrationEvent } from '../../commands/project.js';
import type { Output } from '../output.js';
import { paintDiff } from './paint-diff.js';
import { editedText, unfinishedText } from './print-status.js';
import { BEGIN_WITH_WHAT_IS_THERE } from './print-version.js';

export function printInit(report: InitReport, output: Output): void {
  for (const name of report.created) output.print(`${output.paint('green', 'created')}  ${name}`);
  for (const name of report.kept) output.print(`${output.paint('dim', 'kept')}     ${name}`);
  const folder = relative(process.cwd(), report.folder);
  const steps = [
    ...(folder === '' ? [] : [`cd ${folder}`]),
    ...(report.missingPackages.length === 0 ? [] : [`npm install ${report.missingPackages.join(' ')}`]),
    report.template === 'multi-database'
      ? 'npx aludel revision --all --autogenerate -m "create tables"'
      : 'npx aludel revision --autogenerate -m "create users"',
  ];
  output.print(`Next: ${steps.join(' && ')}`);
}

export function printRevision(report: RevisionReport, output: Output): void {
  if (report.unknown !== undefined && report.unknown.length > 0) output.note(unknownText(report.unknown));
  if (report.file === null) {
    const basis = report.unknown === undefined ? 'database is' : 'revisions make';
    output.print(`No changes: the ${basis} what the models say. No file was written.`);
    if (report.down.length === 0 && report.unknown === undefined) {
      output.print(BEGIN_WITH_WHAT_IS_THERE);
    }
    return;
  }
  for (const line of report.descriptions) {
    const loses = report.losses.includes(line);
    output.print(`  ${loses ? output.paint('red', '!') : output.paint('green', '+')} ${line}`);
  }
  output.print(`Wrote ${output.paint('bold', relative(process.cwd(), report.file))}`);
  if (report.losses.length > 0) {
    output.print(output.paint('red', 'Lines marked with ! lose data when they run.'));
    output.print('Is one of them a rename? Then delete the file, and run the command again with --rename old:new.');
  }
  output.print('Review the file, then run: npx aludel upgrade head');
}

export function printMigration(report: MigrateReport, output: Output): void {
  const where = report.to.length === 0 ? 'base' : report.to.join(', ');
  if (report.steps.length === 0) output.print(`Nothing to do: the database is at ${where}.`);
  else output.print(`The database is at ${output.paint('yellow', where)}.`);
  if (report.direction === 'upgrade' && !report.isAtHead) {
    output.print('To go on: npx aludel upgrade heads');
  } else if (report.direction === 'upgrade') {
    output.print('Next: change the models, then run: npx aludel revision --autogenerate -m "..."');
  } else {
    output.print('To go up again: npx aludel upgrade head');
  }
}

export function printDryRun(report: MigrateReport, output: Output): void {
  const where = report.to.length === 0 ? 'base' : report.to.join(', ');
  for (const { revision, message, descriptions = [], losses = [] } of report.steps) {
    const title = message === null ? '' : `, ${message}`;
    output.print(`Would ${report.direction} ${output.paint('yellow', revision)}${title}`);
    if (descriptions.length === 0) output.print(`  ${output.paint('dim', 'no operations')}`);
    for (const line of descriptions) {
      output.print(`  ${losses.includes(line) ? output.paint('red', '!') : output.paint('green', '+')} ${line}`);
    }
  }
  if (report.steps.length === 0) output.print(`Nothing to do: the database is at ${where}.`);
  else output.print('Nothing was run. To run it, leave out --dry-run.');
}

export function printCheck(report: CheckReport, output: Output): void {
  if (report.edited.length > 0) output.note(editedText(report.edited));
  if (report.isInStep) output.print(output.paint('green', 'The database is what the models say.'));
  else printPending(report, output);
  for (const { message } of report.warnings) output.print(`${output.paint('yellow', 'Warning:')} ${message}`);
  if (!report.isInStep) output.print('Next: npx aludel revision --autogenerate -m "..."');
}

function printPending(report: CheckReport, output: Output): void {
  const count = report.descriptions.length;
  output.print(
    `The models and the database differ: ${count} ${count === 1 ? 'operation is' : 'operations are'} missing.`,
  );
  for (const line of report.descriptions) output.print(`  ${output.paint('yellow', '~')} ${line}`);
  for (const { dropped, candidates } of report.questions) {
    const names = candidates.map(({ to }) => to).join(' or ');
    output.print(`  ${output.paint('yellow', '?')} ${dropped} may have become ${names}`);
  }
  if (report.diff !== '') output.print(`\n${paintDiff(report.diff, output)}`);
}

/** What a replay of revisions had to leave out. */
export function unknownText(unknown: readonly UnknownRevision[]): string {
  const lines = unknown.map(({ revision, reason }) => `  ${revision} ${reason}`);
  return `Note: what these revisions do to the schema is not known, and was left out:\n${lines.join('\n')}`;
}

/** What a run takes away. */
export function lossesText(losses: readonly Loss[]): string {
  return ['This takes data away for good:', ...losses.map(({ text }) => `  ${text}`)].join('\n');
}

/** Progress of a run, as it happens. */
export function printEvent(event: MigrationEvent, output: Output, verbose: boolean): void {
  switch (event.kind) {
    case 'waiting':
      output.note(`Waiting for another run to end: ${event.holder}`);
      break;
    case 'stepStarted': {
      const { direction, revision } = event.step;
      const parents = revision.down.length === 0 ? 'base' : revision.down.join(', ');
      const [from, to] = direction === 'upgrade' ? [parents, revision.id] : [revision.id, parents];
      const message = revision.message === null ? '' : `, ${revision.message}`;
      output.print(`Running ${direction} ${output.paint('dim', `${from} ->`)} ${output.paint('yellow', to)}${message}`);
      break;
    }
    case 'statement':
      if (verbose) output.print(output.paint('dim', `  ${event.sql.replaceAll('\n', '\n  ')}`));
      break;
    case 'batchEnded': {
      const { table, done, total } = event;
      const share = total === 0 ? 100 : Math.floor((done / total) * 100);
      output.progress(`  ${table}: ${done} of ${total} rows (${share} %)`, done === total);
      break;
    }
    case 'stepEnded':
      if (verbose) output.print(output.paint('dim', `  done in ${Math.round(event.milliseconds)} ms`));
      break;
    case 'blocked':
      output.note(`Waiting for a lock that is held by ${event.holder}`);
      break;
    case 'retrying':
      output.note(`Trying again: ${event.reason.split('\n', 1)[0] ?? ''}`);
      break;
    case 'noRunTransaction':
      output.note(
        `${event.dialect === 'mariadb' ? 'MariaDB' : 'MySQL'} commits each DDL statement by itself: what runs before a failure stays, and the log says how far it came.`,
      );
      break;
    case 'backedUp':
      output.print(`Backed up to ${output.paint('bold', relative(process.cwd(), event.file))}`);
      if (verbose) output.print(output.paint('dim', `  ${event.command}`));
      break;
    case 'losses':
      output.note(lossesText(event.losses));
      break;
    case 'edited':
      output.note(editedText(event.revisions));
      break;
    case 'resumed':
      output.note(`Going on with "${event.step.revision.id}", which was cut off at statement ${event.statement}`);
      break;
    case 'unfinished':
      output.note(unfinishedText(event.step));
  }
}
