import type { Expression } from '../../schema/expressions/expression.js';

/**
 * The plain value that a printed default stands for, when it is one beyond doubt: a number, a boolean, or a string
 * cast to the column's own type. Used to show a person `'open'` and not `'open'::text`; never to compare.
 */
export function sameLiteral(text: string, columnType: string): Expression | undefined {
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
  if (/^-?\d{1,15}$/.test(text)) return { kind: 'literal', value: Number(text) };
  if (text === 'now()') return { kind: 'now' };
  const match = /^'((?:[^'\\]|'')*)'::(.+)$/s.exec(text);
  if (match === null || match[1] === undefined || match[2] === undefined) return undefined;
  const bare = columnType.replace(/\(.*\)/, '');
  if (match[2] !== columnType && match[2] !== bare && !(bare === 'character' && match[2] === 'bpchar'))
    return undefined;
  return { kind: 'literal', value: match[1].replaceAll("''", "'") };
}

/** `'a'::text` is no default of an enum: a literal without the cast is of the type of the column that it stands at. */
export function withoutCast(value: Expression | null): Expression | null {
  return value?.kind === 'verbatim' && value.source?.kind === 'literal' ? value.source : value;
}
