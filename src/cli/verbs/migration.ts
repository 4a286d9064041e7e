import { resolve } from 'node:path';
import { Option } from 'commander';
import type { MigrateOptions } from '../../commands/upgrade.js';
import { canAsk } from '../can-ask.js';
import { type CommandTable, report, withEvents } from '../command-table.js';
import type { CommonOptions, EachOptions } from '../options.js';
import { lossesText, printDryRun, printMigration } from '../print/print-migration.js';

/** The verbs that move a database: `upgrade`, `downgrade`. */
export function addMigrationVerbs(table: CommandTable): void {
  for (const direction of ['upgrade', 'downgrade'] as const) {
    const isUp = direction === 'upgrade';
    table
      .addForEach(
        isUp ? 'upgrade [target]' : 'downgrade <target>',
        isUp
          ? 'run revisions up to a target: head (default), heads, an id or a part of one, +1, label@head'
          : 'run revisions down to a target: base, an id or a part of one, -1',
      )
      .option('--sql', 'print the SQL instead of running it; the target may be from:to', false)
      .option('--dry-run', 'say what would run, and run nothing', false)
      .option('--strict', 'run nothing, and exit 3, when the file of an applied revision has changed', false)
      .option('--allow-loss', 'drop tables and columns that hold rows, without a question', false)
      .option('--backup', 'copy the database first: a file beside it on SQLite, elsewhere a dump in ./backups', false)
      .option('--backup-to <folder>', 'copy it into this folder first')
      .addOption(
        new Option(
          '--resume-at <effect>',
          'where a run was cut off in a statement and Aludel cannot tell: it took effect (done), or send it (again)',
        ).choices(['done', 'again']),
      )
      .option('--tag <text>', 'free text for a config function and op.context.tag')
      .action((target: string | undefined, options: MigrationFlags) =>
        table.runEach(options, async (flags, output) => {
          const { sql, dryRun, strict, allowLoss, resumeAt, backupTo, json } = flags;
          const commands = await import('../../commands/upgrade.js');
          const known = {
            ...withEvents(flags, output),
            sql,
            dryRun,
            strict,
            allowLoss,
            resumeAt,
            backup: backupTo === undefined ? flags.backup : { to: resolve(backupTo) },
            ...confirmations(flags),
          };
          const result = isUp ? await commands.upgrade(target, known) : await commands.downgrade(target ?? '', known);
          if (result.sql !== null && !json) output.printRaw(result.sql);
          else report(result, json, output, dryRun ? printDryRun : printMigration);
          return 0;
        }),
      );
  }
}

interface MigrationFlags extends CommonOptions, EachOptions {
  readonly tag?: string;
  readonly sql: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly allowLoss: boolean;
  readonly backup: boolean;
  readonly backupTo?: string;
  readonly resumeAt?: 'done' | 'again';
}

/** On a terminal somebody is asked; elsewhere it needs the flag. */
function confirmations(options: CommonOptions): Pick<MigrateOptions, 'confirmLoss'> {
  if (!canAsk(options)) return {};
  return {
    confirmLoss: async (losses) => {
      const { askConfirm } = await import('../prompt.js');
      process.stderr.write(`${lossesText(losses)}\n`);
      return askConfirm('Go on?');
    },
  };
}
