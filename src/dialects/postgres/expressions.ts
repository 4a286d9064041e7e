/** PostgreSQL's words for what every database can say. */
import type { Expression } from '../../schema/expressions/expression.js';
import { type DatePart, partsOfInterval } from '../../schema/expressions/portable.js';
import { type ExpressionRules, type PortableRules, renderExpression } from '../render-expression.js';
import { postgresSyntax } from '../syntax.js';
import { keepArrayTypes } from './keep-array-types.js';
import { quoteIdentifier, quoteString, quoteTable, renderLiteral } from './sql.js';
import { renderType } from './types.js';

const FIELDS: Readonly<Partial<Record<DatePart, string>>> = { dayOfWeek: 'dow', dayOfYear: 'doy' };

/** https://www.postgresql.org/docs/current/functions-datetime.html */
const portable: PortableRules = {
  epoch: ([at]) => `extract(epoch FROM ${at?.()})`,
  secondsBetween: ([one, other]) => `extract(epoch FROM ${one?.()} - ${other?.()})`,
  shift: ([at], interval) => {
    const parts = partsOfInterval(interval).map(([unit, amount]) => `${amount} ${unit}`);
    return `(${at?.()} + INTERVAL '${parts.length === 0 ? '0 days' : parts.join(' ')}')`;
  },
  extract: ([at], part) => `floor(extract(${FIELDS[part] ?? part} FROM ${at?.()}))`,
  // "->>" of a list takes a number, of an object a text.
  jsonText: ([value], path) => {
    const steps = path.map((step, i) => {
      const arrow = i === path.length - 1 ? '->>' : '->';
      return ` ${arrow} ${typeof step === 'number' ? Math.trunc(step) : quoteString(step)}`;
    });
    return path.length === 0 ? `(${value?.()} #>> '{}')` : `(${value?.()}${steps.join('')})`;
  },
  cast: ([value], type) => `CAST(${value?.()} AS ${renderType(type)})`,
  decimal: ([value]) => value?.() ?? '',
  textMatches: ([text, search], language) =>
    `(to_tsvector(${quoteString(language)}, ${text?.()}) @@ websearch_to_tsquery(${quoteString(language)}, ${search?.()}))`,
  textRank: ([text, search], language) =>
    `ts_rank(to_tsvector(${quoteString(language)}, ${text?.()}), websearch_to_tsquery(${quoteString(language)}, ${search?.()}))`,
};

/** How expressions become text. */
export const rules: ExpressionRules = {
  name: 'postgres',
  quoteTable,
  quoteIdentifier,
  literal: renderLiteral,
  bytes: (hex) => `'\\x${hex}'::bytea`,
  now: 'now()',
  portable,
  syntax: postgresSyntax,
};

export function render(expression: Expression): string {
  const text = renderExpression(expression, rules);
  return keepArrayTypes(text);
}
