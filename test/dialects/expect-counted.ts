import { expect } from 'vitest';
import type { TestProject } from '../support/project.js';

/** The name of the column of a conversion, by its place. */
export function columnAt(i: number): string {
  return `c${String(i).padStart(2, '0')}`;
}

/** From one type to another; then values that stay what they are, and values that are changed. */
type Conversion = readonly [
  from: string,
  to: string,
  kept: readonly unknown[],
  changed: readonly unknown[],
  ...unknown[],
];

/** Expects that the next revision, which converts the columns, counts the values that it changes, and that the server takes them all. */
export async function expectCounted(project: TestProject, conversions: readonly Conversion[]): Promise<void> {
  const error: unknown = await project.migrator.upgrade().catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'ALUDEL_DATA_LOSS' });
  const { losses } = (error as { details: { losses: readonly { column: string; rows: number }[] } }).details;
  const rowsOf = (i: number): number => losses.find(({ column }) => column === columnAt(i))?.rows ?? 0;
  const counted = conversions.map(([from, to], i) => [from, to, rowsOf(i)]);
  expect(counted).toEqual(conversions.map(([from, to, , changed]) => [from, to, changed.length]));
  await project.open().upgrade('head', { allowLoss: true });
}
