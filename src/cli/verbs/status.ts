import { type CommandTable, report } from '../command-table.js';
import type { CommonOptions } from '../options.js';
import { printCheck } from '../print/print-migration.js';
import { printCurrent, printHeads, printHistory } from '../print/print-status.js';

/** The verbs that only look: `current`, `history`, `heads`, `check`. */
export function addStatusVerbs(table: CommandTable): void {
  table.add('current', 'show the revision that the database is at').action((options: CommonOptions) =>
    table.run(options, async ({ config, json, verbose }, output) => {
      const { current } = await import('../../commands/status.js');
      return report(await current({ config }), json, output, (result) => printCurrent(result, output, verbose));
    }),
  );

  table
    .add('history', 'list the revisions, newest first')
    .option('-r, --rev-range <from:to>', 'only these; "current" is where the database is')
    .action((options: CommonOptions & { revRange?: string }) =>
      table.run(options, async ({ config, json, verbose, revRange }, output) => {
        const { history } = await import('../../commands/status.js');
        const entries = await history({ config, range: revRange });
        return report(entries, json, output, (result) => printHistory(result, output, verbose));
      }),
    );

  table.add('heads', 'list the newest revisions').action((options: CommonOptions) =>
    table.run(options, async ({ config, json, verbose }, output) => {
      const { heads } = await import('../../commands/status.js');
      return report(await heads({ config }), json, output, (result) => printHeads(result, output, verbose));
    }),
  );

  table.add('check', 'compare the models with the database; exit 3 when they differ').action((options: CommonOptions) =>
    table.run(options, async ({ config, json }, output) => {
      const { check } = await import('../../commands/check.js');
      const result = await check({ config });
      report(result, json, output, printCheck);
      return result.isInStep ? 0 : 3;
    }),
  );
}
