import { chunk, run } from '../loading/sql-text.js';
import type { Active } from '../session/transaction.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { tableKey } from '../../schema/table.js';
import { type AssociationRow, groupBy, type Work } from './work.js';

const ROWS_A_STATEMENT = 250;

/** The columns of an association table, with the codecs of the keys that they hold. */
function columnsOf(row: AssociationRow): ColumnMap[] {
  return row.cells.map(({ column }) => ({ ...column.refers, name: column.name }));
}

function valuesOf(row: AssociationRow): unknown[] {
  return row.cells.map(({ column, state }) => state.row[column.refers.property]);
}

export async function insertAssociations(active: Active, rows: Iterable<AssociationRow>): Promise<void> {
  for (const group of groupBy(rows, ({ table }) => tableKey(table)).values()) {
    for (const part of chunk(group, ROWS_A_STATEMENT)) {
      const [first] = part;
      if (first === undefined) continue;
      const columns = columnsOf(first);
      await run(active, (text) => {
        const tuples = part.map((row) => {
          const values = valuesOf(row);
          return `(${columns.map((column, i) => text.value(column, values[i])).join(', ')})`;
        });
        return `INSERT INTO ${text.dialect.quoteTable(first.table)} (${text.names(columns)}) VALUES ${tuples.join(', ')}`;
      });
    }
  }
}

export async function deleteAssociations(active: Active, rows: Iterable<AssociationRow>): Promise<void> {
  for (const group of groupBy(rows, ({ table }) => tableKey(table)).values()) {
    for (const part of chunk(group, ROWS_A_STATEMENT)) {
      const [first] = part;
      if (first === undefined) continue;
      await run(
        active,
        (text) =>
          `DELETE FROM ${text.dialect.quoteTable(first.table)} WHERE ${text.oneOf(columnsOf(first), part.map(valuesOf))}`,
      );
    }
  }
}

/** All rows of objects that are deleted, without looking which there are. */
export async function clearAssociations(active: Active, clears: Work['associationClears']): Promise<void> {
  for (const [{ secondary }, states] of clears) {
    if (secondary === undefined) continue;
    const columns = secondary.owner.map(({ name, refers }) => ({ ...refers, name }));
    for (const part of chunk(states, ROWS_A_STATEMENT)) {
      const keys = part.map((state) => secondary.owner.map(({ refers }) => state.committed(refers.property)));
      await run(
        active,
        (text) => `DELETE FROM ${text.dialect.quoteTable(secondary.table)} WHERE ${text.oneOf(columns, keys)}`,
      );
    }
  }
}
