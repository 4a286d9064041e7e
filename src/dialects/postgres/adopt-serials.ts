import type { Column, Schema, Sequence } from '../../schema/table.js';
import { findTable, tableKey } from '../../schema/table.js';

/**
 * A model's `serial()` means a sequence of the column's own, whatever its name and options: where the live column has
 * one that is not as `serial` makes it (the table was renamed, say), the model takes the live one for its own.
 */
export function adoptSerials(wanted: Schema, live: Schema): Schema {
  const owned = new Map(
    live.sequences.flatMap((sequence): [string, Sequence][] => {
      const { ownedBy } = sequence;
      return ownedBy === null ? [] : [[`${tableKey(ownedBy.table)}\0${ownedBy.column}`, sequence]];
    }),
  );
  if (owned.size === 0) return wanted;
  const declared = new Set(wanted.sequences.map(tableKey));
  const adopted: Sequence[] = [];
  const tables = wanted.tables.map((table) => {
    if (!table.columns.some(({ generation }) => generation?.kind === 'serial')) return table;
    const known = findTable(live, table);
    const adopt = (column: Column): Column => {
      if (column.generation?.kind !== 'serial') return column;
      const found = known?.columns.find(({ name }) => name === column.name);
      const sequence = owned.get(`${tableKey(table)}\0${column.name}`);
      if (found === undefined || found.default === null || found.generation !== null) return column;
      if (sequence === undefined || declared.has(tableKey(sequence))) return column;
      adopted.push(sequence);
      return { ...column, generation: null, default: found.default };
    };
    return { ...table, columns: table.columns.map(adopt) };
  });
  return { ...wanted, tables, sequences: [...wanted.sequences, ...adopted] };
}
