/**
 * A serial column is an integer with a sequence of a certain name as its default. Where the other side says just that sequence
 * and that default apart, both sides say them apart: the sequence stays, with the numbers that it has reached.
 */
import { serialName } from '../../schema/serial-name.js';
import { type Column, findTable, type Schema, type Sequence, type Table, tableKey } from '../../schema/table.js';

/** `schema` with those of its serial columns said apart that `other` says apart. */
export function unfoldSerials(schema: Schema, other: Schema): Schema {
  const sequences: Sequence[] = [];
  const unfold = (column: Column, table: Table): Column => {
    if (column.generation?.kind !== 'serial') return column;
    const { namespace } = table;
    const name = serialName(table.name, column.name);
    const counterpart = findTable(other, table)?.columns.find((known) => known.name === column.name);
    const isApart = other.sequences.some((known) => tableKey(known) === tableKey({ namespace, name }));
    if (!isApart || counterpart === undefined || counterpart.generation !== null) return column;
    if (counterpart.default?.kind !== 'verbatim' || !counterpart.default.text.startsWith('nextval(')) return column;
    sequences.push({
      namespace,
      name,
      type: column.type.kind === 'smallint' || column.type.kind === 'bigint' ? column.type.kind : 'integer',
      start: '1',
      increment: '1',
      min: null,
      max: null,
      cache: '1',
      cycle: false,
      ownedBy: { table: { namespace, name: table.name }, column: column.name },
      comment: null,
    });
    return { ...column, generation: null, default: counterpart.default };
  };
  const tables = schema.tables.map((table) => {
    if (!table.columns.some(({ generation }) => generation?.kind === 'serial')) return table;
    return { ...table, columns: table.columns.map((column) => unfold(column, table)) };
  });
  return sequences.length === 0 ? schema : { ...schema, tables, sequences: [...schema.sequences, ...sequences] };
}
