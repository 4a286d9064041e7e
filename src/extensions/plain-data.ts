/** What in a value JSON would lose or change, in words with its place; null for plain data. */
export function findOddValue(value: unknown, place: string): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `the number ${value} (${place})`;
  if (Array.isArray(value)) return firstOf(value.map((item, i) => findOddValue(item, `${place}[${i}]`)));
  if (typeof value !== 'object') return `${value === undefined ? 'undefined' : `a ${typeof value}`} (${place})`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `an object of a class (${place})`;
  return firstOf(Object.entries(value).map(([key, inner]) => findOddValue(inner, `${place}.${key}`)));
}

function firstOf(found: readonly (string | null)[]): string | null {
  return found.find((item) => item !== null) ?? null;
}
