import { verbatim } from '../../src/schema/expressions/expression.js';
import { type Column, EMPTY_COLUMN, type Schema, type Table } from '../../src/schema/table.js';

function column(name: string, type: Column['type'], nullable = true): Column {
  return { ...EMPTY_COLUMN, name, type, nullable };
}

const EMPTY = { primaryKey: null, uniques: [], foreignKeys: [], checks: [], indexes: [], comment: null, options: {} };

/** A table that refers to itself and has one of everything. */
export const USERS: Table = {
  namespace: null,
  name: 'users',
  ...EMPTY,
  columns: [column('id', { kind: 'integer' }, false), column('name', { kind: 'varchar', length: 20 })],
  primaryKey: { kind: 'primaryKey', name: 'pk', columns: ['id'] },
  foreignKeys: [
    {
      kind: 'foreignKey',
      name: 'fk',
      columns: ['id'],
      target: { namespace: null, name: 'users' },
      targetColumns: ['id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
      deferrable: null,
    },
  ],
  checks: [{ kind: 'check', name: 'ck', expression: verbatim('id > 0') }],
  indexes: [
    {
      name: 'ix',
      unique: false,
      parts: [{ expression: { kind: 'column', name: 'name' }, descending: false, length: null }],
      where: null,
      method: null,
      definition: null,
    },
  ],
};

/** A small table that is not in the schema. */
export const T: Table = { namespace: null, name: 't', ...EMPTY, columns: [column('id', { kind: 'integer' })] };

export const SCHEMA: Schema = {
  namespaces: [],
  sequences: [],
  enums: [{ namespace: null, name: 'status', values: ['open', 'closed'] }],
  tables: [USERS],
};
