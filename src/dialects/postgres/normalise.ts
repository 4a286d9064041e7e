import { relationKey } from '../../schema/objects.js';
import type { Column, Schema, Table } from '../../schema/table.js';
import { normaliseSchema } from '../normalise-schema.js';
import { withoutUsualOptions } from './identity.js';
import { createIndex } from './indexes.js';
import { POSTGRES_KINDS } from './objects/statements.js';
import { quoteIdentifier, quoteTable, render } from './sql.js';
import { parentsOf } from './table-options.js';
import { normaliseType } from './types.js';

/** Models in PostgreSQL's terms: keys count up as identity columns, enums are types. */
export function normalise(schema: Schema): Schema {
  const normalised = normaliseSchema(schema, {
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
  return { ...normalised, tables: normalised.tables.map((table) => withParents(table, normalised.tables)) };
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

/** What reflection knows of a table: which ones it is a partition of, or inherits from. */
function withParents(table: Table, tables: readonly Table[]): Table {
  const parents = parentsOf(table.options).flatMap(({ namespace, name }) => {
    const named = tables.filter((known) => known.name === name);
    // A namespace that no table of the models has is the default one, said by its name.
    const found =
      named.find((known) => known.namespace === namespace) ?? named.find((known) => known.namespace === null);
    return found === undefined ? [] : [relationKey(found)];
  });
  return parents.length === 0 ? table : { ...table, dependsOn: [...(table.dependsOn ?? []), ...parents] };
}
