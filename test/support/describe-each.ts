import { describe, test } from 'vitest';

/** `describe.each` for databases that `ALUDEL_TEST_DIALECTS` may have narrowed away: then it says so and runs nothing. */
export function describeEach<T>(cases: readonly T[], title: string, body: (item: T) => void): void {
  if (cases.length > 0) {
    describe.each(cases)(title, body);
    return;
  }
  // Vitest takes a file without a single test for a mistake.
  describe.skip('databases that were not asked for', () => {
    test('run nothing', () => undefined);
  });
}
