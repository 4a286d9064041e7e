import { type CommandTable, report, withEvents } from '../command-table.js';
import { addTenantOptions, type CommonOptions, type EachOptions, type ForTenants, isForTenants } from '../options.js';
import type { StampReport } from '../../commands/stamp.js';
import { printEnsureVersion, printStamp } from '../print/print-version.js';

/** The verbs that write the version table and run nothing: `stamp`, `ensure-version`. */
export function addVersionVerbs(table: CommandTable): void {
  const stamping = table
    .addForEach(
      'stamp <revisions...>',
      'write revisions into the version table without running them; base takes them away',
    )
    .option('--purge', 'empty the version table first, whatever it holds', false)
    .option('--sql', 'print the SQL instead of running it; a revision may be from:to', false);
  addTenantOptions(stamping)
    .option('--tag <text>', 'free text for a config function and op.context.tag')
    .action(
      (
        revisions: readonly string[],
        options: CommonOptions & EachOptions & ForTenants & { tag?: string; purge: boolean; sql: boolean },
      ) =>
        table.runEach(options, async (given, output) => {
          const { purge, sql, json } = given;
          if (isForTenants(given)) {
            const { runForTenants } = await import('../run-tenants.js');
            const { stampEach } = await import('../../commands/migrate-each.js');
            const { onEvent: _onEvent, ...project } = withEvents(given, output);
            return runForTenants<StampReport>(
              given,
              output,
              (more) => stampEach(revisions, { ...project, purge, ...more }),
              ({ to }) => ({ text: `is at ${output.paint('yellow', to.join(', ') || 'base')}`, exitCode: 0 }),
            );
          }
          const { stamp } = await import('../../commands/stamp.js');
          const result = await stamp(revisions, { ...withEvents(given, output), purge, sql });
          if (result.sql !== null && !json) output.printRaw(result.sql);
          else report(result, json, output, printStamp);
          return 0;
        }),
    );

  table
    .addForEach('ensure-version', 'create the version table and the log, and nothing else')
    .option('--sql', 'print the SQL instead of running it', false)
    .action((options: CommonOptions & EachOptions & { sql: boolean }) =>
      table.runEach(options, async (given, output) => {
        const { sql, json } = given;
        const { ensureVersion } = await import('../../commands/stamp.js');
        const result = await ensureVersion({ ...withEvents(given, output), sql });
        if (result.sql !== null && !json) output.printRaw(result.sql);
        else report(result, json, output, printEnsureVersion);
        return 0;
      }),
    );
}
