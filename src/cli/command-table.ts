import type { Command } from 'commander';
import type { MigrationEvent, ProjectOptions } from '../commands/project.js';
import { addCommonOptions, addEachOptions, type CommonOptions, type EachOptions, projectOptions } from './options.js';
import { commandNamer, createOutput, type Output } from './output.js';
import { printEvent } from './print/print-migration.js';

/** Runs a command and gives the process's exit code. */
export type Action<O> = (options: O & CommonOptions, output: Output) => Promise<number>;

/** What the files in `verbs/` add their commands to. */
export class CommandTable {
  /** Of Aludel. */
  readonly version: string;
  readonly #program: Command;
  readonly #finish: (exitCode: number) => void;

  constructor(program: Command, version: string, finish: (exitCode: number) => void) {
    this.version = version;
    this.#program = program;
    this.#finish = finish;
  }

  /** A command with the options that all have. */
  add(usage: string, description: string): Command {
    return addCommonOptions(this.#program.command(usage).description(description).exitOverride());
  }

  /** A command that can also be run for each database of the config. */
  addForEach(usage: string, description: string): Command {
    return addEachOptions(this.add(usage, description));
  }

  /** Runs the action with an output that knows --quiet and --json. */
  async run<O>(options: O & CommonOptions, action: Action<O>): Promise<void> {
    try {
      this.#finish(await action(options, await createCommandOutput(options)));
    } catch (error) {
      this.#finish(await reportError(error, options));
    }
  }

  /** Runs the action for the chosen database or, with --all, for one after the other. */
  async runEach<O>(options: O & CommonOptions & EachOptions, action: Action<O>): Promise<void> {
    if (!options.all) return this.run(options, action);
    const { runForAll } = await import('./run-for-all.js');
    return this.run(options, (_, output) =>
      runForAll({ options, output, action, project: projectOptions(options), openOutput: createCommandOutput }),
    );
  }
}

/** An output that names the chosen database in the commands that it prints. */
function createCommandOutput(options: CommonOptions): Promise<Output> {
  return createOutput({ quiet: options.quiet || options.json, nameCommands: commandNamer(options) });
}

/** Prints an error and gives its exit code. */
async function reportError(error: unknown, options: CommonOptions): Promise<number> {
  const { exitCodeOf, printError } = await import('./print/print-error.js');
  printError(error, options);
  return exitCodeOf(error);
}

/** The options of a command that runs revisions: its progress is printed as it happens. */
export function withEvents(
  options: CommonOptions & { readonly tag?: string },
  output: Output,
): ProjectOptions & { readonly onEvent: (event: MigrationEvent) => void } {
  const onEvent = (event: MigrationEvent): void => printEvent(event, output, options.verbose);
  return { ...projectOptions(options), tag: options.tag, onEvent };
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
