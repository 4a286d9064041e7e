import { chunk, run } from '../loading/sql-text.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { Active } from '../session/transaction.js';
import { compareKeys, staleRows } from './update-rows.js';

const ROWS_A_STATEMENT = 500;

/** Deletes rows of one table in the order of their keys. A row that is gone already is an error only with a version. */
export async function deleteRows(active: Active, mapper: Mapper, rows: readonly ObjectState[]): Promise<void> {
  const by = mapper.version === undefined ? mapper.keys : [...mapper.keys, mapper.version];
  const sorted = [...rows].sort((one, other) => compareKeys(mapper, one, other));
  for (const part of chunk(sorted, ROWS_A_STATEMENT)) {
    const { affectedRows } = await run(active, (text) => {
      const keys = part.map((state) => by.map(({ property }) => state.committed(property)));
      return `DELETE FROM ${text.dialect.quoteTable(mapper.table)} WHERE ${text.oneOf(by, keys)}`;
    });
    if (mapper.version !== undefined && affectedRows !== part.length) {
      throw staleRows(
        mapper,
        part.map((state) => ({ state })),
        affectedRows,
        'DELETE',
      );
    }
  }
}
