/** Larger expressions of plain data, for the methods of `Expr` and for functions. */
import type { Expression } from './expression.js';

/** SQL text with expressions in between. */
export function sqlOf(...parts: readonly (string | Expression | undefined)[]): Expression {
  return { kind: 'sql', parts: parts.filter((part) => part !== undefined) };
}

/** An operand as it may stand beside an operator. */
export function enclose(node: Expression): Expression {
  return ['column', 'literal', 'number', 'bytes', 'now', 'call'].includes(node.kind) ? node : sqlOf('(', node, ')');
}

/** Lists of parts with commas in between. */
export function separate(lists: readonly (readonly (string | Expression)[])[]): (string | Expression)[] {
  return lists.flatMap((list, i) => (i === 0 ? list : [', ', ...list]));
}

export function lower(node: Expression): Expression {
  return { kind: 'call', name: 'lower', args: [node] };
}

/** The text for LIKE with ESCAPE '!', `%` and `_` meaning themselves. `!` is no special character of any database's strings, other than the usual backslash. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[!%_]/g, '!$&');
}
