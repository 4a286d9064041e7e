import { expect, test } from 'vitest';
import { integer } from '../../../src/schema/columns.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { describe } from '../../../src/operations/describe.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import type { Schema } from '../../../src/schema/table.js';

const server = postgres.assumedServer;

function serial(): Schema {
  const metadata = new MetaData();
  metadata.table('orders', { number: integer().serial() });
  return postgres.normalise(buildSchema([metadata]), server);
}

function apart(): Schema {
  const metadata = new MetaData();
  metadata.table('orders', {
    number: integer()
      .notNull()
      .serverDefault(sql`nextval('orders_number_seq'::regclass)`),
  });
  metadata.sequence('orders_number_seq', { type: 'bigint' });
  return postgres.normalise(buildSchema([metadata]), server);
}

const plan = (from: Schema, to: Schema): string[] => compareSchemas(from, to, postgres.capabilities).map(describe);

test('a serial column keeps its sequence, and the numbers that it has reached, when the two are said apart', () => {
  expect(plan(serial(), apart())).toEqual([
    'alter sequence "orders_number_seq" (ownedBy)',
    'alter sequence "orders_number_seq" (type)',
  ]);
});

test('a sequence becomes that of a serial column with the numbers that it has reached', () => {
  expect(plan(apart(), serial())).toEqual([
    'alter sequence "orders_number_seq" (type)',
    'alter sequence "orders_number_seq" (ownedBy)',
  ]);
});

test('two serial columns, or two sequences, are left as they are', () => {
  expect(plan(serial(), serial())).toEqual([]);
  expect(plan(apart(), apart())).toEqual([]);
});
