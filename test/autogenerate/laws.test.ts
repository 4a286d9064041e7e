import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { mysql } from '../../src/dialects/mysql/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import { applyAll } from '../../src/operations/apply.js';
import { reverseAll } from '../../src/operations/reverse.js';
import type { Schema } from '../../src/schema/table.js';
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
