import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';

type Row = readonly (string | null)[];

/** Runs a query and gives its rows as arrays of text or null. */
type Query = (sql: string) => Promise<readonly Row[]>;

interface Column {
  /** The table's name as a person says it. */
  readonly table: string;
  readonly column: string;
  /** The table as it stands in a FROM clause. */
  readonly from: string;
  /** SQL that gives the value as text. */
  readonly text: string;
}

/** All rows of all tables but Aludel's own, as one text that does not depend on the order of rows, columns or tables. */
export async function dumpRows(url: string): Promise<string> {
  if (url.startsWith('sqlite:')) return dumpSqlite(url.slice('sqlite:'.length));
  return url.startsWith('postgres') ? dumpPostgres(url) : dumpMysql(url);
}

async function dumpSqlite(file: string): Promise<string> {
  const database = new Database(file, { readonly: true });
  try {
    const query: Query = async (sql) => database.prepare<[], Row>(sql).raw().all();
    const found = await query(
      `SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden <> 1`,
    );
    // quote() is SQLite's own literal: it tells 1 from '1' and a blob from text.
    const columns = found.map(([table = '', column = '']) => ({
      table: table ?? '',
      column: column ?? '',
      from: quoted(table, '"'),
      text: `quote(${quoted(column, '"')})`,
    }));
    return await dumpTables(query, columns);
  } finally {
    database.close();
  }
}

async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const query: Query = async (sql) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
    const found = await query(
      `SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, a.attname,
              format('ONLY %I.%I', n.nspname, c.relname), format('%I::text', a.attname)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
    );
    const columns = found.map(([table, column, from, text]) => ({
      table: table ?? '',
      column: column ?? '',
      from: from ?? '',
      text: text ?? '',
    }));
    return await dumpTables(query, columns);
  } finally {
    await client.end();
  }
}

async function dumpMysql(url: string): Promise<string> {
  const connection = await mysql.createConnection({ uri: url });
  try {
    const query: Query = async (sql) => (await connection.query({ sql, rowsAsArray: true }))[0] as unknown as Row[];
    const found = await query(
      `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
         JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'`,
    );
    const columns = found.map(([table = '', column = '', type]) => {
      const isBytes = /blob|binary|bit|geometry|point|polygon|linestring/.test(type ?? '');
      const name = quoted(column, '`');
      return {
        table: table ?? '',
        column: column ?? '',
        from: quoted(table, '`'),
        text: isBytes ? `HEX(${name})` : `CAST(${name} AS CHAR)`,
      };
    });
    return await dumpTables(query, columns);
  } finally {
    await connection.end();
  }
}

function quoted(name: string | null, quote: '"' | '`'): string {
  return quote + (name ?? '').replaceAll(quote, quote + quote) + quote;
}

async function dumpTables(query: Query, columns: readonly Column[]): Promise<string> {
  const parts: string[] = [];
  const tables = new Set(columns.map(({ table }) => table));
  for (const table of [...tables].filter((name) => !['aludel_version', 'aludel_log'].includes(name)).toSorted()) {
    const own = columns.filter((column) => column.table === table).toSorted((a, b) => (a.column < b.column ? -1 : 1));
    const rows = await query(`SELECT ${own.map(({ text }) => text).join(', ')} FROM ${own[0]?.from}`);
    const lines = rows.map((row) => JSON.stringify(Object.fromEntries(own.map(({ column }, at) => [column, row[at]]))));
    parts.push(`${table} (${lines.length})`, ...lines.toSorted().map((line) => `  ${line}`));
  }
  return parts.join('\n');
}
