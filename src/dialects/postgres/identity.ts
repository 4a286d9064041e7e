import type { Identity } from '../../schema/table.js';

/**
 * The identity without the options that PostgreSQL takes by itself for a sequence of this type, so that saying them and
 * leaving them out is the same. https://www.postgresql.org/docs/current/sql-createsequence.html
 */
export function withoutUsualOptions(identity: Identity, type: string): Identity {
  const isDescending = identity.increment?.startsWith('-') === true;
  const [smallest, largest] = BOUNDS[type] ?? BOUNDS['bigint'] ?? ['', ''];
  const [usualMin, usualMax] = isDescending ? [smallest, '-1'] : ['1', largest];
  const unless = (value: string | null, usual: string): string | null => (value === usual ? null : value);
  const first = isDescending ? (identity.max ?? usualMax) : (identity.min ?? usualMin);
  return {
    ...identity,
    start: unless(identity.start, first),
    increment: unless(identity.increment, '1'),
    min: unless(identity.min, usualMin),
    max: unless(identity.max, usualMax),
    cache: unless(identity.cache, '1'),
  };
}

const BOUNDS: Readonly<Record<string, readonly [min: string, max: string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};
