import type { Retyping } from '../../operations/losses.js';
import { renderType } from './types.js';

/**
 * A value keeps its digits whatever the declared type says, but the affinity makes numbers of texts that look like one,
 * floating ones of whole ones, and texts of numbers. https://www.sqlite.org/datatype3.html, section 3.1
 */
export function changedValuesIn(column: string, { to }: Retyping): string | null {
  const type = renderType(to);
  const isWhole = /INT/i.test(type);
  if (!isWhole && /CHAR|CLOB|TEXT/i.test(type)) {
    // What is infinite, and before SQLite 3.52 the digits behind the fifteenth.
    return `(typeof(${column}) = 'real' AND CAST(CAST(${column} AS TEXT) AS REAL) <> ${column})`;
  }
  if (!isWhole && (type === '' || /BLOB/i.test(type))) return null;
  const isFloating = !isWhole && /REAL|FLOA|DOUB/i.test(type);
  const number = `CAST(${column} AS ${isFloating ? 'REAL' : 'NUMERIC'})`;
  // A text that equals its number is stored as one, and is another one when it comes back: `007`, `+49`, `1e3`.
  const isText = `typeof(${column}) = 'text' AND ${column} = ${number} AND ${spell(column)} <> ${spell(number)}`;
  if (!isFloating) return `(${isText})`;
  // At the ends of 64 bits a cast back hides what was rounded.
  const isBack = `CAST(${number} AS INTEGER) = ${column} AND ${column} BETWEEN -${LARGEST} AND ${LARGEST}`;
  const isLonger = `typeof(${column}) = 'integer' AND NOT (${isBack})`;
  return `(${isText} OR ${isLonger})`;
}

/** The largest whole number below 2^63 that a floating one is equal to. */
const LARGEST = '9223372036854774784';

/** The digits, with no zeros at the end of a fraction: they make no other number. */
function spell(value: string): string {
  const text = `trim(CAST(${value} AS TEXT))`;
  return `CASE WHEN ${text} GLOB '*.*' THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
}
