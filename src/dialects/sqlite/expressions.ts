/** SQLite's words for what every database can say. Instants are text in UTC, as CURRENT_TIMESTAMP writes them. */
import type { Expression } from '../../schema/expressions/expression.js';
import { partsOfInterval, type DatePart } from '../../schema/expressions/portable.js';
import type { ColumnType } from '../../schema/types.js';
import {
  type ExpressionRules,
  jsonPath,
  type PortableRules,
  refuseTextSearch,
  renderExpression,
} from '../render-expression.js';
import { sqliteSyntax } from '../syntax.js';
import { quoteIdentifier, quoteString, quoteTable, renderLiteral, isPlainDefault } from './sql.js';

const INSTANT = "'%Y-%m-%d %H:%M:%f'";

const FORMATS: Readonly<Partial<Record<DatePart, string>>> = {
  year: '%Y',
  month: '%m',
  day: '%d',
  dayOfWeek: '%w',
  dayOfYear: '%j',
  hour: '%H',
  minute: '%M',
  second: '%S',
};

/** https://www.sqlite.org/lang_datefunc.html */
const portable: PortableRules = {
  // Julian days are milliseconds inside: no more digits than three are true.
  epoch: ([at]) => `round((julianday(${at?.()}) - 2440587.5) * 86400.0, 3)`,
  secondsBetween: ([one, other]) => `round((julianday(${one?.()}) - julianday(${other?.()})) * 86400.0, 3)`,
  shift: ([at], interval) => {
    const { years = 0, months = 0, ...rest } = interval;
    const parts = partsOfInterval(rest).map(([unit, amount]) => `, '${amount} ${unit}'`);
    const moved = years * 12 + months;
    if (moved === 0) return `strftime(${INSTANT}, ${at?.()}${parts.join('')})`;
    // The 31st of a month of 30 days becomes the 1st of the next one, days that are taken back.
    const over = `CASE WHEN strftime('%d', ${at?.()}, '${moved} months') = strftime('%d', ${at?.()}) THEN '0' ELSE strftime('%d', ${at?.()}, '${moved} months') END`;
    return `strftime(${INSTANT}, ${at?.()}, '${moved} months', '-' || ${over} || ' days'${parts.join('')})`;
  },
  extract: ([at], part) => {
    if (part === 'quarter') return `((CAST(strftime('%m', ${at?.()}) AS INTEGER) + 2) / 3)`;
    // The week of a day is that of its Thursday: https://www.iso.org/iso-8601-date-and-time-format.html
    if (part === 'week') {
      return `((CAST(strftime('%j', ${at?.()}, '-3 days', 'weekday 4') AS INTEGER) - 1) / 7 + 1)`;
    }
    return `CAST(strftime('${FORMATS[part]}', ${at?.()}) AS INTEGER)`;
  },
  jsonText: ([value], path) => {
    const place = quoteString(jsonPath(path));
    const found = `CAST(json_extract(${value?.()}, ${place}) AS TEXT)`;
    // Truth values come out as numbers.
    return `CASE json_type(${value?.()}, ${place}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE ${found} END`;
  },
  cast: ([value], type) => {
    if (type.kind === 'timestamp') return `strftime(${INSTANT}, ${value?.()})`;
    if (type.kind === 'date') return `date(${value?.()})`;
    if (type.kind === 'time') return `time(${value?.()})`;
    if (type.kind === 'boolean') return `(${value?.()} <> 0)`;
    const cast = `CAST(${value?.()} AS ${affinityOf(type)})`;
    return type.kind === 'numeric' && type.scale !== null ? `round(${cast}, ${type.scale})` : cast;
  },
  decimal: ([value]) => `CAST(${value?.()} AS NUMERIC)`,
  textMatches: refuseTextSearch,
  textRank: refuseTextSearch,
};

function affinityOf({ kind }: ColumnType): string {
  switch (kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'INTEGER';
    case 'real':
    case 'double':
      return 'REAL';
    case 'numeric':
      return 'NUMERIC';
    case 'bytes':
      return 'BLOB';
    default:
      return 'TEXT';
  }
}

/** How expressions become text. */
export const rules: ExpressionRules = {
  name: 'sqlite',
  quoteTable,
  quoteIdentifier,
  literal: renderLiteral,
  bytes: (hex) => `x'${hex}'`,
  now: 'CURRENT_TIMESTAMP',
  portable,
  syntax: sqliteSyntax,
};

/** Reflected expressions are written as they stood, not as they are compared. */
export function render(expression: Expression): string {
  if (expression.kind === 'verbatim' && expression.source !== undefined) return render(expression.source);
  return renderExpression(expression, rules);
}

/** DEFAULT takes a literal or a clock word as it is, and everything else in parentheses. */
export function renderDefault(expression: Expression): string {
  const text = render(expression);
  return isPlainDefault(text) ? text : `(${text})`;
}
