import type { ServerVersion } from '../../engine/connection.js';
import type { Retyping } from '../../operations/losses.js';
import type { ColumnType } from '../../schema/types.js';
import { changedValues, type ValueTests } from '../changed-values.js';
import { changedOwnValues, type Conversion } from './changed-own-values.js';
import { elementOf, normaliseType, parseType, renderType } from './types.js';

/**
 * NaN is greater than all numbers here, and neither it nor infinity can be computed with in `numeric` before version 14.
 * https://www.postgresql.org/docs/current/datatype-numeric.html
 */
const isOrdinary = (column: string): string => `abs(${column}) BETWEEN 1e-37 AND 1e37`;

/** `round` with a number of digits is there for `numeric` only. */
const TESTS: ValueTests = {
  booleansAreNumbers: false,
  isFiner: (column, { kind }, scale) => {
    if (kind !== 'real' && kind !== 'double') return `${column} <> round(${column}, ${scale})`;
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
export function changedValuesIn(column: string, retyping: Retyping, server: ServerVersion): string | null {
  const from = plainType(retyping.from);
  const to = plainType(retyping.to);
  const conversion = { from, to, isCast: retyping.isCast === true, server };
  const conditions = [
    changedValues(column, from, to, TESTS),
    ...changedOwnValues(column, conversion),
    changedElements(column, conversion),
  ].filter((condition) => condition !== null);
  return conditions.length < 2 ? (conditions[0] ?? null) : `(${conditions.join(' OR ')})`;
}

/** What a domain is made of comes as the catalog's text. */
function plainType(type: ColumnType): ColumnType {
  return normaliseType(type) ?? type;
}

/** Arrays, ranges and numbers in JSON: what holds values of another type. */
function changedElements(column: string, { from, to, isCast, server }: Conversion): string | null {
  const inside = (value: string, before: ColumnType | null, after: ColumnType | null): string | null =>
    before === null || after === null ? null : changedValuesIn(value, { from: before, to: after, isCast }, server);
  const isChanged = inside('element', elementOf(from), elementOf(to));
  if (isChanged !== null) return `EXISTS (SELECT FROM unnest(${column}) AS elements(element) WHERE ${isChanged})`;
  const bounds = ['lower', 'upper'].flatMap((end) => inside(`${end}(${column})`, boundOf(from), boundOf(to)) ?? []);
  if (bounds.length > 0) return `(${bounds.join(' OR ')})`;
  const number = `(CASE WHEN jsonb_typeof(${column}) = 'number' THEN (${column} #>> '{}')::numeric END)`;
  return from.kind === 'jsonb' ? inside(number, { kind: 'numeric', precision: null, scale: null }, to) : null;
}

const BOUNDS: Readonly<Record<string, string>> = {
  daterange: 'date',
  int4range: 'integer',
  int8range: 'bigint',
  numrange: 'numeric',
  tsrange: 'timestamp without time zone',
  tstzrange: 'timestamp with time zone',
};

function boundOf(type: ColumnType): ColumnType | null {
  const bound = BOUNDS[renderType(type)];
  return bound === undefined ? null : parseType(bound);
}
