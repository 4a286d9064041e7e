import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { isPartition, ownParts } from '../../src/operations/partitions.js';
import { applyRenames } from '../../src/autogenerate/renames/apply-renames.js';
import type { Rename } from '../../src/autogenerate/renames/rename.js';
import { mysql } from '../../src/dialects/mysql/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import { applyAll } from '../../src/operations/apply.js';
import type { Operation } from '../../src/operations/operation.js';
import { reverseAll } from '../../src/operations/reverse.js';
import { findTable, type Schema, type Table } from '../../src/schema/table.js';
import { countChanges, countObjects, formatCounts, type Counts } from './count-kinds.js';
import {
  CHANGES,
  MYSQL_CHANGES,
  MYSQL_OBJECTS,
  SQLITE_CHANGES,
  SQLITE_OBJECTS,
  OBJECTS,
  OTHER_CHANGES,
  OTHER_OBJECTS,
  POSTGRES_CHANGES,
  POSTGRES_OBJECTS,
} from './expected-kinds.js';
import { findLooseEnds } from './find-loose-ends.js';
import { randomNeighbour } from './random-neighbour.js';
import { randomRenames } from './random-renames.js';
import { randomSchema } from './random-schema.js';

/** `npm run test:laws -- --pairs N --seed N` sets these. */
const numRuns = Number(process.env['ALUDEL_TEST_LAWS_PAIRS'] ?? 300);
const givenSeed = process.env['ALUDEL_TEST_SEED'];
const runs = { numRuns, ...(givenSeed === undefined ? {} : { seed: Number(givenSeed) }) };

const EXPECTED = {
  postgres: [...OBJECTS, ...POSTGRES_OBJECTS, ...CHANGES, ...POSTGRES_CHANGES],
  mysql: [...OBJECTS, ...OTHER_OBJECTS, ...MYSQL_OBJECTS, ...CHANGES, ...OTHER_CHANGES, ...MYSQL_CHANGES],
  sqlite: [...OBJECTS, ...OTHER_OBJECTS, ...SQLITE_OBJECTS, ...CHANGES, ...OTHER_CHANGES, ...SQLITE_CHANGES],
};

describe.each([
  { family: 'postgres' as const, capabilities: postgres.capabilities },
  { family: 'mysql' as const, capabilities: mysql.capabilities },
  { family: 'sqlite' as const, capabilities: sqlite.capabilities },
])('compareSchemas for $family', ({ family, capabilities }) => {
  const strangers = fc.tuple(randomSchema(family), randomSchema(family));
  const neighbours = randomSchema(family).chain((from) => fc.tuple(fc.constant(from), randomNeighbour(from, family)));
  const pair = fc.oneof({ weight: 3, arbitrary: strangers }, { weight: 2, arbitrary: neighbours });

  const renamed = pair
    .map(([from, to]) => [renamable(from), renamable(to)] as const)
    .chain(([from, to]) => fc.tuple(fc.constant(from), fc.constant(to), randomRenames(from, to)));

  it('is given every kind of object and of change', () => {
    const counts: Counts = new Map();
    // A seed of its own where none is given: no luck decides.
    for (const [from, to] of fc.sample(pair, { seed: 1, ...runs })) {
      countObjects(from, counts);
      countObjects(to, counts);
      countChanges(compareSchemas(from, to, capabilities), counts);
    }
    for (const [from, to, renames] of fc.sample(renamed, { seed: 1, ...runs })) {
      const operations = compareSchemas(from, to, capabilities, renames);
      countChanges(operations.filter(isRename), counts);
    }
    if (givenSeed !== undefined) console.log(`${numRuns} pairs with the seed ${givenSeed}\n${formatCounts(counts)}`);
    const expected = EXPECTED[family];
    expect(expected.filter((kind) => (counts.get(kind) ?? 0) < 20)).toEqual([]);
    expect([...counts.keys()].filter((kind) => !expected.includes(kind))).toEqual([]);
  });

  it('gives operations that lead from one schema to the other', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const operations = compareSchemas(from, to, capabilities);
        expect(plain(applyAll(from, operations))).toEqual(plain(to));
        expect(findLooseEnds(from, operations, family === 'postgres')).toEqual([]);
      }),
      runs,
    );
  });

  it('gives operations that lead back when they are reversed', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const operations = compareSchemas(from, to, capabilities);
        const [after, back] = [applyAll(from, operations), reverseAll(operations)];
        expect(plain(applyAll(after, back))).toEqual(plain(from));
        expect(findLooseEnds(after, back, family === 'postgres')).toEqual([]);
      }),
      runs,
    );
  });

  it('gives operations that lead there and back where tables and columns are renamed', () => {
    fc.assert(
      fc.property(renamed, ([from, to, renames]) => {
        const operations = compareSchemas(from, to, capabilities, renames);
        const after = applyAll(from, operations);
        expect(plain(after)).toEqual(plain(to));
        expect(plain(applyAll(after, reverseAll(operations)))).toEqual(plain(from));
      }),
      runs,
    );
  });

  it('drops and adds nothing where all that differs are names', () => {
    fc.assert(
      fc.property(randomSchema(family), ({ objects: _objects, ...from }) => {
        const renames = from.tables.flatMap((table): Rename[] => [
          { kind: 'table', from: { namespace: table.namespace, name: table.name }, to: `${table.name}_new` },
          ...table.columns.map((column): Rename => ({
            kind: 'column',
            table: { namespace: table.namespace, name: `${table.name}_new` },
            from: column.name,
            to: `${column.name}_new`,
          })),
        ]);
        const { operations, schema } = applyRenames(from, from, renames, { capabilities });
        expect(compareSchemas(from, schema, capabilities, renames)).toEqual(operations);
      }),
      runs,
    );
  });

  it('gives nothing for a schema and itself with its columns in another order', () => {
    fc.assert(
      fc.property(randomSchema(family), (schema) => {
        const turned = {
          ...schema,
          tables: schema.tables.map((table) => ({ ...table, columns: table.columns.toReversed() })),
        };
        expect(compareSchemas(schema, turned, capabilities)).toEqual([]);
      }),
      runs,
    );
  });
});

