import { type CommandTable, report, withEvents } from '../command-table.js';
import type { CommonOptions } from '../options.js';
import { printEnsureVersion, printStamp } from '../print/print-version.js';

/** The verbs that write the version table and run nothing: `stamp`, `ensure-version`. */
export function addVersionVerbs(table: CommandTable): void {
  table
    .add('stamp <revisions...>', 'write revisions into the version table without running them; base takes them away')
    .option('--purge', 'empty the version table first, whatever it holds', false)
    .option('--sql', 'print the SQL instead of running it; a revision may be from:to', false)
    .action((revisions: readonly string[], options: CommonOptions & { purge: boolean; sql: boolean }) =>
      table.run(options, async ({ purge, sql, json }, output) => {
        const { stamp } = await import('../../commands/stamp.js');
        const result = await stamp(revisions, { ...withEvents(options, output), purge, sql });
        if (result.sql !== null && !json) output.printRaw(result.sql);
        else report(result, json, output, printStamp);
        return 0;
      }),
    );

  table
    .add('ensure-version', 'create the version table and the log, and nothing else')
    .option('--sql', 'print the SQL instead of running it', false)
    .action((options: CommonOptions & { sql: boolean }) =>
      table.run(options, async ({ sql, json }, output) => {
        const { ensureVersion } = await import('../../commands/stamp.js');
        const result = await ensureVersion({ ...withEvents(options, output), sql });
        if (result.sql !== null && !json) output.printRaw(result.sql);
        else report(result, json, output, printEnsureVersion);
        return 0;
      }),
    );
}
