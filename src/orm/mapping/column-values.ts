/** Values of columns as objects hold them: when two are the same, and what becomes of them as keys. */
import { type ColumnSpec, toTypeValue } from '../../schema/column-builder.js';
import { isExpr } from '../../schema/expressions/expr.js';
import type { IdentityKey } from './entity.js';

interface Typed {
  readonly spec: ColumnSpec;
}

/** Equality of two values of a column; dates, bytes and JSON by what they hold. */
export function isSame({ spec }: Typed, one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (one === null || other === null || one === undefined || other === undefined) return false;
  // What SQL comes to, the database alone knows.
  if (isExpr(one) || isExpr(other)) return false;
  const { conversion } = spec;
  if (conversion?.equals !== undefined) return conversion.equals(one as never, other as never);
  const [left, right] = [toTypeValue(spec, one), toTypeValue(spec, other)];
  if (Object.is(left, right)) return true;
  return typeof left === 'object' && typeof right === 'object' && fingerprint(left) === fingerprint(right);
}

/** A value of a column as it is now, whatever happens to the other one. */
export function copyValue({ spec }: Typed, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isExpr(value)) return value;
  if (spec.conversion !== undefined) return spec.conversion.fromDb(toTypeValue(spec, value));
  // Several times as fast as a structured clone.
  return value instanceof Date ? new Date(value) : structuredClone(value);
}

export function canChangeInPlace({ type, conversion }: ColumnSpec): boolean {
  return conversion !== undefined || ['json', 'jsonb', 'bytes', 'timestamp', 'custom'].includes(type.kind);
}

/**
 * The values of some columns as a key: numbers and text for themselves, all else as a text. An integer is one key, whatever
 * the two ends of a relation make of it: a number, a bigint, or the text of a `bigint({ mode: 'string' })`.
 */
export function identityKey(columns: readonly Typed[], values: readonly unknown[]): IdentityKey {
  // As most keys are, without a list of parts for each row.
  if (values.length === 1 && typeof values[0] === 'number' && columns[0]?.spec.conversion === undefined)
    return values[0];
  const parts = values.map((value, i) => keyPart(columns[i]?.spec, value));
  const [only] = parts;
  if (parts.length === 1 && (typeof only === 'number' || typeof only === 'string' || typeof only === 'bigint')) {
    return only;
  }
  return JSON.stringify(parts, (_name, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return typeof part === 'bigint' ? `${part}n` : part;
  });
}

/** The same, undefined where a part is missing: NULL is equal to nothing. */
export function wholeKey(columns: readonly Typed[], values: readonly unknown[]): IdentityKey | undefined {
  return values.some((value) => value === null || value === undefined) ? undefined : identityKey(columns, values);
}

function keyPart(spec: ColumnSpec | undefined, value: unknown): unknown {
  const plain = toTypeValue(spec ?? {}, value);
  const isDigits = spec?.type.kind === 'bigint' && typeof plain === 'string' && /^-?\d+$/.test(plain);
  const whole = isDigits ? BigInt(plain) : plain;
  return typeof whole === 'bigint' && Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

/** What a value looks like, as text. */
function fingerprint(value: unknown): string {
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? '';
}
