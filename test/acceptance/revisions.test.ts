import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runRevisionCases } from './revisions.js';

/** The shared cases stay outside of the repository: `ALUDEL_CASES`, or beside it. */
const folder = process.env['ALUDEL_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));

describe.runIf(process.env['ALUDEL_CASES'] !== undefined || existsSync(folder))('the answers of Alembic 1.19.2', () => {
  test.each(['revisions.json', 'revisions-random.json'])('are ours for all of %s but the listed rules', (name) => {
    const report = runRevisionCases(join(folder, name));
    expect(report.failed).toEqual([]);
    expect(report.deviations.length / report.total).toBeLessThanOrEqual(0.02);
    expect(report.ok).toBe(true);
  });
});
