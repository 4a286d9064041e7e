import type { ColumnType } from '../../schema/types.js';
import { changedValues, type ValueTests } from '../changed-values.js';
import { renderType } from './types.js';

/**
 * NaN is greater than all numbers here, and neither it nor infinity can be computed with in `numeric` before version 14.
 * https://www.postgresql.org/docs/current/datatype-numeric.html
 */
const isOrdinary = (column: string): string => `abs(${column}) BETWEEN 1e-37 AND 1e37`;

/** `round` with a number of digits is there for `numeric` only. */
const TESTS: ValueTests = {
  booleansAreNumbers: false,
  isFiner: (column, { kind }, scale) => {
    if (kind === 'numeric') return `${column} <> round(${column}, ${scale})`;
    // A larger one has nothing behind the point; a real has more digits as a double than it shows.
    const exact = `${column}::double precision::numeric`;
    return `CASE WHEN abs(${column}) < 1e37 THEN ${exact} <> round(${exact}, ${scale}) ELSE false END`;
  },
  isLonger: (column, { kind }, digits) => {
    const exact = `${column}::numeric`;
    const places = `${digits - 1} - floor(log(abs(${exact})))::integer`;
    const isChanged =
      kind === 'double' ? `${column} <> ${column}::real::double precision` : `${exact} <> round(${exact}, ${places})`;
    return `CASE WHEN ${isOrdinary(column)} THEN ${isChanged} ELSE false END`;
  },
  isRounded: (column, from) => {
    const isChanged = `${column} <> ${column}::numeric::${renderType(from)}`;
    return `CASE WHEN ${isOrdinary(column)} THEN ${isChanged} ELSE false END`;
  },
  matches: (column, pattern) => `${column} ~ '${pattern}'`,
  isCut: (column, to) => `${column} <> ${column}::${renderType(to)}`,
};

/** See `Dialect.changedValues`. */
export function changedValuesIn(column: string, from: ColumnType, to: ColumnType): string | null {
  return changedValues(column, from, to, TESTS);
}
