import { expect, test } from 'vitest';
import { shareEqualTables } from '../../src/schema/same.js';
import { EMPTY_SCHEMA, EMPTY_TABLE, type Schema, type Table } from '../../src/schema/table.js';

const table = (name: string, comment: string | null = null): Table => ({
  ...EMPTY_TABLE,
  namespace: null,
  name,
  comment,
});
const schemaOf = (...tables: readonly Table[]): Schema => ({ ...EMPTY_SCHEMA, tables });

test('a table that is equal on both sides becomes the live object, and any other stays', () => {
  const live = schemaOf(table('same'), table('changed', 'before'), table('gone'));
  const wanted = schemaOf(table('same'), table('changed', 'after'), table('new'));

  const shared = shareEqualTables(wanted, live);

  expect(shared).toEqual(wanted);
  expect(shared.tables[0]).toBe(live.tables[0]);
  expect(shared.tables.slice(1)).toEqual(wanted.tables.slice(1));
});

test('what only one side says makes a table another one', () => {
  const partition: Table = { ...table('part'), attached: true };
  expect(shareEqualTables(schemaOf(partition), schemaOf(table('part'))).tables[0]).toBe(partition);
  const plain = table('part');
  expect(shareEqualTables(schemaOf(plain), schemaOf(partition)).tables[0]).toBe(plain);
});
