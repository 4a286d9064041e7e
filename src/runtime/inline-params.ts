import type { Dialect } from '../dialects/dialect.js';
import { tokenizeSql } from '../dialects/tokenize-sql.js';
import { toLiteral, toRowValue } from '../operations/row-values.js';

/**
 * A statement with its parameters written into it, for a script; null where a value has no one way to be written: what a driver
 * makes of arrays and objects depends on where they stand, and NaN or an invalid date is no value.
 */
export function inlineParams(
  sql: string,
  params: readonly unknown[],
  { name, renderExpression }: Pick<Dialect, 'name' | 'renderExpression'>,
): string | null {
  const isPostgres = name === 'postgres';
  const literals = params.map((value) => {
    if (!canBeWritten(value)) return null;
    const text = renderExpression(toLiteral(toRowValue(value, 'a parameter'), isPostgres));
    // Two minus signs would begin a comment.
    return text.startsWith('-') ? `(${text})` : text;
  });
  const parts: string[] = [];
  let [end, count] = [0, 0];
  for (const { text, start } of tokenizeSql(sql, name)) {
    const number = isPostgres && text === '$' ? /^\$(\d+)/.exec(sql.slice(start))?.[1] : undefined;
    const isMark = isPostgres ? number !== undefined : text === '?';
    if (!isMark) continue;
    const literal = literals[number === undefined ? count : Number(number) - 1];
    if (literal == null) return null;
    parts.push(sql.slice(end, start), literal);
    end = start + 1 + (number?.length ?? 0);
    count += 1;
  }
  return parts.join('') + sql.slice(end);
}

function canBeWritten(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || value instanceof Uint8Array || ['string', 'boolean', 'bigint'].includes(typeof value);
}
