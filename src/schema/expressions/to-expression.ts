import type { Expression } from './expression.js';

/**
 * The expression for a JavaScript value: itself when it is one already, else a literal.
 * @throws TypeError for undefined: a misspelled property.
 */
export function toExpression(value: unknown): Expression {
  if (value === undefined) throw new TypeError('undefined is no value for SQL: a misspelled property, perhaps');
  if (isExpression(value)) return value.node;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { kind: 'literal', value };
  if (typeof value === 'number') {
    return Number.isFinite(value) ? { kind: 'literal', value } : { kind: 'literal', value: String(value) };
  }
  if (typeof value === 'bigint') return { kind: 'number', text: String(value) };
  if (value instanceof Date) return { kind: 'literal', value: formatDate(value) };
  if (value instanceof Uint8Array) return { kind: 'bytes', hex: Buffer.from(value).toString('hex') };
  return { kind: 'literal', value: JSON.stringify(value) };
}

function isExpression(value: unknown): value is { readonly node: Expression } {
  return hasKind(value, 'expression');
}

/** `2026-01-02 03:04:05.678+00:00`, which every database reads as the same instant. */
function formatDate(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '+00:00');
}

/** Plain data of a user (a JSON default, say) has no accessor on its prototype. */
export function hasKind(value: unknown, kind: string): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== kind) return false;
  return !isPlain(value);
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
