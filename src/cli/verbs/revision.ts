import type { Command } from 'commander';
import type { NewRevisionOptions } from '../../commands/write-revision.js';
import type { RevisionOptions } from '../../commands/revision.js';
import type { BackfillOptions } from '../../commands/decide-backfills.js';
import type { RenameOptions } from '../../commands/decide-renames.js';
import { AludelError } from '../../errors.js';
import { canAsk } from '../can-ask.js';
import { type CommandTable, report } from '../command-table.js';
import { type CommonOptions, type EachOptions, projectOptions } from '../options.js';
import { printEdit, printMerge, printRebase, printSquash, printTemplates } from '../print/print-files.js';
import { printInit, printRevision } from '../print/print-migration.js';
import { repeatable } from '../repeatable.js';

/** The verbs that write files. */
export function addRevisionVerbs(table: CommandTable): void {
  table
    .add('init [folder]', 'write a config, a first model and the migration folder; nothing is overwritten')
    .option('-t, --template <name>', 'generic (TypeScript), javascript, multi-database or sql', 'generic')
    .action((folder: string | undefined, options: CommonOptions & { template: string }) =>
      table.run(options, async ({ template, json }, output) => {
        const { init } = await import('../../commands/init.js');
        return report(await init(folder, { template }), json, output, printInit);
      }),
    );

  table.add('list-templates', 'list what init can start a project from').action((options: CommonOptions) =>
    table.run(options, async ({ json }, output) => {
      const { listTemplates } = await import('../../commands/list-templates.js');
      return report(await listTemplates(), json, output, printTemplates);
    }),
  );

  addNewRevisionOptions(table.addForEach('revision', 'write a new revision file'))
    .option('--autogenerate', 'fill it by comparing the models with the database', false)
    .option(
      '--from <source>',
      'what the models are compared with: database, or history, the revisions replayed',
      'database',
    )
    .option('--dev-url <url>', 'with --from history: a server for scratch databases; SQLite needs none')
    .option('--rename <old:new>', 'what a drop really is: users.name:users.full_name; may be repeated', repeatable, [])
    .option(
      '--drop <name>',
      'what is dropped although something alike comes: users.name; may be repeated',
      repeatable,
      [],
    )
    .option('--no-renames', 'every drop is meant: nothing is asked')
    .option('--backfill <column=sql>', 'fills rows of a column that becomes required; may be repeated', repeatable, [])
    .option('--answers <file>', 'read these answers from a JSON file; those given on a terminal are added to it')
    .option('--head <revision>', 'the parent: an id, label@head, or base for a history of its own (default: the head)')
    .option('--version-path <folder>', 'which of the migration folders gets the file (default: that of the parent)')
    .option('--depends-on <revision>', 'a revision or branch that has to run first; may be repeated', repeatable, [])
    .action(
      (
        options: NewRevisionFlags &
          EachOptions &
          RenameFlags &
          HistoryFlags & { autogenerate: boolean; head?: string; versionPath?: string; dependsOn: string[] },
      ) =>
        table.runEach(options, async (flags, output) => {
          const { autogenerate, head, versionPath, dependsOn, json } = flags;
          const { revision } = await import('../../commands/revision.js');
          const more = {
            autogenerate,
            head,
            versionPath,
            dependsOn,
            ...historyOptions(flags),
            ...(await renameOptions(flags)),
            ...(await backfillOptions(flags)),
          };
          return report(await revision({ ...newRevisionOptions(flags), ...more }), json, output, printRevision);
        }),
    );

  addNewRevisionOptions(table.add('merge [revisions...]', 'write a revision that joins heads: all, or those named'))
    .option('--auto', 'only where the branches touch different tables; nothing to do is no error', false)
    .action((revisions: readonly string[], options: NewRevisionFlags & { auto: boolean }) =>
      table.run(options, async (flags, output) => {
        const { merge } = await import('../../commands/merge.js');
        const result = await merge(revisions, { ...newRevisionOptions(flags), auto: flags.auto });
        return report(result, flags.json, output, printMerge);
      }),
    );

  table
    .add('rebase <revision>', 'put a revision that no database has run on another parent')
    .requiredOption('--onto <revision>', 'the new parent: an id, a part of one, label@head or base')
    .action((revision: string, options: CommonOptions & { onto: string }) =>
      table.run(options, async ({ onto, json, ...project }, output) => {
        const { rebase } = await import('../../commands/rebase.js');
        return report(await rebase(revision, { ...projectOptions(project), onto }), json, output, printRebase);
      }),
    );

  table
    .add('squash <range>', 'put revisions FIRST:LAST, both included, into one that does the same')
    .option('--delete', 'delete the files of the revisions', false)
    .option('--move-to <folder>', 'move the files of the revisions there')
    .option('--dry-run', 'say what the one revision would do, and write nothing', false)
    .option('-m, --message <text>', 'what the one revision does; also its file name')
    .action((range: string, options: SquashFlags) =>
      table.run(options, async ({ json, delete: isDeleted, moveTo, dryRun, message, ...project }, output) => {
        if (isDeleted && moveTo !== undefined) {
          const hint = 'Leave one of them out.';
          throw new AludelError('ALUDEL_USAGE', '"--delete" and "--move-to" cannot both be meant.', { hint });
        }
        const { squash } = await import('../../commands/squash.js');
        const oldFiles = moveTo === undefined ? (isDeleted ? 'delete' : undefined) : { moveTo };
        const result = await squash(range, { ...projectOptions(project), oldFiles, dryRun, message });
        return report(result, json, output, printSquash);
      }),
    );

  table
    .add('edit <revision>', 'open a revision in VISUAL or EDITOR: an id, a part of one, head or current')
    .action((revision: string, options: CommonOptions) =>
      table.run(options, async ({ json, ...project }, output) => {
        const { edit } = await import('../../commands/edit.js');
        return report(await edit(revision, projectOptions(project)), json, output, printEdit);
      }),
    );
}

