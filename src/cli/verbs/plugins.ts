import type { Command } from 'commander';
import { type PluginCommandEntry, pluginCommands } from '../../commands/plugin-commands.js';
import { AludelError } from '../../errors.js';
import type { CommandTable } from '../command-table.js';
import type { CommonOptions } from '../options.js';

/** The verbs that plugins bring. Loaded only where the built-in ones do not answer, or help is to list all of them. */
export async function addPluginVerbs(program: Command, table: CommandTable, args: readonly string[]): Promise<void> {
  const taken = program.commands.map((command) => command.name());
  for (const entry of await pluginCommands({ config: configOf(args), taken })) addVerb(table, entry);
}

function addVerb(table: CommandTable, entry: PluginCommandEntry): void {
  const command = table.add(entry.usage, entry.description);
  for (const { flags, description, default: byDefault } of entry.options) {
    try {
      command.option(flags, description, byDefault);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      throw new AludelError(
        'ALUDEL_EXTENSION_INVALID',
        `The option "${flags}" of command "${entry.name}" of plugin "${entry.plugin}" cannot be added: ${reason}`,
        {
          hint: 'Give it other flags: -c, -q, -v, --config, --json, --quiet and --verbose are those of every command.',
        },
      );
    }
  }
  // Commander hands over the arguments, then the options, then itself.
  command.action((...given: unknown[]) => {
    const args = given.slice(0, -2) as (string | readonly string[] | undefined)[];
    const options = given.at(-2) as CommonOptions & Readonly<Record<string, unknown>>;
    return table.run(options, ({ config: _config, json, quiet: _quiet, verbose: _verbose, ...own }, output) =>
      entry.run({ args, options: own, json, print: (text) => (json ? output.printRaw(text) : output.print(text)) }),
    );
  });
}

/** What `-c` names, before anything has parsed the line. */
function configOf(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '-c' || arg === '--config');
  if (at !== -1) return args[at + 1];
  return args.find((arg) => arg.startsWith('--config='))?.slice('--config='.length);
}
