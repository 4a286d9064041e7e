import type { Column, Schema } from '../../schema/table.js';
import { normaliseSchema } from '../normalise-schema.js';
import { withoutUsualOptions } from './identity.js';
import { createIndex } from './indexes.js';
import { POSTGRES_KINDS } from './objects/statements.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { normaliseType } from './types.js';

/** Models in PostgreSQL's terms: keys count up as identity columns, enums are types. */
export function normalise(schema: Schema): Schema {
  return normaliseSchema(schema, {
    type: normaliseType,
    column: normaliseColumn,
    // Keys are never NULL, whatever a model says for SQLite.
    table: (table) => ({
      ...table,
      columns: table.columns.map((column) =>
        table.primaryKey?.columns.includes(column.name) === true ? { ...column, nullable: false } : column,
      ),
    }),
    render,
    objects: {
      database: 'postgres',
      kinds: POSTGRES_KINDS,
      quoteTable,
      quoteIdentifier,
      render,
      createIndex: (table, index) => createIndex(table, index)[0]?.sql ?? '',
    },
  });
}

function normaliseColumn(column: Column): Column {
  const { generation } = column;
  if (generation?.kind === 'identity') {
    return { ...column, onUpdate: null, generation: withoutUsualOptions(generation, column.type.kind) };
  }
  if (generation?.kind !== 'auto' && generation?.kind !== 'autoincrement') return { ...column, onUpdate: null };
  return {
    ...column,
    nullable: false,
    onUpdate: null,
    generation: {
      kind: 'identity',
      always: false,
      start: null,
      increment: null,
      min: null,
      max: null,
      cache: null,
      cycle: false,
    },
  };
}
