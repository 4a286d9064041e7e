import { describe, expect, it } from 'vitest';
import { integer, MetaData } from 'aludel';
import { adoptUndeclared } from '../../src/autogenerate/adopt-undeclared.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import type { Schema, TableOptions } from '../../src/schema/table.js';

function shops(options: TableOptions): Schema {
  const metadata = new MetaData();
  metadata.table('shops', { id: integer().primaryKey() });
  const { tables, ...rest } = buildSchema([metadata]);
  return { ...rest, tables: tables.map((table) => ({ ...table, options })) };
}

const adopted = (wanted: TableOptions, live: TableOptions): [string, unknown][] =>
  Object.entries(adoptUndeclared(shops(wanted), shops(live), []).tables[0]?.options ?? {});

describe('adoptUndeclared', () => {
  it('keeps options that the models do not name, before those that they do', () => {
    expect(adopted({ method: 'heap' }, { unlogged: true, method: 'heap2' })).toEqual([
      ['unlogged', true],
      ['method', 'heap'],
    ]);
  });

  it('leaves a table that is there laid out as it is, whatever the models say', () => {
    const live = { 'layout id': 'not null, primary key' };
    expect(adopted(live, live)).toEqual(Object.entries(live));
    expect(adopted({ 'layout id': 'primary key' }, live)).toEqual(Object.entries(live));
  });
});
