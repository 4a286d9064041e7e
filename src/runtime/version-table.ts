/** The table of current heads, in Alembic's shape: one row a head, so that a database of Alembic's can be taken over. */
import type { Connection } from '../engine/connection.js';
import type { Dialect } from '../dialects/dialect.js';
import { LockTimeoutError } from '../database-errors.js';
import type { RowChange } from '../revisions/steps.js';
import { type Column, EMPTY_COLUMN, EMPTY_TABLE, type Table } from '../schema/table.js';
import type { ColumnType } from '../schema/types.js';

/** Aludel's own two tables and where they are. */
export interface OwnTables {
  readonly version: string;
  readonly log: string;
  readonly namespace: string | null;
}

export class VersionTable {
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #names: OwnTables;
  /** Once it is there it stays: a revision that drops it is told so by the database. */
  #isThere = false;

  constructor(connection: Connection, dialect: Dialect, names: OwnTables) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.#names = names;
  }

  /** The current heads, sorted; none when the table does not exist. */
  async readHeads(): Promise<string[]> {
    if (!(await this.exists())) return [];
    const { rows } = await this.#connection.execute(`SELECT version_num FROM ${this.#quoted}`);
    return rows.map((row) => String(row['version_num'])).sort();
  }

  async exists(): Promise<boolean> {
    this.#isThere ||= await tableExists(this.#connection, this.#dialect, this.#names.namespace, this.#names.version);
    return this.#isThere;
  }

  /** Creates both tables where they are missing, and what the log of an earlier version of Aludel does not have. */
  async ensure(): Promise<void> {
    const { server } = this.#connection;
    for (const table of ownTables(this.#names)) {
      const isThere = await tableExists(this.#connection, this.#dialect, table.namespace, table.name);
      const statements = isThere ? await this.#missingColumns(table) : createOwnTable(this.#dialect, server, table);
      for (const { sql } of statements) await this.#connection.execute(sql);
    }
  }

  async #missingColumns(table: Table): Promise<readonly { readonly sql: string }[]> {
    if (table.name !== this.#names.log) return [];
    const sql = `SELECT * FROM ${this.#dialect.quoteTable(table)} WHERE 1 = 0`;
    const { columns } = await this.#connection.query({ sql, prepare: false });
    const context = { server: this.#connection.server, before: null };
    return table.columns
      .filter(({ name }) => !columns.includes(name))
      .flatMap((column) => this.#dialect.compile({ kind: 'addColumn', table, column }, context));
  }

  /**
   * Applies one change; it must touch exactly one row. `send` may send more with it, and gives the rows that it touched.
   * @throws AludelError ALUDEL_LOCK_TIMEOUT when another runner was here in between.
   */
  async apply(change: RowChange, send: SendChange = (statement) => this.#send(statement)): Promise<void> {
    const affectedRows = await send(rowChangeSql(this.#dialect, this.#quoted, change));
    if (affectedRows === 1) return;
    throw new LockTimeoutError(
      `Expected to change one row of "${this.#names.version}", but ${affectedRows} were: another run changed it meanwhile.`,
      { hint: 'Run "aludel current" to see where the database is, then run the command again.' },
    );
  }

  /** Takes every row away. */
  async clear(): Promise<void> {
    await this.#connection.execute(`DELETE FROM ${this.#quoted}`);
  }

  async #send({ sql, params }: RowChangeSql): Promise<number> {
    return (await this.#connection.execute(sql, params)).affectedRows;
  }

  get #quoted(): string {
    return this.#dialect.quoteTable({ namespace: this.#names.namespace, name: this.#names.version });
  }
}

/** A change of the version rows as a statement with its parameters. */
export interface RowChangeSql {
  readonly sql: string;
  readonly params: readonly string[];
}

/** Sends a change, and gives the number of rows that it touched. */
type SendChange = (change: RowChangeSql) => Promise<number>;

/** How a change of the version rows is written. */
export function rowChangeSql(dialect: Dialect, table: string, change: RowChange): RowChangeSql {
  const [first, second] = [dialect.placeholder(1), dialect.placeholder(2)];
  switch (change.kind) {
    case 'insert':
      return { sql: `INSERT INTO ${table} (version_num) VALUES (${first})`, params: [change.id] };
    case 'delete':
      return { sql: `DELETE FROM ${table} WHERE version_num = ${first}`, params: [change.id] };
    case 'update':
      return {
        sql: `UPDATE ${table} SET version_num = ${first} WHERE version_num = ${second}`,
        params: [change.to, change.from],
      };
  }
}

/** True when one of our own tables is there. */
export async function tableExists(
  connection: Connection,
  dialect: Dialect,
  namespace: string | null,
  name: string,
): Promise<boolean> {
  const mark = dialect.placeholder(1);
  const queries = {
    sqlite: `SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ${mark}`,
    postgres: `SELECT 1 AS found WHERE to_regclass(${mark}) IS NOT NULL`,
    mysql: `SELECT 1 AS found FROM information_schema.tables WHERE table_schema = database() AND table_name = ${mark}`,
    mariadb: `SELECT 1 AS found FROM information_schema.tables WHERE table_schema = database() AND table_name = ${mark}`,
  };
  const { rows } = await connection.execute(queries[dialect.name], [catalogName(dialect, namespace, name)]);
  return rows.length > 0;
}

/** A table as a parameter of questions to the catalog: `to_regclass` reads it as a statement would. */
export function catalogName(dialect: Dialect, namespace: string | null, name: string): string {
  return dialect.name === 'postgres' ? dialect.quoteTable({ namespace, name }) : name;
}

/** What both tables look like, in the order in which they are created. */
export function ownTables({ namespace, version, log }: OwnTables): readonly Table[] {
  return [versionTableSchema(namespace, version), logTableSchema(namespace, log)];
}

function versionTableSchema(namespace: string | null, name: string): Table {
  const column = makeColumn('version_num', { kind: 'varchar', length: 255 }, false);
  return {
    ...EMPTY_TABLE,
    namespace,
    name,
    columns: [column],
    primaryKey: { kind: 'primaryKey', name: `${name}_pkc`, columns: [column.name] },
  };
}

function logTableSchema(namespace: string | null, name: string): Table {
  const text: ColumnType = { kind: 'varchar', length: 255 };
  return {
    ...EMPTY_TABLE,
    namespace,
    name,
    columns: [
      makeColumn('id', { kind: 'char', length: 32 }, false),
      makeColumn('revision', text, false),
      makeColumn('direction', { kind: 'varchar', length: 16 }, false),
      makeColumn('started_at', { kind: 'varchar', length: 30 }, false),
      makeColumn('ended_at', { kind: 'varchar', length: 30 }, true),
      makeColumn('checksum', { kind: 'varchar', length: 64 }, true),
      makeColumn('statement', { kind: 'integer' }, false),
      makeColumn('statement_text', { kind: 'text' }, true),
      makeColumn('progress', { kind: 'text' }, true),
    ],
    primaryKey: { kind: 'primaryKey', name: `${name}_pkc`, columns: ['id'] },
  };
}

function makeColumn(name: string, type: ColumnType, nullable: boolean): Column {
  return { ...EMPTY_COLUMN, name, type, nullable };
}

/** The CREATE TABLE of one of our own tables. */
export function createOwnTable(
  dialect: Dialect,
  server: Connection['server'],
  table: Table,
): readonly { readonly sql: string }[] {
  // What they say holds only if it is undone with the rows of a transaction, whatever the server's engine for others is.
  const made =
    server.dialect === 'mysql' || server.dialect === 'mariadb' ? { ...table, options: { engine: 'InnoDB' } } : table;
  return dialect.compile({ kind: 'createTable', table: made }, { server, before: null });
}
