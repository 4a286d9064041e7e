/** Commands for many schemas or databases: `--each-schema`, `--each-target`. */
import {
  downgradeEach,
  type EachReport,
  type MigrateEachOptions,
  type TargetResult,
  type TenantOptions,
  upgradeEach,
} from '../commands/migrate-each.js';
import type { MigrationEvent } from '../commands/project.js';
import type { MigrateOptions } from '../commands/upgrade.js';
import { AludelError } from '../errors.js';
import type { ForTenants } from './options.js';
import type { Output } from './output.js';
import { printEnded, printTenant, printTenants, printTotal } from './print/print-tenants.js';

export interface TenantFlags extends ForTenants {
  readonly sql: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** The exit code is 1 when one of them failed. */
export async function runTenants(
  direction: 'upgrade' | 'downgrade',
  target: string | undefined,
  flags: TenantFlags,
  options: MigrateOptions,
  output: Output,
  printEvent: (event: MigrationEvent, output: Output, verbose: boolean) => void,
): Promise<number> {
  refuseFlags(flags);
  const { eachSchema, concurrency, json, verbose } = flags;
  const known: MigrateEachOptions = {
    ...options,
    // A question for each of hundreds is none that anybody reads: it needs the flag.
    confirmLoss: undefined,
    each: eachSchema,
    concurrency,
    onEvent: (event: MigrationEvent, tenant: string) => {
      if (isWorthTelling(event, verbose)) printEvent(event, prefixed(output, tenant), verbose);
    },
    onTarget: (result: TargetResult, done: number, total: number) => printTenant(result, done, total, output),
  };
  const result = await (direction === 'upgrade' ? upgradeEach(target, known) : downgradeEach(target ?? '', known));
  if (json) output.printRaw(JSON.stringify(result, null, 2));
  else printTenants(result, output);
  return result.failed.length > 0 ? 1 : 0;
}

/**
 * Another command for each tenant. `say` gives what it comes to in a tenant, as a line that goes on from its name, and the
 * exit code of that.
 */
export async function runForTenants<R>(
  flags: ForTenants & Pick<TenantFlags, 'json'> & { readonly sql?: boolean },
  output: Output,
  run: (options: TenantOptions<R>) => Promise<EachReport<R>>,
  say: (report: R) => { readonly text: string; readonly exitCode: number },
): Promise<number> {
  refuseFlags({ sql: false, ...flags });
  const { eachSchema: each, concurrency, json } = flags;
  const onTarget = (result: TargetResult<R>, done: number, total: number): void =>
    printEnded(result, result.report === null ? '' : say(result.report).text, done, total, output);
  const result = await run({ each, concurrency, onTarget });
  if (json) output.printRaw(JSON.stringify(result, null, 2));
  else printTotal(result, output);
  if (result.failed.length > 0) return 1;
  return Math.max(0, ...result.targets.map(({ report }) => (report === null ? 1 : say(report).exitCode)));
}

function refuseFlags({ eachSchema, eachTarget, sql }: Pick<TenantFlags, 'eachSchema' | 'eachTarget' | 'sql'>): void {
  const [problem, hint] =
    eachSchema !== undefined && eachTarget
      ? ['"--each-schema" and "--each-target" cannot both be meant.', 'Leave one of them out.']
      : sql
        ? ['The SQL of many tenants is the same for each of them.', 'Leave out "--each-schema" or "--each-target".']
        : [];
  if (problem !== undefined) throw new AludelError('ALUDEL_USAGE', problem, { hint });
}

/** A line a tenant is enough; what keeps one waiting is said in any case. */
function isWorthTelling({ kind }: MigrationEvent, verbose: boolean): boolean {
  return verbose || !['stepStarted', 'stepEnded', 'statement'].includes(kind);
}

function prefixed(output: Output, tenant: string): Output {
  return {
    ...output,
    print: (text) => output.print(`${tenant}: ${text}`),
    note: (text) => output.note(`${tenant}: ${text}`),
  };
}
