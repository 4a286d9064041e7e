import type { Retyping } from '../../operations/losses.js';
import { renderType } from './types.js';

/**
 * A value keeps its digits whatever the declared type says, but the affinity makes numbers of texts that look like one, and
 * floating ones of whole ones. https://www.sqlite.org/datatype3.html, section 3.1
 */
export function changedValuesIn(column: string, { to }: Retyping): string | null {
  const type = renderType(to);
  const isWhole = /INT/i.test(type);
  if (!isWhole && (type === '' || /CHAR|CLOB|TEXT|BLOB/i.test(type))) return null;
  const digits = `ltrim(${column}, ' +-')`;
  // Beyond 15 digits a number that is no integer of 64 bits loses some.
  const isOther = `(${digits} GLOB '0[0-9]*' OR length(${digits}) > 15)`;
  const isText = `typeof(${column}) = 'text' AND ${digits} NOT GLOB '*[^0-9.]*' AND ${isOther}`;
  if (isWhole || !/REAL|FLOA|DOUB/i.test(type)) return `(${isText})`;
  const isLonger = `typeof(${column}) = 'integer' AND CAST(CAST(${column} AS REAL) AS INTEGER) <> ${column}`;
  return `(${isText} OR ${isLonger})`;
}
