import fc from 'fast-check';
import { makeRevision, type Revision } from '../../src/revisions/revision.js';

/** Random graphs: lines, branches, merges, several bases, dependencies across them, some labels. */
export function randomRevisions(maxLength: number): fc.Arbitrary<readonly Revision[]> {
  const shape = fc.record({
    parents: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 3 }),
    dependency: fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { freq: 4 }),
    isNear: fc.boolean(),
    isLabelled: fc.boolean(),
  });
  return fc.array(shape, { minLength: 1, maxLength, size: 'max' }).map((shapes) =>
    shapes.map(({ parents, dependency, isNear, isLabelled }, index) => {
      const pick = (at: number): string => {
        const window = isNear ? Math.min(index, 6) : index;
        return idOf(index - 1 - Math.floor(at * window));
      };
      return makeRevision(idOf(index), {
        down: index === 0 ? [] : [...new Set(parents.map(pick))],
        dependsOn: index === 0 || dependency === null ? [] : [pick(dependency)],
        branchLabels: isLabelled && index % 5 === 0 ? [`label${index}`] : [],
      });
    }),
  );
}

function idOf(index: number): string {
  return `r${String(index).padStart(4, '0')}`;
}

/** A permutation of the items, drawn from the seed. */
export function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = seed >>> 0 || 1;
  for (let index = result.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}
