import { type Command, InvalidArgumentError } from 'commander';
import { AludelError } from '../errors.js';
import type { ProjectOptions } from '../commands/project.js';

/** The options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly name?: string;
  readonly env?: string;
  readonly arg: Readonly<Record<string, string>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The options of a command that can be run for each database of the config. */
export interface EachOptions {
  readonly all: boolean;
  readonly keepGoing: boolean;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the config file (default: ALUDEL_CONFIG, else migrate.config.ts is searched for)')
    .option('-n, --name <database>', 'which database, where the config has several')
    .option('-e, --env <environment>', 'which environment of the config (default: ALUDEL_ENV, else none)')
    .option('-x, --arg <key=value>', 'a value for a config function and op.context.x; may be repeated', collectPair, {})
    .option('--json', 'print the result as JSON', false)
    .option('-q, --quiet', 'print nothing but errors', false)
    .option('-v, --verbose', 'print more: SQL, files, stacks of errors', false);
}

export function addEachOptions(command: Command): Command {
  return command
    .option('--all', 'run it for each database of the config, in order, as far as the first that fails', false)
    .option('--keep-going', 'with --all: go on behind a database that fails', false);
}

/** The tenants that a command is for. */
export interface ForTenants {
  readonly eachSchema?: string;
  readonly eachTarget: boolean;
  readonly concurrency?: number;
}

/** Which tenants a command is for. */
export function addTenantOptions(command: Command): Command {
  return command
    .option('--each-schema <pattern>', 'every schema that matches, such as "tenant_*"; on MySQL a schema is a database')
    .option('--each-target', 'every tenant that the function "targets" of the config yields', false)
    .option('--concurrency <n>', 'how many tenants at a time (default: 4)', Number);
}

/** @throws AludelError ALUDEL_USAGE where a flag is given that is for many tenants alone. */
export function isForTenants({ eachSchema, eachTarget, concurrency }: ForTenants): boolean {
  if (eachSchema !== undefined || eachTarget) return true;
  if (concurrency === undefined) return false;
  throw new AludelError('ALUDEL_USAGE', '"--concurrency" is for many tenants.', {
    hint: 'Add "--each-schema" or "--each-target".',
  });
}

/** What the command line says about the project, for the functions of `commands/`. */
export function projectOptions({
  config,
  name,
  env,
  arg,
}: Pick<CommonOptions, 'config' | 'name' | 'env' | 'arg'>): ProjectOptions {
  return { config, name, env, x: arg };
}

/** `key=value`; without "=", empty text. A key given twice has its last value. */
function collectPair(pair: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = pair.indexOf('=');
  const key = at === -1 ? pair : pair.slice(0, at);
  if (key.trim() === '') throw new InvalidArgumentError('Write it as key=value.');
  return { ...before, [key]: at === -1 ? '' : pair.slice(at + 1) };
}