type SquashFlags = CommonOptions & { delete: boolean; moveTo?: string; dryRun: boolean; message?: string };

type NewRevisionFlags = CommonOptions & {
  message?: string;
  revId?: string;
  branchLabel: string[];
  splice: boolean;
  sql?: boolean;
};

interface RenameFlags extends CommonOptions {
  readonly autogenerate: boolean;
  readonly rename: readonly string[];
  readonly drop: readonly string[];
  readonly renames: boolean;
  readonly answers?: string;
  readonly backfill: readonly string[];
}

async function backfillOptions({ autogenerate, backfill, json, quiet }: RenameFlags): Promise<BackfillOptions> {
  if (backfill.length > 0 && !autogenerate) {
    throw new AludelError('ALUDEL_USAGE', '--backfill needs --autogenerate.', {
      hint: 'Add --autogenerate, or write the step into the file by hand, with op.db.',
    });
  }
  const onBackfill =
    autogenerate && canAsk({ json, quiet }) ? (await import('../ask-backfill.js')).askBackfill : undefined;
  return { backfills: backfill, onBackfill };
}

async function renameOptions(flags: RenameFlags): Promise<RenameOptions & { readonly answers: string | undefined }> {
  const { autogenerate, rename, drop, renames, answers, json, quiet } = flags;
  const isSaid = rename.length + drop.length > 0 || !renames || answers !== undefined;
  if (isSaid && !autogenerate) {
    throw new AludelError('ALUDEL_USAGE', '--rename, --drop, --no-renames and --answers need --autogenerate.', {
      hint: 'Add --autogenerate, or write the renames into the file by hand.',
    });
  }
  const isAsked = autogenerate && renames && canAsk({ json, quiet });
  const onQuestion = isAsked ? (await import('../ask-rename.js')).askRename : undefined;
  return { renames: rename, drops: drop, noRenames: !renames, answers, onQuestion };
}

interface HistoryFlags {
  readonly autogenerate: boolean;
  readonly from: string;
  readonly devUrl?: string;
}

function historyOptions({ autogenerate, from, devUrl }: HistoryFlags): Pick<RevisionOptions, 'from' | 'devUrl'> {
  if (from !== 'database' && from !== 'history') {
    throw new AludelError('ALUDEL_USAGE', `The models cannot be compared with "${from}".`, {
      hint: 'Write --from database or --from history; "aludel diff" compares anything else.',
    });
  }
  if (from === 'history' && !autogenerate) {
    throw new AludelError('ALUDEL_USAGE', '--from history needs --autogenerate.', { hint: 'Add --autogenerate.' });
  }
  if (devUrl !== undefined && from !== 'history') {
    throw new AludelError('ALUDEL_USAGE', '--dev-url needs --from history.', {
      hint: 'Add it, or leave out --dev-url.',
    });
  }
  return { from, devUrl };
}

function addNewRevisionOptions(command: Command): Command {
  return command
    .option('-m, --message <text>', 'what the revision does; also its file name')
    .option('--rev-id <id>', 'the revision id (default: as "revisionIds" in the config says)')
    .option('--branch-label <name>', 'names the branch that begins here; may be repeated', repeatable, [])
    .option('--sql', 'write an SQL file (default: as "revisionFormat" in the config says)')
    .option('--splice', 'allow a parent that has children already', false);
}

function newRevisionOptions(flags: NewRevisionFlags): NewRevisionOptions {
  const { message, revId, branchLabel, splice, sql } = flags;
  return { ...projectOptions(flags), message, revisionId: revId, branchLabels: branchLabel, splice, sql };
}
