import { chunk, run } from '../loading/sql-text.js';
import type { ObjectState } from '../mapping/entity.js';
import type { TablePart } from '../mapping/table-part.js';
import type { Active } from '../session/transaction.js';
import { compareKeys, staleRows } from './update-rows.js';

const ROWS_A_STATEMENT = 500;

/** Deletes rows of one table in the order of their keys. A row that is gone already is an error only with a version. */
export async function deleteRows(active: Active, part: TablePart, rows: readonly ObjectState[]): Promise<void> {
  const by = part.version === undefined ? part.keys : [...part.keys, part.version];
  const sorted = [...rows].sort((one, other) => compareKeys(part, one, other));
  for (const batch of chunk(sorted, ROWS_A_STATEMENT)) {
    const { affectedRows } = await run(active, (text) => {
      const keys = batch.map((state) => state.committedOf(by));
      return `DELETE FROM ${text.dialect.quoteTable(part.tableName)} WHERE ${text.oneOf(by, keys)}`;
    });
    if (part.version !== undefined && affectedRows !== batch.length) {
      throw staleRows(part, batch, affectedRows, 'DELETE');
    }
  }
}
