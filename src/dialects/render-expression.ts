import type { DialectName } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { ColumnExpression } from '../schema/expressions/column-origin.js';
import {
  type Expression,
  type LiteralValue,
  type PortableOf,
  refuseSubquery,
} from '../schema/expressions/expression.js';
import type { TableName } from '../schema/table-name.js';
import type { PortableDetails, PortableName } from '../schema/expressions/portable.js';
import type { Syntax } from './syntax.js';

/** The words of one database. Arguments are written where they are called for: as often, and in the order, of the text. */
export type PortableRules = {
  readonly [K in PortableName]: (args: readonly (() => string)[], detail: PortableDetails[K]) => string;
};

/** What differs between databases when an expression becomes text. */
export interface ExpressionRules {
  readonly name: DialectName;
  quoteIdentifier(name: string): string;
  quoteTable(table: TableName): string;
  literal(value: LiteralValue): string;
  bytes(hex: string): string;
  readonly now: string;
  readonly portable: PortableRules;
  readonly syntax: Syntax;
  /** A column, where its name alone may not be enough. Default: the name. */
  readonly column?: (column: ColumnExpression) => string;
  /** A subquery. Default: the query as a whole, as a view holds it; what is none is an error. */
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
    case 'portable':
      return renderPortable<PortableName>(expression as PortableOf<PortableName>, rules.portable, operand);
    case 'query':
      return rules.query === undefined ? writeAlone(expression.query, rules) : rules.query(expression.query);
  }
}

function renderPortable<K extends PortableName>(
  { name, args, detail }: PortableOf<K>,
  rules: PortableRules,
  operand: (arg: Expression) => string,
): string {
  const write: PortableRules[K] = rules[name];
  const written = args.map((arg) => () => operand(arg));
  return write(written, detail);
}

/** A query that can stand for itself. */
export interface WholeQuery {
  writeAlone(rules: ExpressionRules): string;
}

function writeAlone(query: object, rules: ExpressionRules): string {
  return 'writeAlone' in query ? (query as WholeQuery).writeAlone(rules) : refuseSubquery();
}

/** A path in JSON as MySQL and SQLite write it: `$."a"[0]`. */
export function jsonPath(path: readonly (string | number)[]): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${Math.trunc(step)}]` : `.${JSON.stringify(step)}`)).join('')}`;
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED */
export function refuseTextSearch(): never {
  throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', 'Only PostgreSQL has textMatches() and textRank().', {
    hint: "Use contains(), or the database's own search: sql`MATCH (...) AGAINST (...)`.",
  });
}

function isAtom(expression: Expression): boolean {
  return ['literal', 'number', 'bytes', 'column', 'now', 'call', 'portable', 'query'].includes(expression.kind);
}
