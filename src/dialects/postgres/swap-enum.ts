/** A value can only be taken away by a type swap; rows that hold one which is no more are counted before anything changes. */
import type { TypedColumn } from '../../schema/columns-of-type.js';
import type { AlterEnum } from '../../operations/operation.js';
import type { EnumType, Schema, Table } from '../../schema/table.js';
import { formatTableName } from '../../schema/table-name.js';
import type { Statement } from '../dialect.js';
import { noneHolds, removedValues } from '../removed-values.js';
import { createEnum } from './enums.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';
import { swapType } from './swap-type.js';

export function alterEnum(operation: AlterEnum, before: Schema): Statement[] {
  const type = operation.enum;
  return swapType({
    type,
    word: 'TYPE',
    label: `Enum "${formatTableName(type)}"`,
    before,
    create: createEnum({ ...findEnum(operation, before), ...type, values: operation.values }),
    check: (table, user) => countRemoved(operation, before, table, user),
    convert: ({ column, isArray }) => {
      const brackets = isArray ? '[]' : '';
      return `${quoteIdentifier(column.name)}::text${brackets}::${quoteTable(type)}${brackets}`;
    },
  });
}

function findEnum({ enum: { namespace, name }, existing }: AlterEnum, before: Schema): EnumType | null {
  return before.enums.find((type) => type.name === name && type.namespace === namespace) ?? existing;
}

function countRemoved(
  operation: AlterEnum,
  before: Schema,
  table: Table,
  { column, isArray }: TypedColumn,
): Statement[] {
  const removed = removedValues(findEnum(operation, before)?.values ?? [], operation.values)
    .map(quoteString)
    .join(', ');
  if (removed === '') return [];
  const value = isArray ? 'v' : `${quoteIdentifier(column.name)}::text`;
  const elements = isArray ? `, LATERAL (SELECT DISTINCT unnest(${quoteIdentifier(column.name)}::text[])) AS e(v)` : '';
  const rows = `FROM ${quoteTable(table)}${elements} WHERE ${value} IN (${removed})`;
  return [
    {
      sql: `SELECT ${value} AS found, count(*) AS held ${rows} GROUP BY 1 ORDER BY 1`,
      expect: noneHolds(table, column.name),
    },
  ];
}
