import type { Command } from 'commander';
import type { MigrationEvent } from '../commands/project.js';
import { addCommonOptions, type CommonOptions } from './options.js';
import { createOutput, type Output } from './output.js';
import { printEvent } from './print/print-migration.js';

/** Runs a command and gives the process's exit code. */
export type Action<O> = (options: O & CommonOptions, output: Output) => Promise<number>;

/** What the files in `verbs/` add their commands to. */
export class CommandTable {
  readonly #program: Command;
  readonly #finish: (exitCode: number) => void;

  constructor(program: Command, finish: (exitCode: number) => void) {
    this.#program = program;
    this.#finish = finish;
  }

  /** A command with the options that all have. */
  add(usage: string, description: string): Command {
    return addCommonOptions(this.#program.command(usage).description(description).exitOverride());
  }

  /** Runs the action with an output that knows --quiet and --json. */
  async run<O>(options: O & CommonOptions, action: Action<O>): Promise<void> {
    this.#finish(await action(options, await createOutput({ quiet: options.quiet || options.json })));
  }
}

/** The options of a command that runs revisions: its progress is printed as it happens. */
export function withEvents(
  { config, verbose }: CommonOptions,
  output: Output,
): { readonly config: string | undefined; readonly onEvent: (event: MigrationEvent) => void } {
  return { config, onEvent: (event) => printEvent(event, output, verbose) };
}

/** Prints a result for a person, or as JSON; the exit code is 0. */
export function report<T>(
  result: T,
  json: boolean,
  output: Output,
  print: (result: T, output: Output) => void,
): number {
  if (json) output.printRaw(JSON.stringify(result, null, 2));
  else print(result, output);
  return 0;
}
