import { type CommandTable, report, withEvents } from '../command-table.js';
import type { TransactionMode } from '../../commands/upgrade.js';
import type { CommonOptions } from '../options.js';
import { printDryRun, printMigration } from '../print/print-migration.js';

/** The verbs that move a database: `upgrade`, `downgrade`. */
export function addMigrationVerbs(table: CommandTable): void {
  for (const direction of ['upgrade', 'downgrade'] as const) {
    const isUp = direction === 'upgrade';
    table
      .add(
        isUp ? 'upgrade [target]' : 'downgrade <target>',
        isUp
          ? 'run revisions up to a target: head (default), heads, an id or a part of one, +1, label@head'
          : 'run revisions down to a target: base, an id or a part of one, -1',
      )
      .option('--sql', 'print the SQL instead of running it; the target may be from:to', false)
      .option('--dry-run', 'say what would run, and run nothing', false)
      .option('--transaction <mode>', 'one for each revision, one for the run, or none: revision, run, none')
      .option('--strict', 'run nothing, and exit 3, when the file of an applied revision has changed', false)
      .action((target: string | undefined, options: MigrationFlags) =>
        table.run(options, async ({ sql, dryRun, strict, transaction, json }, output) => {
          const commands = await import('../../commands/upgrade.js');
          const known = { ...withEvents(options, output), sql, dryRun, strict, transaction };
          const result = isUp ? await commands.upgrade(target, known) : await commands.downgrade(target ?? '', known);
          if (result.sql !== null && !json) output.printRaw(result.sql);
          else report(result, json, output, dryRun ? printDryRun : printMigration);
          return 0;
        }),
      );
  }
}

type MigrationFlags = CommonOptions & { sql: boolean; dryRun: boolean; strict: boolean; transaction?: TransactionMode };
