/**
 * SQLite keeps the statements that made a database, and what they look like is all that its dump says. A baseline made of
 * them is the same database to the letter, with views, triggers and virtual tables.
 */
import { textOf } from '../dialects/row.js';
import type { Connection } from '../engine/connection.js';

export interface SqliteStatement {
  readonly type: 'table' | 'index' | 'view' | 'trigger';
  readonly name: string;
  /** The table or view that it is part of. */
  readonly owner: string;
  readonly sql: string;
}

// A view may name tables that come later, and so may a trigger; an index needs its table.
const STATEMENTS = `
SELECT type, name, tbl_name AS owner, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid`;

/** Everything but the tables that `isOut` names, and what is part of them. */
export async function readSqliteStatements(
  connection: Connection,
  isOut: (table: string) => boolean,
): Promise<readonly SqliteStatement[]> {
  const { rows } = await connection.execute(STATEMENTS);
  const shadows = await connection.execute(`SELECT name FROM pragma_table_list WHERE type = 'shadow'`);
  const made = new Set(shadows.rows.map((row) => textOf(row, 'name')));
  return rows
    .map((row) => ({
      type: textOf(row, 'type') as SqliteStatement['type'],
      name: textOf(row, 'name'),
      owner: textOf(row, 'owner'),
      sql: textOf(row, 'sql'),
    }))
    .filter(({ owner }) => !made.has(owner) && !isOut(owner));
}
