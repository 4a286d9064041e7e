import { parseNames, withParents } from '../../schema/partition-of.js';
import type { Column, ForeignKey, Schema, Table, TableOptions } from '../../schema/table.js';
import type { ServerVersion } from '../../engine/connection.js';
import { plainColumn } from '../postgres-parts.js';
import { withoutMysqlParts } from '../mysql-parts.js';
import { normaliseSchema } from '../normalise-schema.js';
import { refuseColumnDefault } from '../refuse-column-default.js';
import { withoutUsualOptions } from './identity.js';
import { createIndex } from './indexes.js';
import { POSTGRES_KINDS } from './objects/statements.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { normaliseType } from './types.js';

/** Models in PostgreSQL's terms: keys count up as identity columns, enums are types. */
export function normalise(schema: Schema, server: ServerVersion): Schema {
  const normalised = normaliseSchema(schema, {
    type: normaliseType,
    column: (column, table) => {
      const known = server.major < 18 ? plainColumn(column, table, `PostgreSQL ${server.major}`) : column;
      return normaliseColumn(known, table);
    },
    // Keys are never NULL, whatever a model says for SQLite.
    table: (table) => ({
      ...withoutMysqlParts(table),
      options: withReplicaIdentity(withoutUsualPlaces(table.options)),
      columns: table.columns.map((column) =>
        column.nullable && column.inherited !== true && table.primaryKey?.columns.includes(column.name) === true
          ? { ...column, nullable: false }
          : column,
      ),
      foreignKeys: table.foreignKeys.map(withoutNoAction),
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

/** What the server has by itself, and does not keep: to name it is to have no other. */
const USUAL: TableOptions = { tablespace: 'pg_default', method: 'heap' };

function withoutUsualPlaces(options: TableOptions): TableOptions {
  const isUsual = (key: string): boolean => USUAL[key] !== undefined && USUAL[key] === options[key];
  if (!Object.keys(options).some(isUsual)) return options;
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, isUsual(key) ? false : value]));
}

/** As the server's catalog has it: a letter, and the name of an index. */
function withReplicaIdentity(options: TableOptions): TableOptions {
  const { replicaIdentity } = options;
  if (typeof replicaIdentity !== 'string') return options;
  const [, index] = /^\s*using\s+index\s+(.+?)\s*$/is.exec(replicaIdentity) ?? [];
  const [{ name } = { name: '' }] = index === undefined ? [] : parseNames(index);
  const word = replicaIdentity.trim().toUpperCase();
  const said = index === undefined ? word : `USING INDEX ${quoteIdentifier(name)}`;
  return { ...options, replicaIdentity: said === 'DEFAULT' ? false : said };
}

/** The server does not keep whether NO ACTION was said. */
function withoutNoAction(key: ForeignKey): ForeignKey {
  if (key.saysNoAction === undefined) return key;
  const { saysNoAction: _saysNoAction, ...rest } = key;
  return rest;
}

function normaliseColumn(column: Column, table: Table): Column {
  refuseColumnDefault(column, table);
  const { generation } = column;
  // How its values are made is said where the column comes from.
  if (column.inherited === true) return { ...column, onUpdate: null, generation: null, generated: null };
  if (generation?.kind === 'identity') {
    return { ...column, onUpdate: null, generation: withoutUsualOptions(generation, column.type.kind) };
  }
  if (generation?.kind !== 'auto' && generation?.kind !== 'autoincrement') {
    return column.onUpdate === null ? column : { ...column, onUpdate: null };
  }
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
