import type { Column, Schema } from '../../schema/table.js';
import { findTable } from '../../schema/table.js';

/**
 * A string that is printed as the model says it was read from the same words: the default is the live one, and the server need
 * not be asked. Most defaults are of this kind, and asking about one costs a table.
 */
export function takeLiterals(wanted: Schema, live: Schema): Schema {
  const tables = wanted.tables.map((table) => {
    if (!table.columns.some((column) => literalOf(column) !== undefined)) return table;
    const other = findTable(live, table);
    if (other === table) return table;
    const known = new Map(other?.columns.map((column) => [column.name, column]));
    return { ...table, columns: table.columns.map((column) => takeLiteral(column, known.get(column.name))) };
  });
  return { ...wanted, tables };
}

function takeLiteral(column: Column, live: Column | undefined): Column {
  const value = literalOf(column);
  if (live === undefined || value === undefined || value !== literalOf(live)) return column;
  return JSON.stringify(column.type) === JSON.stringify(live.type) ? { ...column, default: live.default } : column;
}

function literalOf({ default: known }: Column): string | undefined {
  const source = known?.kind === 'verbatim' ? known.source : undefined;
  return source?.kind === 'literal' && typeof source.value === 'string' ? source.value : undefined;
}
