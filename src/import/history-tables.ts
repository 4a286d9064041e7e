/**
 * The tables in which other tools keep their history. They stay in the database, and autogenerate must not drop them.
 * A name alone is not enough to leave a table alone (`migrations` may be anybody's): the columns have to be the tool's.
 */
import { EMPTY_SCHEMA, type Schema, type Table, tableKey } from '../schema/table.js';

export interface HistoryTable {
  readonly name: string;
  /** The PostgreSQL schema that the tool makes for it, if any. */
  readonly namespace: string | null;
  readonly columns: readonly string[];
  /** Columns that some versions of the tool add. */
  readonly laterColumns?: readonly string[];
}

export type ToolName =
  | 'alembic'
  | 'dbmate'
  | 'drizzle'
  | 'flyway'
  | 'knex'
  | 'kysely'
  | 'node-pg-migrate'
  | 'prisma'
  | 'typeorm';

/** The first table is the one that says what was applied. */
export type HistoryTables = readonly [HistoryTable, ...HistoryTable[]];

const own = (name: string, columns: string): HistoryTable => ({ name, namespace: null, columns: columns.split(' ') });

export const HISTORY_TABLES: Readonly<Record<ToolName, HistoryTables>> = {
  // https://github.com/sqlalchemy/alembic/blob/main/alembic/ddl/impl.py
  alembic: [own('alembic_version', 'version_num')],
  // https://github.com/amacneil/dbmate#exporting-schema-file
  dbmate: [own('schema_migrations', 'version')],
  // https://orm.drizzle.team/docs/drizzle-kit-migrate
  drizzle: [
    {
      name: '__drizzle_migrations',
      namespace: 'drizzle',
      columns: ['id', 'hash', 'created_at'],
      laterColumns: ['name', 'applied_at'],
    },
  ],
  // https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html
  flyway: [
    own(
      'flyway_schema_history',
      'installed_rank version description type script checksum installed_by installed_on execution_time success',
    ),
  ],
  // https://github.com/knex/knex/blob/master/lib/migrations/migrate/table-creator.js
  knex: [own('knex_migrations', 'id name batch migration_time'), own('knex_migrations_lock', 'index is_locked')],
  // https://github.com/kysely-org/kysely/blob/master/src/migration/migrator.ts
  kysely: [own('kysely_migration', 'name timestamp'), own('kysely_migration_lock', 'id is_locked')],
  // https://salsita.github.io/node-pg-migrate/
  'node-pg-migrate': [own('pgmigrations', 'id name run_on')],
  // https://github.com/prisma/prisma-engines/blob/main/schema-engine/ARCHITECTURE.md
  prisma: [
    own(
      '_prisma_migrations',
      'id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count',
    ),
  ],
  // https://typeorm.io/docs/migrations/why
  typeorm: [own('migrations', 'id timestamp name'), own('typeorm_metadata', 'type database schema table name value')],
};

/** The tools in the order of the alphabet. */
export const TOOL_NAMES: readonly ToolName[] = Object.keys(HISTORY_TABLES) as ToolName[];

export function isToolName(text: string): text is ToolName {
  return Object.hasOwn(HISTORY_TABLES, text);
}

/** True for a table that one of the tools has made: the name is a tool's and so are all columns. */
export function isHistoryTable(table: Table): boolean {
  return TOOL_NAMES.some((tool) => HISTORY_TABLES[tool].some((known) => isSame(table, known)));
}

function isSame(table: Table, known: HistoryTable): boolean {
  const { columns, laterColumns = [] } = known;
  const found = table.columns.map((column) => column.name);
  return (
    table.name === known.name &&
    columns.every((name) => found.includes(name)) &&
    found.every((name) => columns.includes(name) || laterColumns.includes(name))
  );
}

/** A live schema without the tables that other tools have made, unless the models declare them. */
export function leaveOutHistory(live: Schema, wanted: Schema = EMPTY_SCHEMA): Schema {
  const declared = new Set(wanted.tables.map(tableKey));
  return leaveOutTables(live, (table) => !declared.has(tableKey(table)) && isHistoryTable(table));
}

/** A schema without some of its tables and the sequences that they own. */
export function leaveOutTables(schema: Schema, isOut: (table: Table) => boolean): Schema {
  const out = new Set(schema.tables.filter(isOut).map(tableKey));
  return {
    ...schema,
    sequences: schema.sequences.filter(({ ownedBy }) => ownedBy === null || !out.has(tableKey(ownedBy.table))),
    tables: schema.tables.filter((table) => !out.has(tableKey(table))),
  };
}
