import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { applyRenames } from '../../src/autogenerate/renames/apply-renames.js';
import type { Rename } from '../../src/autogenerate/renames/rename.js';
import { mysql } from '../../src/dialects/mysql/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import { applyAll } from '../../src/operations/apply.js';
import { reverseAll } from '../../src/operations/reverse.js';
import { findTable, type Schema } from '../../src/schema/table.js';
import { randomRenames } from './random-renames.js';
import { randomSchema } from './random-schema.js';

describe.each([postgres, mysql, sqlite])('compareSchemas for $name', ({ capabilities }) => {
  const pair = fc.tuple(randomSchema(capabilities), randomSchema(capabilities));

  it('gives operations that lead from one schema to the other', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        expect(plain(applyAll(from, compareSchemas(from, to, capabilities)))).toEqual(plain(to));
      }),
      { numRuns: 300 },
    );
  });

  it('gives operations that lead back when they are reversed', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const operations = compareSchemas(from, to, capabilities);
        expect(plain(applyAll(applyAll(from, operations), reverseAll(operations)))).toEqual(plain(from));
      }),
      { numRuns: 300 },
    );
  });

  const renamed = pair
    .map(([from, to]) => [withoutLooseKeys(from), withoutLooseKeys(to)] as const)
    .chain(([from, to]) => fc.tuple(fc.constant(from), fc.constant(to), randomRenames(from, to)));

  it('gives operations that lead there and back where tables and columns are renamed', () => {
    fc.assert(
      fc.property(renamed, ([from, to, renames]) => {
        const operations = compareSchemas(from, to, capabilities, renames);
        const after = applyAll(from, operations);
        expect(plain(after)).toEqual(plain(to));
        expect(plain(applyAll(after, reverseAll(operations)))).toEqual(plain(from));
      }),
      { numRuns: 500 },
    );
  });

  it('drops and adds nothing where all that differs are names', () => {
    fc.assert(
      fc.property(randomSchema(capabilities), (from) => {
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
      { numRuns: 200 },
    );
  });

  it('gives nothing for a schema and itself with its columns in another order', () => {
    fc.assert(
      fc.property(randomSchema(capabilities), (schema) => {
        const turned = {
          ...schema,
          tables: schema.tables.map((table) => ({ ...table, columns: table.columns.toReversed() })),
        };
        expect(compareSchemas(schema, turned, capabilities)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Without foreign keys to columns that are not there: no database has one, and a rename could not tell what it means. */
function withoutLooseKeys(schema: Schema): Schema {
  const tables = schema.tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.filter(({ target, targetColumns }) =>
      targetColumns.every((name) => findTable(schema, target)?.columns.some((column) => column.name === name)),
    ),
  }));
  return { ...schema, tables };
}

/** Without what is no part of a schema: the order of its parts. */
function plain(schema: Schema): Schema {
  const sorted = <T extends { readonly name: string | null; readonly namespace?: string | null }>(
    list: readonly T[],
  ): T[] => list.toSorted((a, b) => (`${a.namespace ?? ''} ${a.name}` < `${b.namespace ?? ''} ${b.name}` ? -1 : 1));
  return {
    namespaces: schema.namespaces.toSorted(),
    enums: sorted(schema.enums),
    sequences: sorted(schema.sequences),
    tables: sorted(schema.tables).map((table) => ({
      ...table,
      columns: sorted(table.columns),
      uniques: sorted(table.uniques),
      foreignKeys: sorted(table.foreignKeys),
      checks: sorted(table.checks),
      indexes: sorted(table.indexes),
    })),
  };
}
