/** What MySQL and MariaDB say for what every database can say. */
import type { Expression, VerbatimExpression } from '../../schema/expressions/expression.js';
import { partsOfInterval, type DatePart } from '../../schema/expressions/portable.js';
import type { ColumnType } from '../../schema/types.js';
import {
  type ExpressionRules,
  jsonPath,
  type PortableRules,
  refuseTextSearch,
  renderExpression,
} from '../render-expression.js';
import { mysqlSyntax } from '../syntax.js';
import { quoteIdentifier, quoteString, quoteTable, renderLiteral } from './sql.js';

const FIELDS: { readonly [K in DatePart]: (at: string) => string } = {
  year: (at) => `YEAR(${at})`,
  quarter: (at) => `QUARTER(${at})`,
  month: (at) => `MONTH(${at})`,
  week: (at) => `WEEK(${at}, 3)`,
  day: (at) => `DAYOFMONTH(${at})`,
  dayOfWeek: (at) => `(DAYOFWEEK(${at}) - 1)`,
  dayOfYear: (at) => `DAYOFYEAR(${at})`,
  hour: (at) => `HOUR(${at})`,
  minute: (at) => `MINUTE(${at})`,
  second: (at) => `SECOND(${at})`,
};

/** https://dev.mysql.com/doc/refman/8.4/en/date-and-time-functions.html */
const portable: PortableRules = {
  // Divided by a real number, so that all six digits stay.
  epoch: ([at]) => `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${at?.()}) / 1e6)`,
  // The argument that is counted from comes first.
  secondsBetween: ([one, other]) => `(-TIMESTAMPDIFF(MICROSECOND, ${one?.()}, ${other?.()}) / 1e6)`,
  shift: ([at], interval) => {
    const parts = partsOfInterval(interval).map(
      ([unit, amount]) => ` + INTERVAL ${amount} ${unit.slice(0, -1).toUpperCase()}`,
    );
    return `(${at?.()}${parts.join('')})`;
  },
  extract: ([at], part) => FIELDS[part](at?.() ?? ''),
  jsonText: ([value], path) => {
    const found = (): string => `JSON_EXTRACT(${value?.()}, ${quoteString(jsonPath(path))})`;
    return `CASE JSON_TYPE(${found()}) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(${found()}) END`;
  },
  cast: ([value], type) =>
    type.kind === 'boolean' ? `(${value?.()} <> 0)` : `CAST(${value?.()} AS ${renderCastType(type)})`,
  decimal: ([value]) => value?.() ?? '',
  textMatches: refuseTextSearch,
  textRank: refuseTextSearch,
};

/** CAST knows fewer types than columns do. https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html */
function renderCastType(type: ColumnType): string {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'SIGNED';
    case 'real':
    case 'double':
      return 'DOUBLE';
    case 'numeric':
      return type.precision === null ? 'DECIMAL(65, 30)' : `DECIMAL(${type.precision}, ${type.scale ?? 0})`;
    case 'char':
    case 'varchar':
      return type.length === null ? 'CHAR' : `CHAR(${type.length})`;
    case 'bytes':
      return 'BINARY';
    case 'date':
      return 'DATE';
    case 'time':
    case 'timestamp':
      return `${type.kind === 'time' ? 'TIME' : 'DATETIME'}(${type.precision ?? 6})`;
    case 'custom':
      return typeof type.sql === 'string' ? type.sql : (type.sql['mysql'] ?? 'CHAR');
    default:
      // JSON is text to MariaDB.
      return 'CHAR';
  }
}

/** How expressions become text. */
export const rules: ExpressionRules = {
  name: 'mysql',
  quoteTable,
  quoteIdentifier,
  literal: renderLiteral,
  bytes: (hex) => `x'${hex}'`,
  now: 'now()',
  portable,
  syntax: mysqlSyntax,
};

export function render(expression: Expression): string {
  return renderExpression(expression.kind === 'verbatim' ? withAstral(expression) : expression, rules);
}

/** The text of a catalog that prints characters beyond U+FFFF as `?`, with those characters where they are known. */
function withAstral(expression: VerbatimExpression): Expression {
  const { text, source } = expression;
  if (source === undefined || !text.includes('?') || (source.kind !== 'literal' && source.kind !== 'sql'))
    return expression;
  const known = renderExpression(source, rules);
  if (!/[\u{10000}-\u{10ffff}]/u.test(known)) return expression;
  return { kind: 'sql', parts: [text.startsWith('(') && !known.startsWith('(') ? `(${known})` : known] };
}
