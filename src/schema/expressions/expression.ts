/**
 * SQL expressions as plain, JSON-able data: one language for server defaults, checks, generated columns and index
 * parts. `dialects/<name>/` turn them into text; nothing here knows a database.
 */
import { AludelError } from '../../errors.js';
import type { PortableDetails, PortableName } from './portable.js';

export type LiteralValue = string | number | boolean | null;

export type Expression =
  /** Text in the database's own words, with expressions in between. */
  | { readonly kind: 'sql'; readonly parts: readonly (string | Expression)[] }
  /** Text as a database printed it. Two of these are equal when their texts are; `source` is what a person wrote. */
  | VerbatimExpression
  | { readonly kind: 'literal'; readonly value: LiteralValue }
  /** An integer too large for a JavaScript number, or a decimal that must stay exact. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'column'; readonly name: string }
  /** The start of the current transaction or statement: `now()`, `CURRENT_TIMESTAMP`. */
  | { readonly kind: 'now' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'isNull'; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly values: readonly Expression[];
      readonly negated: boolean;
    }
  | PortableExpression
  /** A query, or a part of one that only the query around it can write. */
  | { readonly kind: 'query'; readonly query: object };

export interface PortableOf<K extends PortableName> {
  readonly kind: 'portable';
  readonly name: K;
  readonly args: readonly Expression[];
  readonly detail: PortableDetails[K];
}

type PortableExpression = { readonly [K in PortableName]: PortableOf<K> }[PortableName];

export interface VerbatimExpression {
  readonly kind: 'verbatim';
  readonly text: string;
  readonly source?: Expression;
}

export type BinaryOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'LIKE' | '+' | '-' | '*' | '/' | '%';

/** The expression for text that a database printed. */
export function verbatim(text: string, source?: Expression): VerbatimExpression {
  return source === undefined ? { kind: 'verbatim', text } : { kind: 'verbatim', text, source };
}

/** Raw SQL text as an expression; `now()` alone becomes the portable `now`. */
export function rawSql(text: string): Expression {
  return /^\s*now\(\)\s*$/i.test(text) ? { kind: 'now' } : { kind: 'sql', parts: [text] };
}

/** @throws AludelError ALUDEL_USAGE always: a subquery was put where there is no query around it. */
export function refuseSubquery(): never {
  throw new AludelError('ALUDEL_USAGE', 'A subquery stands where only columns and values can.', {
    hint: 'Use queries, any(), has() and exists() in other queries and in views alone.',
  });
}

/** The names of the columns that an expression mentions by `kind: 'column'`; raw text is not looked into. */
export function columnsOf(expression: Expression): string[] {
  return leavesOf(expression).flatMap((leaf) => (leaf.kind === 'column' ? [leaf.name] : []));
}

/** The innermost parts of an expression, from left to right. */
export function leavesOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'sql':
      return expression.parts.flatMap((part) => (typeof part === 'string' ? [] : leavesOf(part)));
    case 'verbatim':
      return expression.source === undefined ? [] : leavesOf(expression.source);
    case 'call':
    case 'portable':
      return expression.args.flatMap(leavesOf);
    case 'binary':
      return [...leavesOf(expression.left), ...leavesOf(expression.right)];
    case 'and':
    case 'or':
      return expression.operands.flatMap(leavesOf);
    case 'not':
    case 'isNull':
      return leavesOf(expression.operand);
    case 'in':
      return [expression.operand, ...expression.values].flatMap(leavesOf);
    default:
      return [expression];
  }
}
