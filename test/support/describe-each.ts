import { describe, expect, test } from 'vitest';

/** `describe.each` for databases that `ALUDEL_TEST_DIALECTS` may have narrowed away: then it says so and runs nothing. */
export function describeEach<T>(cases: readonly T[], title: string, body: (item: T) => void): void {
  // Vitest takes a file without a single test for a mistake.
  test.skipIf(cases.length > 0)('the databases of this file were not asked for', () => {
    expect(cases).toEqual([]);
  });
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- handed in
  describe.each(cases)(title, body);
}