function isRename(operation: Operation): boolean {
  return operation.kind.startsWith('rename') || (operation.kind === 'alterColumn' && 'name' in operation.changes);
}

/**
 * Without foreign keys to columns that are not there: no database has one, and a rename could not tell what it means. Without
 * partitions, whose columns are renamed with those of a table that generated ones do not share.
 */
function renamable(schema: Schema): Schema {
  const tables = schema.tables.map((table) => {
    const { partitionOf: _partitionOf, ...options } = table.options;
    const dependsOn = table.dependsOn?.filter((key) => !key.startsWith('table '));
    const foreignKeys = table.foreignKeys.filter(({ target, targetColumns }) =>
      targetColumns.every((name) => findTable(schema, target)?.columns.some((column) => column.name === name)),
    );
    return { ...table, options, foreignKeys, ...(dependsOn === undefined ? {} : { dependsOn }) };
  });
  return { ...schema, tables };
}

/** Without what is no part of a schema: the order of its parts, what they stand on, and columns that follow a parent. */
function plain(schema: Schema): Schema {
  const own = (table: Table): Table => (isPartition(table) ? ownParts(table) : table);
  const sorted = <T extends { readonly name: string | null; readonly namespace?: string | null }>(
    list: readonly T[],
  ): T[] => list.toSorted((a, b) => (`${a.namespace ?? ''} ${a.name}` < `${b.namespace ?? ''} ${b.name}` ? -1 : 1));
  return {
    namespaces: schema.namespaces.toSorted(),
    enums: sorted(schema.enums),
    sequences: sorted(schema.sequences),
    objects: (schema.objects ?? []).map(({ dependsOn: _dependsOn, ...object }) => object),
    // A partition says nothing of what it has from its table.
    tables: sorted(schema.tables.map(own)).map(({ dependsOn: _dependsOn, ...table }) => ({
      ...table,
      columns: isPartition(table) ? [] : sorted(table.columns),
      uniques: sorted(table.uniques),
      foreignKeys: sorted(table.foreignKeys),
      checks: sorted(table.checks),
      ...(table.exclusions === undefined ? {} : { exclusions: sorted(table.exclusions) }),
      indexes: sorted(table.indexes),
    })),
  };
}
