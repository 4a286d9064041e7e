import { type CommandTable, report } from '../command-table.js';
import type { CommonOptions } from '../options.js';
import { printInit, printRevision } from '../print/print-migration.js';

/** The verbs that write files: `init`, `revision`. */
export function addRevisionVerbs(table: CommandTable): void {
  table
    .add('init [folder]', 'write a config, a first model and the migration folder; nothing is overwritten')
    .option('-t, --template <name>', 'generic (TypeScript) or javascript', 'generic')
    .action((folder: string | undefined, options: CommonOptions & { template: string }) =>
      table.run(options, async ({ template, json }, output) => {
        const { init } = await import('../../commands/init.js');
        return report(await init(folder, { template }), json, output, printInit);
      }),
    );

  table
    .add('revision', 'write a new revision file')
    .option('-m, --message <text>', 'what the revision does; also its file name')
    .option('--autogenerate', 'fill it by comparing the models with the database', false)
    .option('--rev-id <id>', 'the revision id (default: twelve random hexadecimal digits)')
    .action((options: CommonOptions & { message?: string; autogenerate: boolean; revId?: string }) =>
      table.run(options, async ({ message, autogenerate, revId, json, config }, output) => {
        const { revision } = await import('../../commands/revision.js');
        const result = await revision({ config, message, autogenerate, revisionId: revId });
        return report(result, json, output, printRevision);
      }),
    );
}
