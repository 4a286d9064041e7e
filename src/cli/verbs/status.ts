import { AludelError } from '../../errors.js';
import { type CommandTable, report } from '../command-table.js';
import type { CheckReport } from '../../commands/check.js';
import type { CurrentReport } from '../../commands/status.js';
import {
  addTenantOptions,
  type CommonOptions,
  type EachOptions,
  type ForTenants,
  isForTenants,
  projectOptions,
} from '../options.js';
import { paintDiff } from '../print/paint-diff.js';
import { printCheck } from '../print/print-migration.js';
import { printBranches, printCurrent, printHeads, printHistory, printShow } from '../print/print-status.js';

/** The verbs that only look. */
export function addStatusVerbs(table: CommandTable): void {
  const showing = table
    .addForEach('current', 'show the revision that the database is at')
    .option('--check-heads', 'exit 3 unless no revision is left to run', false)
    .option('--strict', STRICT, false);
  addTenantOptions(showing).action(
    (options: CommonOptions & EachOptions & ForTenants & { checkHeads: boolean; strict: boolean }) =>
      table.runEach(options, async (given, output) => {
        const { json, verbose, checkHeads, strict } = given;
        const exitCodeOf = ({ isAtHead, edited }: CurrentReport): number =>
          (checkHeads && !isAtHead) || (strict && edited.length > 0) ? 3 : 0;
        if (isForTenants(given)) {
          const { runForTenants } = await import('../run-tenants.js');
          const { describeCurrent } = await import('../print/print-tenants.js');
          const { currentEach } = await import('../../commands/migrate-each.js');
          return runForTenants<CurrentReport>(
            given,
            output,
            (more) => currentEach({ ...projectOptions(given), strict, ...more }),
            (result) => ({ text: describeCurrent(result, output), exitCode: exitCodeOf(result) }),
          );
        }
        const { current } = await import('../../commands/status.js');
        const result = await current({ ...projectOptions(given), strict });
        report(result, json, output, () => printCurrent(result, output, verbose));
        return exitCodeOf(result);
      }),
  );

  table
    .add('history', 'list the revisions, newest first')
    .option('-r, --rev-range <from:to>', 'only these; "current" is where the database is')
    .option('-i, --indicate-current', 'ask the database which of them it is at', false)
    .option('--graph', 'draw how they lie', false)
    .action((options: CommonOptions & { revRange?: string; indicateCurrent: boolean; graph: boolean }) =>
      table.run(options, async ({ json, verbose, revRange, indicateCurrent, graph, ...project }, output) => {
        const { history } = await import('../../commands/status.js');
        const entries = await history({ ...projectOptions(project), range: revRange, indicateCurrent });
        return report(entries, json, output, (result) => printHistory(result, output, { verbose, graph }));
      }),
    );

  table
    .addForEach('heads', 'list the newest revisions')
    .option('--check', 'exit 3 when there are several', false)
    .option('--resolve-dependencies', 'leave out those that other revisions depend on', false)
    .action((options: CommonOptions & EachOptions & { check: boolean; resolveDependencies: boolean }) =>
      table.runEach(options, async ({ json, verbose, check, resolveDependencies, ...project }, output) => {
        const { heads } = await import('../../commands/status.js');
        const entries = await heads({ ...projectOptions(project), resolveDependencies });
        report(entries, json, output, (result) => printHeads(result, output, verbose));
        return check && entries.length > 1 ? 3 : 0;
      }),
    );

  table.add('branches', 'list the revisions that have several children').action((options: CommonOptions) =>
    table.run(options, async ({ json, verbose, ...project }, output) => {
      const { branches } = await import('../../commands/show.js');
      return report(await branches(projectOptions(project)), json, output, (result) =>
        printBranches(result, output, verbose),
      );
    }),
  );

  table
    .add('show <revision>', 'show one revision: an id, a part of one, head, label@head or current')
    .action((revision: string, options: CommonOptions) =>
      table.run(options, async ({ json, ...project }, output) => {
        const { show } = await import('../../commands/show.js');
        return report(await show(revision, projectOptions(project)), json, output, printShow);
      }),
    );

  table
    .add('graph', 'draw all revisions as text for another program')
    .option('--format <name>', 'mermaid, dot, svg or html', 'mermaid')
    .action((options: CommonOptions & { format: string }) =>
      table.run(options, async ({ json, format, ...project }, output) => {
        const { graph } = await import('../../commands/graph.js');
        const result = await graph({ ...projectOptions(project), format });
        if (json) report(result, json, output, () => undefined);
        else output.printRaw(result.text);
        return 0;
      }),
    );

  const checking = table
    .addForEach('check', 'compare the models with the database; exit 3 when they differ')
    .option('--strict', 'exit 3 on warnings too, and when the file of an applied revision has changed since', false)
    .option('--format <name>', 'text, json, diff, sarif, junit or github', 'text');
  addTenantOptions(checking).action(
    (options: CommonOptions & EachOptions & ForTenants & { strict: boolean; format: string }) =>
      table.runEach(checkFormat(options), async (given, output) => {
        const { json, strict, format, ...project } = given;
        if (isForTenants(given)) {
          const { runForTenants } = await import('../run-tenants.js');
          if (format !== 'text' && format !== 'json') throw formatOfTenants(format);
          const { describeCheck } = await import('../print/print-tenants.js');
          const { checkEach } = await import('../../commands/migrate-each.js');
          return runForTenants<CheckReport>(
            given,
            output,
            (more) => checkEach({ ...projectOptions(project), strict, ...more }),
            (result) => ({ text: describeCheck(result, output), exitCode: checkExitCode(result, strict) }),
          );
        }
        const { check } = await import('../../commands/check.js');
        const locate = format === 'sarif' || format === 'github' || format === 'junit';
        const result = await check({ ...projectOptions(project), strict, locate });
        if (locate) {
          const { renderCheck } = await import('../../commands/render-check.js');
          const text = renderCheck(result, format, { strict, cwd: process.cwd(), version: table.version });
          if (text !== '') output.printRaw(text);
        } else if (format === 'diff') {
          if (result.diff !== '') output.printRaw(paintDiff(result.diff, output));
        } else report(result, json, output, printCheck);
        return checkExitCode(result, strict);
      }),
  );
}

