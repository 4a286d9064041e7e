/** How SQLite writes names, values and expressions. */
import type { LiteralValue } from '../../schema/expressions/expression.js';
import type { TableName } from '../../schema/table.js';
import { quoteName } from './ddl/names.js';

export function quoteIdentifier(name: string): string {
  return quoteName(name);
}

/** SQLite has one namespace that we use: the main database. */
export function quoteTable(table: TableName): string {
  return quoteName(table.name);
}

export function quoteString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** TRUE and FALSE are the integers 1 and 0. https://www.sqlite.org/datatype3.html#boolean_datatype */
export function renderLiteral(value: LiteralValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? quoteString(value) : String(value);
}

export function quoteList(names: readonly string[]): string {
  return names.map(quoteName).join(', ');
}

/** A literal, or a name, which SQLite takes for a string here and nowhere else: in brackets it would be no constant. */
export function isPlainDefault(text: string): boolean {
  const literal = /^(?:[+-]?\s*\d[\w.]*|'(?:[^']|'')*'|x'[0-9a-f]*')$/i;
  const name = /^(?:[a-z_][\w$]*|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])$/i;
  return literal.test(text) || name.test(text);
}

/** CURRENT_TIMESTAMP and its kin, which ADD COLUMN refuses as defaults. */
export function isClockWord(text: string): boolean {
  return /^current_(?:time|date|timestamp)$/i.test(text);
}
