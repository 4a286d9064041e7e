import fc from 'fast-check';
import { describe, it } from 'vitest';
import { runCase } from '../schema-cases/run-case.js';
import { dialects } from '../support/databases.js';
import { randomChoice, toCase } from './random-case.js';

/** Few where every change is tested; `ALUDEL_TEST_PAIRS=200` before a release. A failure names its seed. */
const numRuns = Number(process.env['ALUDEL_TEST_PAIRS'] ?? 20);
const seed = process.env['ALUDEL_TEST_SEED'];

describe.concurrent.each(dialects)('generated pairs of schemas on $name', (dialect) => {
  it('lead there and back with every row', { timeout: 60_000 + numRuns * 30_000 }, async () => {
    const property = fc.asyncProperty(randomChoice(dialect.name), async (choice) => {
      await runCase(toCase(choice), dialect);
    });
    // Shrinking stops in time to say what it has.
    const interruptAfterTimeLimit = 30_000 + numRuns * 20_000;
    await fc.assert(property, {
      numRuns,
      interruptAfterTimeLimit,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    });
  });
});
