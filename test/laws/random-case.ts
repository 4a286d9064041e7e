/**
 * Two states of models that a database takes, with rows that fit both: what both have keeps its values on the way there and
 * back. The choices are data of their own, so that fast-check can shrink them.
 */
import fc from 'fast-check';
import type { DialectName } from '../servers/test-dialects.js';
import type { SchemaCase } from '../schema-cases/schema-case.js';
import { CASE_OBJECTS } from './case-objects.js';
import type { CaseChoice, ColumnChoice, Presence, Sides, TableChoice } from './case-choice.js';
import { FAMILIES, type FamilyName } from './column-families.js';
import { declareSide, homeOf } from './declare-side.js';
import { rowsAfterwards, rowsOfFrom } from './rows-of-case.js';

/** The case that `runCase` can run. */
export function toCase(choice: CaseChoice): SchemaCase {
  const changedValues = choice.tables.flatMap(({ generated }, at) => {
    const isChanged = generated !== null && generated.sides.from.expression !== generated.sides.to.expression;
    return isChanged ? [`${homeOf(choice, at, 'from') === null ? '' : 'app.'}${'pqr'.charAt(at)}.made`] : [];
  });
  return {
    name: 'generated',
    from: (metadata) => declareSide(choice, 'from', metadata),
    to: (metadata) => declareSide(choice, 'to', metadata),
    rows: rowsOfFrom(choice),
    afterwards: rowsAfterwards(choice),
    changedValues,
    maySayNothing: true,
  };
}

const presence = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Presence>('both') },
  fc.constantFrom<Presence>('from', 'to'),
);
const comment = fc.constantFrom(null, 'one', "it's two");
const deferrable = fc.constantFrom(null, null, 'immediate' as const, 'deferred' as const);
const seldom = fc.constantFrom(false, false, false, true);

function sides<T>(one: fc.Arbitrary<T>): fc.Arbitrary<Sides<T>> {
  return fc.oneof(
    fc.record({ from: one, to: one }),
    one.map((both) => ({ from: both, to: both })),
  );
}

function named<T>(names: readonly string[], make: (name: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.subarray([...names]).chain((found) => fc.tuple(...found.map(make)));
}

const families: readonly FamilyName[] = [...(Object.keys(FAMILIES) as FamilyName[]), 'mood'];

const column: fc.Arbitrary<ColumnChoice> = fc.record({
  presence,
  family: fc.constantFrom(...families),
  sides: sides(
    fc.record({
      type: fc.nat(3),
      nullable: fc.boolean(),
      hasDefault: fc.boolean(),
      collated: seldom,
      comment,
      unique: seldom,
      index: seldom,
    }),
  ),
});

const table: fc.Arbitrary<TableChoice> = fc.record({
  presence,
  key: sides(fc.constantFrom('auto' as const, 'plain' as const, 'autoincrement' as const, 'identity' as const)),
  looseKey: sides(fc.constantFrom(['id'], ['id', 'n'], ['n'], null)),
  comment: sides(comment),
  columns: fc.tuple(...['a', 'b', 'c', 'd'].map(() => fc.option(column, { freq: 4 }))),
  generated: fc.option(
    fc.record({
      presence,
      sides: sides(
        fc.record({ expression: fc.constantFrom('n * 2' as const, 'n + 1' as const), virtual: fc.boolean() }),
      ),
    }),
    { freq: 2 },
  ),
  reference: sides(
    fc.option(
      fc.record({
        target: fc.constantFrom('p' as const, 'q' as const),
        onDelete: fc.constantFrom('no action', 'restrict', 'cascade', 'set null'),
        onUpdate: fc.constantFrom('no action', 'cascade'),
        deferrable,
        comment: seldom,
      }),
      { freq: 3 },
    ),
  ),
  uniques: sides(
    named(['u_one', 'u_two'], (name) =>
      fc.record({
        name: fc.constant(name),
        columns: fc.constantFrom(['n'], ['n', 'id'], ['id', 'n']),
        deferrable,
        comment: seldom,
      }),
    ),
  ),
  checks: sides(
    named(['c_one', 'c_two'], (name) =>
      fc.record({
        name: fc.constant(name),
        expression: fc.constantFrom('n > 0', 'n > 0', 'n > 0', 'n < 1000', 'n <> 500'),
        notValid: fc.boolean(),
        comment: seldom,
      }),
    ),
  ),
  indexes: sides(
    named(['i_one', 'i_two'], (name) =>
      fc.record({
        name: fc.constant(name),
        columns: fc.shuffledSubarray(['n', 'id', 'a', 'b', 'c', 'd'], { minLength: 1, maxLength: 3 }),
        unique: seldom,
        descending: fc.boolean(),
        partial: seldom,
        expression: seldom,
        comment: seldom,
        storage: seldom,
        include: seldom,
      }),
    ),
  ),
  exclusion: sides(seldom),
  hidden: sides(fc.boolean()),
});

/** Choices that make a pair of states for a database. */
export function randomChoice(dialect: DialectName): fc.Arbitrary<CaseChoice> {
  const values = fc
    .subarray(['v3', 'v4', 'v5'])
    .chain((more) => fc.shuffledSubarray(['v1', 'v2', ...more], { minLength: 2 + more.length }));
  return fc.record({
    dialect: fc.constant(dialect),
    // A state without any table is refused, as a mistake of the configuration.
    tables: fc.tuple(
      table.map((first): TableChoice => ({ ...first, presence: 'both' })),
      table,
      table,
    ),
    values: sides(values),
    namespaced: sides(dialect === 'postgres' ? fc.boolean() : fc.constant(false)),
    sequences: sides(
      named(['s_one', 's_two'], (name) =>
        fc.record({
          name: fc.constant(name),
          increment: fc.constantFrom(1, 5),
          max: fc.constantFrom(null, 1000),
          cycle: fc.boolean(),
          owned: seldom,
        }),
      ),
    ),
    objects: sides(fc.tuple(...CASE_OBJECTS[dialect].map(() => fc.constantFrom(null, null, 0, 1, 2)))),
  });
}
