import { type Expression, verbatim } from '../../schema/expressions/expression.js';
import type { ColumnType } from '../../schema/types.js';
import type { Features } from './features.js';
import { currentTimestamp, isDocument, isNumber, isNumericType, spellDefault } from './spelling.js';
import { render } from './expressions.js';
import { quoteString } from './sql.js';
import { endOfGroup, tokenize, unquoteString } from './tokens.js';

/**
 * A default as it stands behind DEFAULT: literals bare, the current time with the column's own precision (another one
 * is refused), anything else in parentheses. `null`: none, which is also what DEFAULT NULL means.
 */
export function normaliseDefault(expression: Expression, type: ColumnType, features: Features): Expression | null {
  if (expression.kind === 'verbatim') return expression;
  if (expression.kind === 'now') return currentTime(expression, type);
  const literal = literalText(expression, type);
  if (literal !== undefined) {
    const spelled = spellDefault(literal, type, features.isMariadb);
    if (spelled === null) return null;
    const needsParentheses = !features.isMariadb && isDocument(type);
    return verbatim(needsParentheses ? `(${spelled})` : spelled, expression);
  }
  const text = render(expression).trim();
  const isClock = /^(?:current_timestamp|now|localtime|localtimestamp)(?:\(\d*\))?$/i.test(text);
  if (isClock && type.kind === 'timestamp') return currentTime(expression, type);
  if (isClock) return verbatim(`(${text})`, expression);
  const plain = plainText(text, type, features);
  if (plain === null) return null;
  return verbatim(plain ?? (isInParentheses(text) ? text : `(${text})`), expression);
}

/** ON UPDATE knows the current time only. */
export function normaliseOnUpdate(expression: Expression, type: ColumnType): Expression {
  if (expression.kind === 'verbatim') return expression;
  return verbatim(currentTimestamp(type.kind === 'timestamp' ? type.precision : 0), expression);
}

function currentTime(expression: Expression, type: ColumnType): Expression {
  const text = type.kind === 'timestamp' ? currentTimestamp(type.precision) : '(now())';
  return verbatim(text, expression);
}

function literalText(expression: Expression, type: ColumnType): string | undefined {
  if (expression.kind === 'number') return isNumericType(type) ? expression.text : quoteString(expression.text);
  if (expression.kind === 'bytes') return render(expression);
  if (expression.kind !== 'literal') return undefined;
  const { value } = expression;
  if (value === null) return 'NULL';
  if (typeof value === 'number') return isNumericType(type) ? String(value) : quoteString(String(value));
  if (typeof value === 'string' && type.kind === 'timestamp') return quoteString(spellInstant(value, type.precision));
  return typeof value === 'string' ? quoteString(value) : render(expression);
}

/** `2026-01-02 03:04:05.678+00:00`, as a Date is written, in the digits of the column; MariaDB reads no offset. */
function spellInstant(value: string, precision: number | null): string {
  const match = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00:00)?$/.exec(value);
  if (match === null) return value;
  const digits = (match[2] ?? '').padEnd(6, '0').slice(0, precision ?? 6);
  return digits === '' ? (match[1] ?? value) : `${match[1]}.${digits}`;
}

/** SQL text that is nothing but a literal; `null` when it is NULL, `undefined` when it is more than a literal. */
function plainText(text: string, type: ColumnType, features: Features): string | null | undefined {
  if (/^null$/i.test(text)) return null;
  if (!features.isMariadb && isDocument(type)) return undefined;
  const isString = tokenize(text).length === 1 && text.startsWith("'");
  if (isString && type.kind === 'timestamp') return quoteString(spellInstant(unquoteString(text), type.precision));
  if (/^(?:true|false)$/i.test(text)) return /^true$/i.test(text) ? '1' : '0';
  const isLiteral = isNumber(text) || isString || /^(?:b'[01]*'|x'[0-9a-f]*'|0x[0-9a-f]+)$/i.test(text);
  return isLiteral ? spellDefault(text, type, features.isMariadb) : undefined;
}

function isInParentheses(text: string): boolean {
  const tokens = tokenize(text);
  return tokens[0]?.kind === 'open' && endOfGroup(tokens, 0) === tokens.length;
}

/** The clock that a catalog prints, in our spelling. */
export function currentTimestampOf(printed: string): Expression {
  const digits = /\((\d+)\)/.exec(printed)?.[1];
  return verbatim(currentTimestamp(Number(digits ?? 0)), { kind: 'now' });
}
