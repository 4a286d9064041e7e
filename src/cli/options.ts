import type { Command } from 'commander';

/** The options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the config file (default: ALUDEL_CONFIG, else migrate.config.ts is searched for)')
    .option('--json', 'print the result as JSON', false)
    .option('-q, --quiet', 'print nothing but errors', false)
    .option('-v, --verbose', 'print more: SQL, files, stacks of errors', false);
}
