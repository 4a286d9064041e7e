import { chunk, run } from '../loading/sql-text.js';
import type { Active } from '../session/transaction.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { SecondaryColumn } from '../mapping/relation-map.js';
import { type TableName, tableKey } from '../../schema/table.js';
import { type AssociationRow, type Work } from './work.js';
import { groupBy } from '../../util/group-by.js';

const ROWS_A_STATEMENT = 250;

/** Columns of an association table, with the codecs of the keys that they hold. */
function columnsOf(columns: readonly SecondaryColumn[]): ColumnMap[] {
  return columns.map(({ name, refers }) => ({ ...refers, name }));
}

function valuesOf({ cells }: AssociationRow): unknown[] {
  return cells.map(({ column, state }) => state.row[column.refers.property]);
}

/** The rows of one association table for each call of `write`, as many as one statement takes. */
async function inTables<R extends { readonly table: TableName }>(
  rows: Iterable<R>,
  write: (table: TableName, rows: readonly R[], first: R) => Promise<unknown>,
): Promise<void> {
  for (const group of groupBy(rows, ({ table }) => tableKey(table)).values()) {
    for (const part of chunk(group, ROWS_A_STATEMENT)) {
      const [first] = part;
      if (first !== undefined) await write(first.table, part, first);
    }
  }
}

export function insertAssociations(active: Active, rows: Iterable<AssociationRow>): Promise<void> {
  return inTables(rows, (table, part, { cells }) => {
    const columns = columnsOf(cells.map(({ column }) => column));
    return run(active, (text) => {
      const values = text.tuples(columns, part.map(valuesOf));
      return `INSERT INTO ${text.dialect.quoteTable(table)} (${text.names(columns)}) VALUES ${values}`;
    });
  });
}

export function deleteAssociations(active: Active, rows: Iterable<AssociationRow>): Promise<void> {
  return inTables(rows, (table, part, { cells }) => {
    const columns = columnsOf(cells.map(({ column }) => column));
    return run(
      active,
      (text) => `DELETE FROM ${text.dialect.quoteTable(table)} WHERE ${text.oneOf(columns, part.map(valuesOf))}`,
    );
  });
}

/** All rows of objects that are deleted, without looking which there are; those of both sides in one statement. */
export function clearAssociations(active: Active, clears: Work['associationClears']): Promise<void> {
  const sides = [...clears].flatMap(([{ secondary }, states]) =>
    secondary === undefined ? [] : states.map((state) => ({ table: secondary.table, side: secondary.owner, state })),
  );
  return inTables(sides, (table, part) =>
    run(active, (text) => {
      const conditions = [...groupBy(part, ({ side }) => side)].map(([side, group]) =>
        text.oneOf(
          columnsOf(side),
          group.map(({ state }) => state.committedOf(side.map(({ refers }) => refers))),
        ),
      );
      return `DELETE FROM ${text.dialect.quoteTable(table)} WHERE ${conditions.join(' OR ')}`;
    }),
  );
}
