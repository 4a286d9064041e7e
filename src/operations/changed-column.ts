import type { Column } from '../schema/table.js';
import type { ColumnChanges } from './operation.js';

/** The column after the changes. */
export function changedColumn(column: Column, changes: ColumnChanges): Column {
  const { notNullName, notNullManner, ...rest } = { ...column, ...changes };
  return {
    ...rest,
    ...(notNullName == null ? {} : { notNullName }),
    ...(notNullManner == null ? {} : { notNullManner }),
  };
}
