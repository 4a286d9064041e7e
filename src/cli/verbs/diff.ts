import { AludelError } from '../../errors.js';
import { type CommandTable, report } from '../command-table.js';
import { type CommonOptions, projectOptions } from '../options.js';
import { paintDiff } from '../print/paint-diff.js';
import { printDiff } from '../print/print-diff.js';
import { unknownText } from '../print/print-migration.js';
import { repeatable } from '../repeatable.js';

type DiffFlags = CommonOptions & {
  readonly from: string;
  readonly to: string;
  readonly devUrl?: string;
  readonly format: string;
  readonly down: boolean;
  readonly rename: readonly string[];
  readonly drop: readonly string[];
  readonly renames: boolean;
};

const FORMATS = ['text', 'sql', 'typescript', 'json', 'diff'] as const;

/** The verb that compares anything with anything. */
export function addDiffVerb(table: CommandTable): void {
  table
    .add('diff', 'print the way from one schema to another; exit 3 when they differ')
    .requiredOption('--from <source>', 'a database URL, models, head, a revision, an SQL file or folder, or empty')
    .requiredOption('--to <source>', 'the same')
    .option('--dev-url <url>', 'a server for scratch databases, which are dropped; SQLite needs none')
    .option('--format <name>', 'text, sql, typescript, json or diff', 'text')
    .option('--down', 'print the way back', false)
    .option('--rename <old:new>', 'what a drop really is: users.name:users.full_name; may be repeated', repeatable, [])
    .option('--drop <name>', 'what is dropped although something alike comes; may be repeated', repeatable, [])
    .option('--no-renames', 'every drop is meant: nothing is asked')
    .action((flags: DiffFlags) =>
      table.run(flags, async (options, output) => {
        const { from, to, devUrl, down, rename, drop, renames, json } = options;
        const format = json ? 'json' : findFormat(options.format);
        const { diff } = await import('../../commands/diff.js');
        const answers = { renames: rename, drops: drop, noRenames: !renames };
        const result = await diff({ ...projectOptions(options), from, to, devUrl, down, ...answers });
        if ((format === 'sql' || format === 'typescript') && result.questions.length > 0) {
          const { renameUnanswered } = await import('../../commands/decide-renames.js');
          throw renameUnanswered(result.questions);
        }
        if (format !== 'json' && result.unknown.length > 0) output.note(unknownText(result.unknown));
        if (format === 'text' || format === 'json') report(result, format === 'json', output, printDiff);
        else if (!result.isEqual) output.printRaw(format === 'diff' ? paintDiff(result.diff, output) : result[format]);
        return result.isEqual ? 0 : 3;
      }),
    );
}

function findFormat(name: string): (typeof FORMATS)[number] {
  const format = FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new AludelError('ALUDEL_USAGE', `There is no format "${name}".`, {
    hint: `Choose one of: ${FORMATS.join(', ')}.`,
  });
}
