import type { ColumnSpec } from '../../schema/column-builder.js';

/**
 * The value that a new object starts with where none was given: the default, else null where NULL is allowed, else
 * undefined for what the database makes.
 */
export function initialValue(spec: ColumnSpec): unknown {
  if (typeof spec.clientDefault === 'function') return (spec.clientDefault as () => unknown)();
  if (spec.clientDefault !== undefined) return copyDefault(spec.clientDefault);
  const isDatabaseMade = spec.serverDefault !== null || spec.generated !== null || (spec.generation ?? null) !== null;
  return spec.nullable && !isDatabaseMade ? null : undefined;
}

/** Two objects must not share one array, date or JSON value; objects of other classes are taken as they are. */
function copyDefault(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  const isData = isPlain || Array.isArray(value) || value instanceof Date || value instanceof Uint8Array;
  return isData ? structuredClone(value) : value;
}
