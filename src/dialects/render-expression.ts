import type { ColumnExpression } from '../schema/expressions/column-origin.js';
import { type Expression, type LiteralValue, refuseSubquery } from '../schema/expressions/expression.js';

/** What differs between databases when an expression becomes text. */
export interface ExpressionRules {
  quoteIdentifier(name: string): string;
  literal(value: LiteralValue): string;
  bytes(hex: string): string;
  readonly now: string;
  /** A column, where its name alone may not be enough. Default: the name. */
  readonly column?: (column: ColumnExpression) => string;
  /** A subquery. Default: an error, there are none in a schema. */
  readonly query?: (query: object) => string;
}

/** SQL text of an expression. Operands are put in parentheses wherever they are more than a name or a value. */
export function renderExpression(expression: Expression, rules: ExpressionRules): string {
  const render = (inner: Expression): string => renderExpression(inner, rules);
  const operand = (inner: Expression): string => (isAtom(inner) ? render(inner) : `(${render(inner)})`);
  switch (expression.kind) {
    case 'sql':
      return expression.parts.map((part) => (typeof part === 'string' ? part : render(part))).join('');
    case 'verbatim':
      return expression.text;
    case 'literal':
      return rules.literal(expression.value);
    case 'number':
      return expression.text;
    case 'bytes':
      return rules.bytes(expression.hex);
    case 'column':
      return rules.column?.(expression) ?? rules.quoteIdentifier(expression.name);
    case 'now':
      return rules.now;
    case 'call':
      return `${expression.name}(${expression.args.map(render).join(', ')})`;
    case 'binary':
      return `${operand(expression.left)} ${expression.operator} ${operand(expression.right)}`;
    case 'and':
      return expression.operands.map(operand).join(' AND ');
    case 'or':
      return expression.operands.map(operand).join(' OR ');
    case 'not':
      return `NOT (${render(expression.operand)})`;
    case 'isNull':
      return `${operand(expression.operand)} IS ${expression.negated ? 'NOT ' : ''}NULL`;
    case 'in': {
      // An empty list is no SQL; nothing is in it.
      if (expression.values.length === 0) return expression.negated ? '1 = 1' : '1 = 0';
      const values = expression.values.map(render).join(', ');
      return `${operand(expression.operand)} ${expression.negated ? 'NOT ' : ''}IN (${values})`;
    }
    case 'query':
      return rules.query === undefined ? refuseSubquery() : rules.query(expression.query);
  }
}

function isAtom(expression: Expression): boolean {
  return ['literal', 'number', 'bytes', 'column', 'now', 'call'].includes(expression.kind);
}
