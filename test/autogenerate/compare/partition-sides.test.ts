import { expect, test } from 'vitest';
import { adoptParts } from '../../../src/operations/partitions.js';
import { applyAll } from '../../../src/operations/apply.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { integer } from '../../../src/schema/columns.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { check, primaryKey } from '../../../src/schema/table-args.js';
import { findTable, type Schema } from '../../../src/schema/table.js';
import { planOf, sqlOf } from './plan-of.js';

const columns = () => ({ id: integer().notNull() });

/** Partitioned tables, and one that is alone or a part of one of them. */
function schemaWith(of: string | null, args?: Parameters<MetaData['table']>[2]): Schema {
  const m = new MetaData({ namingConvention: { check: null } });
  const options = { options: { postgres: { partitionBy: 'RANGE (id)' } } };
  m.table('events', columns(), () => [primaryKey(['id'])], options);
  m.table('plain', columns(), undefined, options);
  m.table('guarded', columns(), () => [check('positive', sql`id > 0`)], options);
  const own = of === null ? {} : { partitionOf: `public.${of} FOR VALUES FROM (1) TO (9)` };
  m.table('first', columns(), args, { options: { postgres: own } });
  return postgres.normalise(buildSchema([m]), postgres.assumedServer);
}

function checksOf(schema: Schema): (readonly [string | null, true | undefined])[] {
  const table = findTable(schema, { namespace: null, name: 'first' });
  return (table?.checks ?? []).map(({ name, inherited }) => [name, inherited] as const);
}

test('a check of a partition that its new table demands becomes a part of that, and its own on the way back', () => {
  const from = schemaWith('plain', () => [check('positive', sql`id > 0`)]);
  const plan = planOf(from, schemaWith('guarded'));
  const after = applyAll(from, plan);
  expect(sqlOf(plan)).toEqual([
    'ALTER TABLE public.plain DETACH PARTITION "first"',
    'ALTER TABLE public.guarded ATTACH PARTITION "first" FOR VALUES FROM (1) TO (9)',
  ]);
  expect(checksOf(after)).toEqual([['positive', true]]);
  expect(checksOf(applyAll(after, reverseAll(plan)))).toEqual([['positive', undefined]]);
});

test('a table that becomes a partition keeps its primary key where that will do', () => {
  const from = schemaWith(null, () => [primaryKey(['id'], { name: 'pk_of_its_own' })]);
  const to = schemaWith('events');
  expect(sqlOf(planOf(from, to))).toEqual([
    'ALTER TABLE public.events ATTACH PARTITION "first" FOR VALUES FROM (1) TO (9)',
  ]);
});

test('a partition that says what it has from its table too has nothing to do', () => {
  const outspoken = schemaWith('guarded', () => [check('positive', sql`id > 0`)]);
  const live = { ...outspoken, tables: adoptParts(outspoken.tables, { namespace: null, name: 'guarded' }) };
  expect(checksOf(live)).toEqual([['positive', true]]);
  expect(planOf(live, outspoken)).toEqual([]);
});

test('a partition keeps for itself what its table no longer demands', () => {
  const outspoken = schemaWith('guarded', () => [check('positive', sql`id > 0`)]);
  const live = { ...outspoken, tables: adoptParts(outspoken.tables, { namespace: null, name: 'guarded' }) };
  const alone = outspoken.tables.map((table) => (table.name === 'guarded' ? { ...table, checks: [] } : table));
  expect(sqlOf(planOf(live, { ...outspoken, tables: alone }))).toEqual([
    'ALTER TABLE "guarded" DROP CONSTRAINT "positive"',
    'ALTER TABLE "first" ADD CONSTRAINT "positive" CHECK (id > 0)',
  ]);
});
