import { AludelError } from '../../errors.js';
import type { Mapper } from '../mapping/mapper.js';

/** A primary key: a value, an array of the key's columns in order, or an object by property name. */
export type KeyOf = string | number | bigint | object;

/** The values of a key in the order of its columns. @throws AludelError ALUDEL_USAGE when a part is missing. */
export function readKey(mapper: Mapper, key: KeyOf): unknown[] {
  const names = mapper.keys.map(({ property }) => property);
  // Dates, bytes and values of custom types are values; a plain object holds the key's columns.
  const isNamed = typeof key === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(key) as object);
  const parts: unknown[] = isNamed
    ? names.map((name) => (key as Readonly<Record<string, unknown>>)[name])
    : Array.isArray(key)
      ? [...(key as unknown[])]
      : [key];
  if (parts.length === names.length && parts.every((part) => part !== undefined && part !== null)) return parts;
  const wanted = names.map((name) => `"${name}"`).join(', ');
  throw new AludelError('ALUDEL_USAGE', `The key of "${mapper.name}" has ${names.length} parts: ${wanted}.`, {
    hint: `Pass ${names.length === 1 ? 'a value' : `[${names.join(', ')}]`}, none of it null.`,
    details: { model: mapper.name, key: names },
  });
}
