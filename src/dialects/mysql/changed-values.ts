import type { ServerVersion } from '../../engine/connection.js';
import type { Retyping } from '../../operations/losses.js';
import type { ColumnType } from '../../schema/types.js';
import { changedValues, type ValueTests } from '../changed-values.js';
import { asText, changedOwnValues } from './changed-own-values.js';
import { featuresOf } from './features.js';
import { normaliseType, renderType } from './types.js';

const TESTS: ValueTests = {
  booleansAreNumbers: true,
  isFiner: (column, { kind }, scale) => {
    // As many digits as are shown: as a number, 0.1 has more.
    const shown = kind === 'real' ? `(CONCAT(${column}) + 0)` : column;
    return `${shown} <> ROUND(${shown}, ${scale})`;
  },
  isLonger: (column, { kind }, digits) => {
    const isFloating = kind === 'real' || kind === 'double';
    // A whole number, rounded, may not find room among whole ones.
    if (!isFloating && digits > 6) return `${column} <> CAST(${column} + 0e0 AS DECIMAL(65,30))`;
    const exact = isFloating ? column : `CAST(${column} AS DECIMAL(65,30))`;
    return `${column} <> ROUND(${exact}, ${digits - 1} - FLOOR(LOG10(ABS(NULLIF(${exact}, 0)))))`;
  },
  matches: (column, pattern) => `${asText(column)} REGEXP '${pattern}'`,
  isCut: (column, to) => `${column} <> CAST(${column} AS ${castType(to)})`,
};

/** A TIMESTAMP is no type to cast to. https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html */
function castType(type: ColumnType): string {
  if (type.kind === 'date') return 'DATE';
  const precision = 'precision' in type ? (type.precision ?? 6) : 6;
  return `${type.kind === 'time' ? 'TIME' : 'DATETIME'}(${precision})`;
}

/** See `Dialect.changedValues`. */
export function changedValuesIn(column: string, retyping: Retyping, server: ServerVersion): string | null {
  // People write INTEGER, or Decimal(9).
  const inOneSpelling = (type: ColumnType): ColumnType => normaliseType(type, '', server) ?? type;
  const [from, to] = [inOneSpelling(retyping.from), inOneSpelling(retyping.to)];
  const [before, after] = [plainType(from, server), plainType(to, server)];
  const [digits, place] = [digitsOf(before), digitsOf(after)];
  const conditions = [
    changedValues(column, before, after, TESTS),
    digits === null ? null : changedValues(`(${column} + 0)`, digits, after, TESTS),
    place === null || before.kind === 'text' ? null : changedValues(column, before, place, TESTS),
    ...changedOwnValues(column, { from, to }, server),
  ].filter((condition) => condition !== null);
  return conditions.length < 2 ? (conditions[0] ?? null) : `(${conditions.join(' OR ')})`;
}

/** A type in the server's words as the one of ours that holds such values. */
function plainType(type: ColumnType, server: ServerVersion): ColumnType {
  const words = renderType(type, server);
  const [name = ''] = /^\w+/.exec(words) ?? [];
  if (name === 'json' && featuresOf(server).isMariadb) return { kind: 'text' };
  const [, first, second] = /\((\d+)(?:,(\d+))?\)/.exec(words) ?? [];
  // FLOAT(7,3) holds as many digits behind the point as it says.
  if (second !== undefined || name === 'decimal') {
    return { kind: 'numeric', precision: Number(first ?? 10), scale: Number(second ?? 0) };
  }
  return PLAIN[name] ?? type;
}

const PLAIN: Readonly<Record<string, ColumnType>> = {
  ...Object.fromEntries(['tinyint', 'smallint', 'year'].map((name) => [name, { kind: 'smallint' }])),
  ...Object.fromEntries(['mediumint', 'int'].map((name) => [name, { kind: 'integer' }])),
  ...Object.fromEntries(['bigint', 'bit'].map((name) => [name, { kind: 'bigint' }])),
  ...Object.fromEntries(
    ['', 'tiny', 'medium', 'long'].flatMap((size) =>
      [`${size}text`, `${size}blob`].map((name) => [name, { kind: 'text' }]),
    ),
  ),
  ...Object.fromEntries(['char', 'varchar', 'binary', 'varbinary'].map((name) => [name, { kind: 'text' }])),
  float: { kind: 'real' },
  double: { kind: 'double' },
};

/** The number that a moment becomes and is made of, digit by digit: 20200102030405.6; null for another type. */
function digitsOf(type: ColumnType): ColumnType | null {
  const digits = DIGITS[type.kind];
  if (digits === undefined) return null;
  const scale = 'precision' in type ? (type.precision ?? 6) : 0;
  return { kind: 'numeric', precision: digits + scale, scale };
}

const DIGITS: Readonly<Record<string, number>> = { date: 8, time: 7, timestamp: 14 };
