/** How a database takes very many rows: COPY, LOAD DATA, or one statement that is run for each row. */
import type { ArrayQuery, Connection } from '../engine/connection.js';
import type { TableName } from '../schema/table.js';
import type { Dialect } from './dialect.js';

/** False where the server wants INSERT: COPY knows no row-level security, and LOAD DATA LOCAL may be switched off. */
export async function takesBulkRows(connection: Connection, dialect: Dialect, table: TableName): Promise<boolean> {
  const { bulkRows } = dialect.rules.syntax;
  if (bulkRows === 'INSERT') return true;
  const { rows } = await connection.query(
    bulkRows === 'COPY'
      ? { sql: 'SELECT NOT row_security_active($1::regclass)', params: [dialect.quoteTable(table)] }
      : { sql: 'SELECT @@local_infile' },
  );
  return Boolean(Number(rows[0]?.[0]));
}

/** One statement for all rows, whose values it takes as they are. */
export function writeBulkRows(
  dialect: Pick<Dialect, 'rules' | 'quoteTable' | 'quoteIdentifier'>,
  tableName: TableName,
  columns: readonly string[],
  rows: NonNullable<ArrayQuery['each']>,
): { sql: string; each: NonNullable<ArrayQuery['each']> } {
  const table = dialect.quoteTable(tableName);
  const names = columns.map((name) => dialect.quoteIdentifier(name));
  const list = names.join(', ');
  const { bulkRows } = dialect.rules.syntax;
  if (bulkRows === 'INSERT') {
    return { sql: `INSERT INTO ${table} (${list}) VALUES (${names.map(() => '?').join(', ')})`, each: rows };
  }
  if (bulkRows === 'COPY') return { sql: `COPY ${table} (${list}) FROM STDIN`, each: rows };
  // Bytes are no text of any character set: they go as hexadecimal. Delimiters are said in a way that no sql_mode changes.
  const isBytes = names.map((_, i) => rows.some((row) => row[i] instanceof Uint8Array));
  const places = names.map((name, i) => (isBytes[i] === true ? `@hex${i}` : name));
  const sets = names.flatMap((name, i) => (isBytes[i] === true ? `${name} = UNHEX(@hex${i})` : []));
  const format = "CHARACTER SET utf8mb4 FIELDS TERMINATED BY X'09' ESCAPED BY X'5C' LINES TERMINATED BY X'0A'";
  const sql = `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} ${format} (${places.join(', ')})`;
  return { sql: `${sql}${sets.length === 0 ? '' : ` SET ${sets.join(', ')}`}`, each: rows };
}
