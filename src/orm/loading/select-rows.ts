import type { ColumnMap } from '../mapping/column-map.js';
import type { Mapper } from '../mapping/mapper.js';
import { TablePart } from '../mapping/table-part.js';
import { writeColumn } from '../query/render-select.js';
import type { Active } from '../session/transaction.js';
import { chunkKeys, renderOrder, selectFrom, type Values } from './select-text.js';
import { run } from './sql-text.js';

/** Reads rows by the values of some of their columns, in as many statements as need be. */
export async function selectRows(
  active: Active,
  source: Mapper | TablePart,
  columns: readonly ColumnMap[],
  by: readonly ColumnMap[],
  values: readonly (readonly unknown[])[],
  orderBy?: () => unknown,
): Promise<Values[]> {
  const rows: Values[] = [];
  for (const part of chunkKeys(by, values)) {
    const result = await run(active, (text) => {
      const order = orderBy === undefined ? '' : ` ORDER BY ${renderOrder(text, orderBy())}`;
      const write = (column: ColumnMap): string =>
        source instanceof TablePart ? text.name(column) : writeColumn(text, source, column);
      return `${selectFrom(text, source, columns, write)} WHERE ${text.oneOf(by, part)}${order}`;
    });
    for (const row of result.rows) rows.push(row);
  }
  return rows;
}
