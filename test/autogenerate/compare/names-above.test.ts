import { expect, it } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import { applyAll } from '../../../src/operations/apply.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { verbatim } from '../../../src/schema/expressions/expression.js';
import { type Check, EMPTY_COLUMN, EMPTY_SCHEMA, EMPTY_TABLE, type Table } from '../../../src/schema/table.js';

const check = (name: string): Check => ({ kind: 'check', name, expression: verbatim('a > 1') });
const table = (name: string, namespace: string | null, checks: readonly Check[]): Table => ({
  ...EMPTY_TABLE,
  namespace,
  name,
  checks,
  columns: [{ ...EMPTY_COLUMN, name: 'a', type: { kind: 'integer' } }],
});

it('renames no check of a partition to the name of one of the table above, which goes', () => {
  const above = { ...table('above', null, [check('c2')]), options: { partitionBy: 'LIST (a)' } };
  const part = { ...table('part', 'app', [check('c1')]), options: { partitionOf: 'above FOR VALUES IN (1)' } };
  const from = { ...EMPTY_SCHEMA, namespaces: ['app'], tables: [above, { ...part, dependsOn: ['table above'] }] };
  const to = { ...EMPTY_SCHEMA, namespaces: ['app'], tables: [table('part', 'app', [check('c2')])] };
  const operations = compareSchemas(from, to, postgres.capabilities);
  expect(operations.map(({ kind }) => kind)).not.toContain('renameConstraint');
  const after = applyAll(from, operations);
  expect(after.tables).toMatchObject(to.tables);
  const back = applyAll(after, reverseAll(operations));
  expect(back.tables.find(({ name }) => name === 'part')?.checks).toEqual(part.checks);
});
