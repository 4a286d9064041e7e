/** What a run of schema pairs says: totals by tier and area, failures with their reasons, a file with every verdict. */
import { writeFileSync } from 'node:fs';
import type { PairResult } from './pairs-judge.js';

/** The least share of passed cases, by tier; tiers that are not here may fail. */
const MARKS: Readonly<Record<string, number>> = { core: 1, extended: 0.95 };

export interface PairOptions {
  readonly file: string;
  readonly url: string;
  readonly tier: string | null;
  readonly only: string | null;
  readonly results: string;
  readonly throughFiles: boolean;
}

/** @throws TypeError on an unknown or incomplete option. */
export function parseOptions(args: readonly string[]): readonly PairOptions[] {
  const files: string[] = [];
  const values: Record<string, string> = {};
  let throughFiles = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--through-files') throughFiles = true;
    else if (['--url', '--tier', '--only', '--results'].includes(arg)) {
      const value = args[(at += 1)];
      if (value === undefined) throw new TypeError(`${arg} needs a value`);
      values[arg] = value;
    } else if (arg.startsWith('-')) throw new TypeError(`unknown option ${arg}`);
    else files.push(arg);
  }
  const { '--url': url, '--tier': tier = null, '--only': only = null, '--results': results = 'results.json' } = values;
  if (files.length === 0 || url === undefined) throw new TypeError('a FILE and --url are needed');
  return files.map((file) => ({ file, url, tier, only, results, throughFiles }));
}

/** Prints totals and failures, writes the results; gives the exit code. */
export function report(results: readonly PairResult[], file: string, seconds: number): number {
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  const tiers = [...new Set(results.map(({ tier }) => tier))].toSorted();
  for (const tier of tiers) {
    const own = results.filter((result) => result.tier === tier);
    for (const area of [...new Set(own.map((result) => result.area))].toSorted()) {
      print(`${tier.padEnd(9)} ${area.padEnd(26)} ${totals(own.filter((result) => result.area === area))}`);
    }
  }
  for (const { case: id, verdict, reason } of results) {
    if (verdict === 'fail') print(`FAIL ${id}\n  ${reason.replaceAll('\n', '\n  ')}`);
    if (verdict === 'left out') print(`left out ${id}: ${reason.split('\n')[0]}`);
  }
  for (const tier of tiers) print(`${tier.padEnd(9)} ${totals(results.filter((result) => result.tier === tier))}`);
  print(`${totals(results)} in ${seconds.toFixed(0)} s; results in ${file}`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return results.length > 0 && tiers.every((tier) => isAboveMark(tier, results)) ? 0 : 1;
}

function isAboveMark(tier: string, results: readonly PairResult[]): boolean {
  const run = results.filter((result) => result.tier === tier && result.verdict !== 'left out');
  return run.filter(({ verdict }) => verdict === 'pass').length >= run.length * (MARKS[tier] ?? 0);
}

function totals(results: readonly PairResult[]): string {
  const count = (verdict: PairResult['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  const [passed, failed, left] = [count('pass'), count('fail'), count('left out')];
  const share = passed + failed === 0 ? '' : ` (${((100 * passed) / (passed + failed)).toFixed(1)} %)`;
  return `${passed} of ${passed + failed} passed${share}${left === 0 ? '' : `, ${left} left out`}`;
}