function checkExitCode({ isInStep, edited, warnings }: CheckReport, strict: boolean): number {
  const isClean = edited.length === 0 && warnings.length === 0;
  return isInStep && (isClean || !strict) ? 0 : 3;
}

function formatOfTenants(format: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `"--format ${format}" is for one database.`, {
    hint: 'Leave it out, or take "--json".',
  });
}

const STRICT = 'exit 3 when the file of an applied revision has changed since';

const CHECK_FORMATS = ['text', 'json', 'diff', 'sarif', 'junit', 'github'] as const;

/** The options of `check`, of which `--json` is another word for a format. */
function checkFormat<O extends CommonOptions & EachOptions & { readonly format: string }>(
  options: O,
): O & { readonly format: (typeof CHECK_FORMATS)[number] } {
  const format = CHECK_FORMATS.find((name) => name === options.format);
  if (format === undefined) {
    throw new AludelError('ALUDEL_USAGE', `There is no format "${options.format}".`, {
      hint: `Choose one of: ${CHECK_FORMATS.join(', ')}.`,
    });
  }
  if (options.json && format !== 'text' && format !== 'json') {
    throw new AludelError('ALUDEL_USAGE', `"--json" and "--format ${format}" cannot both be meant.`, {
      hint: 'Leave one of them out.',
    });
  }
  if (options.all && (format === 'sarif' || format === 'junit')) {
    throw new AludelError('ALUDEL_USAGE', `"--all" would print one ${format} document behind the other.`, {
      hint: 'Run it for each database with -n, each into a file of its own.',
    });
  }
  return { ...options, format, json: options.json || format === 'json' };
}
