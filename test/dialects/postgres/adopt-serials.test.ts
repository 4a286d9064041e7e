import { expect, test } from 'vitest';
import { adoptSerials } from '../../../src/dialects/postgres/adopt-serials.js';
import { serialName } from '../../../src/schema/serial-name.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { integer } from '../../../src/schema/columns.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { MetaData } from '../../../src/schema/metadata.js';
import type { Schema } from '../../../src/schema/table.js';

function live(): Schema {
  const metadata = new MetaData();
  metadata.table('orders', { id: integer().serverDefault(sql`nextval('old_name_id_seq'::regclass)`) });
  metadata.sequence('old_name_id_seq', { type: 'integer', ownedBy: 'orders.id' });
  return buildSchema([metadata]);
}

test('A serial column takes the sequence for its own that a renamed table brought along', () => {
  const metadata = new MetaData();
  metadata.table('orders', { id: integer().serial() });
  const known = live();
  const adopted = adoptSerials(buildSchema([metadata]), known);
  expect(adopted.sequences).toEqual(known.sequences);
  expect(adopted.tables[0]?.columns[0]).toMatchObject({
    generation: null,
    default: known.tables[0]?.columns[0]?.default,
  });
});

test('Names of serial sequences are cut as the server cuts them: the longer part first', () => {
  expect(serialName('orders', 'id')).toBe('orders_id_seq');
  expect(serialName('t'.repeat(63), 'id')).toBe(`${'t'.repeat(56)}_id_seq`);
  expect(serialName('t'.repeat(40), 'c'.repeat(40))).toBe(`${'t'.repeat(29)}_${'c'.repeat(29)}_seq`);
});
