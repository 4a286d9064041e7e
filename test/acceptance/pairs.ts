/**
 * Runs a file of schema pairs (the form of `cases/schema-pairs/*.json`) against a server: plan, upgrade, dump, empty second
 * plan, downgrade, dump, empty second plan.
 * Start: `npm run acceptance -- pairs FILE --url URL [--tier core] [--only ID] [--results FILE] [--through-files]`.
 */
import { readFileSync } from 'node:fs';
import { openRevisionFiles, type RevisionFiles } from './pairs-files.js';
import { judgePair, type PairResult, type SchemaPair } from './pairs-judge.js';
import { parseOptions, type PairOptions, report } from './pairs-report.js';
import { openPairServer, type PairServer } from './pairs-server.js';

const USAGE =
  'Usage: npm run acceptance -- pairs FILE --url URL [--tier TIER] [--only ID] [--results FILE] [--through-files]\n';

/** A pair that takes longer than this has failed. */
const TIMEOUT = 120_000;

export async function main(args: readonly string[]): Promise<number> {
  let options: PairOptions | undefined;
  try {
    [options] = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  if (options === undefined) return 2;
  const { tier, only } = options;
  const pairs = JSON.parse(readFileSync(options.file, 'utf8')) as readonly SchemaPair[];
  const chosen = pairs.filter(
    (pair) => (tier === null || pair.tier === tier) && (only === null || only.split(',').includes(pair.id)),
  );
  return runPairs(chosen, options);
}

/** Runs pairs two at a time and reports them in their order; gives the exit code. */
export async function runPairs(pairs: readonly SchemaPair[], options: PairOptions): Promise<number> {
  const start = Date.now();
  const server = await openPairServer(options.url);
  const files = options.throughFiles ? await openRevisionFiles() : null;
  const results = new Map<SchemaPair, PairResult>();
  const waiting = [...pairs];
  const work = async (): Promise<void> => {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
      results.set(pair, await judgeInTime(pair, server, files));
    }
  };
  await Promise.all([work(), work()]);
  await files?.close();
  await server.close();
  const inOrder = pairs.flatMap((pair) => results.get(pair) ?? []);
  return report(inOrder, options.results, (Date.now() - start) / 1000);
}

async function judgeInTime(pair: SchemaPair, server: PairServer, files: RevisionFiles | null): Promise<PairResult> {
  const { id, tier, area } = pair;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PairResult>((resolve) => {
    const reason = `no verdict within ${TIMEOUT / 1000} s`;
    timer = setTimeout(() => resolve({ case: id, tier, area, verdict: 'fail', reason, details: [] }), TIMEOUT);
  });
  const verdict = await Promise.race([judgePair(pair, server, files), late]);
  clearTimeout(timer);
  return verdict;
}
