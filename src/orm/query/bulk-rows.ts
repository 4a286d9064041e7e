/** How a database takes very many rows: COPY, LOAD DATA, or one statement that is run for each row. */
import { run, type SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { TablePart } from '../mapping/table-part.js';
import type { Active } from '../session/transaction.js';

/** False where the server wants INSERT: COPY knows no row-level security, and LOAD DATA LOCAL may be switched off. */
export async function takesBulkRows(active: Active, part: TablePart): Promise<boolean> {
  const { dialect } = active;
  const { bulkRows } = dialect.rules.syntax;
  if (bulkRows === 'INSERT') return true;
  const { rows } = await run(active, (text) =>
    bulkRows === 'COPY'
      ? `SELECT NOT row_security_active(${text.bind(dialect.quoteTable(part.tableName))}::regclass)`
      : 'SELECT @@local_infile',
  );
  return Boolean(Number(rows[0]?.[0]));
}

/** One statement for all rows, with their values as `ArrayQuery.each` takes them. */
export function renderBulkRows(
  text: SqlText,
  { tableName }: TablePart,
  columns: readonly ColumnMap[],
  rows: readonly (readonly unknown[])[],
): { sql: string; each: readonly (readonly unknown[])[] } {
  const { dialect } = text;
  const table = dialect.quoteTable(tableName);
  const names = text.names(columns);
  const { bulkRows } = dialect.rules.syntax;
  if (bulkRows === 'INSERT') {
    return { sql: `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`, each: rows };
  }
  if (bulkRows === 'COPY') return { sql: `COPY ${table} (${names}) FROM STDIN`, each: rows };
  return renderLoadData(text, table, columns, rows);
}

/** Bytes are no text of any character set: they go as hexadecimal. Delimiters are said in a way that no sql_mode changes. */
function renderLoadData(
  text: SqlText,
  table: string,
  columns: readonly ColumnMap[],
  rows: readonly (readonly unknown[])[],
): { sql: string; each: readonly (readonly unknown[])[] } {
  const isBytes = columns.map((_, i) => rows.some((row) => row[i] instanceof Uint8Array));
  const places = columns.map((column, i) => (isBytes[i] ? `@hex${i}` : text.name(column)));
  const sets = columns.flatMap((column, i) => (isBytes[i] ? `${text.name(column)} = UNHEX(@hex${i})` : []));
  const format = "CHARACTER SET utf8mb4 FIELDS TERMINATED BY X'09' ESCAPED BY X'5C' LINES TERMINATED BY X'0A'";
  const sql = `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} ${format} (${places.join(', ')})`;
  return { sql: `${sql}${sets.length === 0 ? '' : ` SET ${sets.join(', ')}`}`, each: rows };
}
