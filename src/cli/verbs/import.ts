import { type CommandTable, report } from '../command-table.js';
import { type CommonOptions, projectOptions } from '../options.js';
import { printImport } from '../print/print-import.js';

interface ImportFlags extends CommonOptions {
  readonly dryRun: boolean;
  readonly message?: string;
  readonly revId?: string;
  readonly table?: string;
}

/** The verb that takes a project over from another tool: `import`. */
export function addImportVerbs(table: CommandTable): void {
  table
    .add(
      'import <tool> <folder>',
      'turn the history of alembic, dbmate, drizzle, flyway, knex, kysely, node-pg-migrate, prisma or typeorm into a baseline',
    )
    .option('--dry-run', 'say what would be written, and write nothing', false)
    .option('--table <name>', "the tool's table of applied migrations, where it is not its default")
    .option('-m, --message <text>', 'what the baseline says it is (default: baseline from TOOL)')
    .option('--rev-id <id>', 'the revision id (default: the head of Alembic, else as "revisionIds" in the config says)')
    .action((tool: string, folder: string, options: ImportFlags) =>
      table.run(options, async ({ json, dryRun, message, revId, table: history, ...project }, output) => {
        const { importHistory } = await import('../../commands/import.js');
        const result = await importHistory(tool, folder, {
          ...projectOptions(project),
          dryRun,
          message,
          revisionId: revId,
          table: history,
        });
        return report(result, json, output, printImport);
      }),
    );
}
