/** One command for each database of the config: `--all`. */
import { listDatabases } from '../commands/list-databases.js';
import type { ProjectOptions } from '../commands/project.js';
import { AludelError } from '../errors.js';
import type { Action } from './command-table.js';
import type { CommonOptions, EachOptions } from './options.js';
import type { Output } from './output.js';
import { errorFacts, exitCodeOf, printError } from './print/print-error.js';

export interface RunForAll<O> {
  readonly options: O & CommonOptions & EachOptions & { readonly sql?: boolean };
  readonly output: Output;
  readonly action: Action<O>;
  readonly project: ProjectOptions;
  /** The output for one database. */
  openOutput(options: CommonOptions): Promise<Output>;
}

/** One database in the JSON of a run for all of them. */
interface DatabaseResult {
  readonly database: string;
  readonly report?: unknown;
  readonly error?: unknown;
}

/** The exit code is that of the first failure; without one it is 3 where a check found something. */
export async function runForAll<O>(request: RunForAll<O>): Promise<number> {
  const { options, output, action } = request;
  const names = await findNames(request);
  const results: DatabaseResult[] = [];
  let failure: number | null = null;
  let found = 0;
  for (const [index, name] of names.entries()) {
    const one = { ...options, name };
    if (options.sql === true && !options.json) output.printRaw(`-- database: ${name}\n`);
    else output.print(`${index === 0 ? '' : '\n'}${output.paint('bold', `Database ${name}:`)}`);
    try {
      const reports: unknown[] = [];
      found = Math.max(found, await action(one, await outputOf(request, one, reports)));
      results.push({ database: name, report: reports[0] ?? null });
    } catch (error) {
      failure ??= exitCodeOf(error);
      if (options.json) results.push({ database: name, error: errorFacts(error, one) });
      else printError(error, one);
      if (options.keepGoing) continue;
      const rest = names.slice(index + 1);
      if (rest.length > 0) output.note(`Not run: ${rest.join(', ')}. With --keep-going they would be.`);
      break;
    }
  }
  if (options.json) output.printRaw(JSON.stringify(results, null, 2));
  return failure ?? found;
}

async function findNames<O>({ options, project }: RunForAll<O>): Promise<readonly string[]> {
  if (options.name !== undefined) {
    throw new AludelError('ALUDEL_USAGE', '"--all" and "-n" cannot both be meant.', { hint: 'Leave one of them out.' });
  }
  const names = await listDatabases(project);
  if (names.length > 0) return names;
  throw new AludelError('ALUDEL_USAGE', 'The config has no "databases" that "--all" could go through.', {
    hint: 'Leave out "--all".',
  });
}

/** What would be printed as JSON is kept for the whole. */
async function outputOf<O>(request: RunForAll<O>, options: CommonOptions, reports: unknown[]): Promise<Output> {
  const output = await request.openOutput(options);
  return options.json ? { ...output, printRaw: (text) => reports.push(JSON.parse(text)) } : output;
}
