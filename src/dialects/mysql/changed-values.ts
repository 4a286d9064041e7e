import type { Retyping } from '../../operations/losses.js';
import type { ColumnType } from '../../schema/types.js';
import { changedValues, type ValueTests } from '../changed-values.js';

const TESTS: ValueTests = {
  booleansAreNumbers: true,
  isFiner: (column, _from, scale) => `${column} <> ROUND(${column}, ${scale})`,
  isLonger: (column, _from, digits) =>
    `${column} <> ROUND(${column}, ${digits - 1} - FLOOR(LOG10(ABS(NULLIF(${column}, 0)))))`,
  matches: (column, pattern) => `${column} REGEXP '${pattern}'`,
  isCut: (column, to) => `${column} <> CAST(${column} AS ${castType(to)})`,
};

/** A TIMESTAMP is no type to cast to. https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html */
function castType(type: ColumnType): string {
  if (type.kind === 'date') return 'DATE';
  const precision = 'precision' in type ? (type.precision ?? 6) : 6;
  return `${type.kind === 'time' ? 'TIME' : 'DATETIME'}(${precision})`;
}

/** See `Dialect.changedValues`. */
export function changedValuesIn(column: string, { from, to }: Retyping): string | null {
  return changedValues(column, from, to, TESTS);
}
