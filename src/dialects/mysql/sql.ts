/** How MySQL and MariaDB write names, values and expressions. */
import type { LiteralValue } from '../../schema/expressions/expression.js';
import type { TableName } from '../../schema/table.js';

/** https://dev.mysql.com/doc/refman/8.4/en/identifiers.html */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function quoteTable(table: TableName): string {
  const name = quoteIdentifier(table.name);
  return table.namespace === null ? name : `${quoteIdentifier(table.namespace)}.${name}`;
}

/** A string literal in one line, with the escapes that both servers print themselves. */
export function quoteString(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\0');
  return `'${escaped}'`;
}

/** Truth values are the numbers that TINYINT(1) holds. */
export function renderLiteral(value: LiteralValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? quoteString(value) : String(value);
}

/** Text for a list of columns: `` `a`, `b` ``. */
export function quoteList(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}
