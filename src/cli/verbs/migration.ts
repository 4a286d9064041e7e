import { resolve } from 'node:path';
import { Option } from 'commander';
import type { MigrateOptions, TransactionMode } from '../../commands/upgrade.js';
import { AludelError } from '../../errors.js';
import { canAsk } from '../can-ask.js';
import { type CommandTable, report, withEvents } from '../command-table.js';
import { addTenantOptions, type CommonOptions, type EachOptions, isForTenants } from '../options.js';
import type { Output } from '../output.js';
import type { TenantFlags } from '../run-tenants.js';
import { lossesText, printDryRun, printEvent, printMigration } from '../print/print-migration.js';

/** The verbs that move a database: `upgrade`, `downgrade`. */
export function addMigrationVerbs(table: CommandTable): void {
  for (const direction of ['upgrade', 'downgrade'] as const) {
    const isUp = direction === 'upgrade';
    const command = table
      .addForEach(
        isUp ? 'upgrade [target]' : 'downgrade <target>',
        isUp
          ? 'run revisions up to a target: head (default), heads, an id or a part of one, +1, label@head'
          : 'run revisions down to a target: base, an id or a part of one, -1',
      )
      .option('--sql', 'print the SQL instead of running it; the target may be from:to', false)
      .option('-o, --output <file>', 'with --sql: write it into a new file')
      .option('--dry-run', 'say what would run, and run nothing', false)
      .option('--transaction <mode>', 'one for each revision, one for the run, or none: revision, run, none')
      .option('--strict', 'run nothing, and exit 3, when the file of an applied revision has changed', false)
      .option('--allow-loss', 'drop tables and columns that hold rows, without a question', false)
      .option('--backup', 'copy the database first: a file beside it on SQLite, elsewhere a dump in ./backups', false)
      .option('--backup-to <folder>', 'copy it into this folder first')
      .addOption(
        new Option(
          '--resume-at <effect>',
          'where a run was cut off in a statement and Aludel cannot tell: it took effect (done), or send it (again)',
        ).choices(['done', 'again']),
      );
    addTenantOptions(command)
      .option('--tag <text>', 'free text for a config function and op.context.tag')
      .action((target: string | undefined, options: MigrationFlags) =>
        table.runEach(options, async (flags, output) => {
          const { sql, dryRun, strict, transaction, allowLoss, resumeAt, backupTo, json } = flags;
          if (flags.output !== undefined && !sql) throw outputWithoutSql();
          const commands = await import('../../commands/upgrade.js');
          const known = {
            ...withEvents(flags, output),
            sql,
            dryRun,
            strict,
            transaction,
            allowLoss,
            resumeAt,
            backup: backupTo === undefined ? flags.backup : { to: resolve(backupTo) },
            ...confirmations(flags),
          };
          if (isForTenants(flags)) {
            const { runTenants } = await import('../run-tenants.js');
            return runTenants(direction, target, flags, known, output, printEvent);
          }
          const result = isUp ? await commands.upgrade(target, known) : await commands.downgrade(target ?? '', known);
          if (result.sql !== null && flags.output !== undefined) await writeSql(flags.output, result.sql, output);
          else if (result.sql !== null && !json) output.printRaw(result.sql);
          else report(result, json, output, dryRun ? printDryRun : printMigration);
          return 0;
        }),
      );
  }
}

interface MigrationFlags extends CommonOptions, EachOptions, TenantFlags {
  readonly tag?: string;
  readonly output?: string;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly transaction?: TransactionMode;
  readonly allowLoss: boolean;
  readonly backup: boolean;
  readonly backupTo?: string;
  readonly resumeAt?: 'done' | 'again';
}

function outputWithoutSql(): AludelError {
  return new AludelError('ALUDEL_USAGE', '"--output" is for the SQL of "--sql".', { hint: 'Add "--sql".' });
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

async function writeSql(file: string, sql: string, output: Output): Promise<void> {
  const { writeNewFile } = await import('../../commands/write-new-file.js');
  await writeNewFile(file, sql.endsWith('\n') ? sql : `${sql}\n`);
  output.print(`Wrote ${output.paint('bold', file)}`);
}
