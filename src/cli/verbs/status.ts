import { type CommandTable, report } from '../command-table.js';
import { type CommonOptions, type EachOptions, projectOptions } from '../options.js';
import { printCheck } from '../print/print-migration.js';
import { printBranches, printCurrent, printHeads, printHistory, printShow } from '../print/print-status.js';

/** The verbs that only look. */
export function addStatusVerbs(table: CommandTable): void {
  table
    .addForEach('current', 'show the revision that the database is at')
    .option('--check-heads', 'exit 3 unless no revision is left to run', false)
    .option('--strict', STRICT, false)
    .action((options: CommonOptions & EachOptions & { checkHeads: boolean; strict: boolean }) =>
      table.runEach(options, async ({ json, verbose, checkHeads, strict, ...project }, output) => {
        const { current } = await import('../../commands/status.js');
        const result = await current({ ...projectOptions(project), strict });
        report(result, json, output, () => printCurrent(result, output, verbose));
        return (checkHeads && !result.isAtHead) || (strict && result.edited.length > 0) ? 3 : 0;
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

  table
    .addForEach('check', 'compare the models with the database; exit 3 when they differ')
    .option('--strict', STRICT, false)
    .action((options: CommonOptions & EachOptions & { strict: boolean }) =>
      table.runEach(options, async ({ json, strict, ...project }, output) => {
        const { check } = await import('../../commands/check.js');
        const result = await check({ ...projectOptions(project), strict });
        report(result, json, output, printCheck);
        return result.isInStep && !(strict && result.edited.length > 0) ? 0 : 3;
      }),
    );
}

const STRICT = 'exit 3 when the file of an applied revision has changed since';
