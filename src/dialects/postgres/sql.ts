/** How PostgreSQL writes names, values and expressions. */
import type { LiteralValue } from '../../schema/expressions/expression.js';
import type { TableName } from '../../schema/table.js';

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteTable(table: TableName): string {
  const name = quoteIdentifier(table.name);
  return table.namespace === null ? name : `${quoteIdentifier(table.namespace)}.${name}`;
}

/** A string constant that means the same whatever `standard_conforming_strings` says. */
export function quoteString(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return value.includes('\\') ? `E${quoted}` : quoted;
}

export function renderLiteral(value: LiteralValue): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? quoteString(value) : String(value);
}

/**
 * An anonymous block of PL/pgSQL, between dollar quotes that do not stand in it: names may hold any text.
 * https://www.postgresql.org/docs/current/sql-do.html
 */
export function doBlock(body: string): string {
  let tag = 'aludel';
  while (body.includes(`$${tag}$`)) tag += '_';
  return `DO $${tag}$ ${body} $${tag}$`;
}

/** Text for a list of columns: `"a", "b"`. */
export function quoteList(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

/** A collation of another namespace than the default one is written as SQL: `"app"."natural"`. Names have dots: `en_US.utf8`. */
export function quoteCollation(name: string): string {
  return /^"(?:[^"]|"")+"\."(?:[^"]|"")+"$/.test(name) ? name : quoteIdentifier(name);
}
