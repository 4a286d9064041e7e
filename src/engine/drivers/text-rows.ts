/**
 * Rows as COPY of PostgreSQL and LOAD DATA of MySQL and MariaDB read them: a line each, tabs between the values, `\N` for
 * NULL, a backslash before what would mean something else.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2, https://dev.mysql.com/doc/refman/8.4/en/load-data.html
 */

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** `toText` gives a value as the database reads it in a string, or null. */
export function writeTextRows(
  rows: readonly (readonly unknown[])[],
  toText: (value: unknown) => string | null,
): Buffer {
  let text = '';
  for (const row of rows) {
    for (const [i, value] of row.entries()) {
      if (i > 0) text += '\t';
      text += escapeText(toText(value));
    }
    text += '\n';
  }
  return Buffer.from(text, 'utf8');
}

function escapeText(text: string | null): string {
  if (text === null) return '\\N';
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found) : text;
}
