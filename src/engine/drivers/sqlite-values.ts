/** Values on their way into and out of SQLite, which knows integers, reals, text, blobs and null. */

/** Most integers are small ones, which need not be made anew each time. */
const SMALL: readonly bigint[] = Array.from({ length: 1024 }, (_, i) => BigInt(i));

/** What `better-sqlite3` takes. Throws for values that SQLite has no form for. */
export function toSqliteParameter(value: unknown): number | bigint | string | Uint8Array | null {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'boolean':
      return value ? 1n : 0n;
    case 'bigint':
    case 'string':
      return value;
    case 'number':
      // The driver binds every number as a real: 1 would become '1.0' in a text column.
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? (SMALL[value] ?? BigInt(value)) : value;
    default:
      break;
  }
  if (value === null || value instanceof Uint8Array) {
    return value;
  }
  if (value instanceof Date) {
    // As CURRENT_TIMESTAMP writes it, in UTC, so that both sort together; and with milliseconds.
    const text = value.toISOString();
    const day = text.indexOf('T');
    return `${text.slice(0, day)} ${text.slice(day + 1, -1)}`;
  }
  throw new TypeError(`A value of the type ${typeof value} cannot be a parameter: pass JSON as text`);
}

/** Integers as numbers where they are exact, as bigints beyond 2^53. */
export function fromSqliteRow<T extends Record<string, unknown> | unknown[]>(row: T): T {
  const values = row as Record<string, unknown>;
  for (const name in values) {
    const value = values[name];
    if (typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) {
      values[name] = Number(value);
    }
  }
  return row;
}
