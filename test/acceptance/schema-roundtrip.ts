/**
 * The reduced round trip of real schemas: an empty database becomes the schema of a file by our own plan and is emptied
 * again. Judged like a schema pair.
 * Start: `npm run acceptance -- schema-roundtrip FILE.sql... --url URL [--only NAME] [--results FILE] [--through-files]`.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { SchemaPair } from './pairs-judge.js';
import { parseOptions, type PairOptions } from './pairs-report.js';
import { runPairs } from './pairs.js';

export async function main(args: readonly string[]): Promise<number> {
  let options: readonly PairOptions[];
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write('Usage: npm run acceptance -- schema-roundtrip FILE.sql... --url URL [--through-files]\n');
    return 2;
  }
  const pairs = options.map(({ file }): SchemaPair => {
    const id = basename(file, '.sql');
    return { id, tier: 'corpus', area: id, old: '', new: readFileSync(file, 'utf8') };
  });
  const [first] = options;
  if (first === undefined) return 2;
  return runPairs(
    pairs.filter(({ id }) => first.only === null || id === first.only),
    first,
  );
}
