/**
 * Columns that `SELECT *` does not show (MySQL 8.0.23+, MariaDB), as options of their table: `columnInvisible secret`.
 * https://dev.mysql.com/doc/refman/8.4/en/invisible-columns.html
 */
import type { Row } from '../../engine/connection.js';
import type { TableOptions } from '../../schema/table.js';
import { textOf } from '../row.js';

const PREFIX = 'columnInvisible ';

export function isInvisible(options: TableOptions, column: string): boolean {
  return options[`${PREFIX}${column}`] === true;
}

/** The option that hides a column. */
export function invisible(column: string): TableOptions {
  return { [`${PREFIX}${column}`]: true };
}

/** Rows of information_schema.COLUMNS as options. */
export function readInvisible(columns: readonly Row[]): TableOptions {
  const hidden = columns.filter((row) => /\bINVISIBLE\b/i.test(textOf(row, 'extra')));
  return Object.assign({}, ...hidden.map((row) => invisible(textOf(row, 'name')))) as TableOptions;
}

/** The column of which an option says it, or `null`. */
export function hiddenBy(key: string): string | null {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
}
