import { type AlterColumn, type RenameEnumValue } from '../../operations/operation.js';
import { type Column, tableKey } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse, requireTable } from '../dispatch.js';
import { rebuild } from './rebuild.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString } from './sql.js';

/** The values stand in the check of each column: the tables are rebuilt, and their rows copied with the new value. */
export function renameEnumValue(operation: RenameEnumValue, context: CompileContext): Statement[] {
  const { value, to, columns } = operation;
  const tables = new Map(columns.map(({ table }) => [tableKey(table), table]));
  return [...tables.values()].flatMap((name) => {
    const table = requireTable(name, operation, context);
    const own = columns.filter((known) => tableKey(known.table) === tableKey(name));
    const changes = own.map(({ column }): AlterColumn => {
      const existing = table.columns.find((known) => known.name === column);
      if (existing === undefined) return refuse(operation, `table "${table.name}" has no column "${column}"`);
      return { kind: 'alterColumn', table: name, column, changes: renamed(existing, operation), using: null, existing };
    });
    const copies = new Map(
      own.map(({ column }) => {
        const known = quoteIdentifier(column);
        return [column, `CASE ${known} WHEN ${quoteString(value)} THEN ${quoteString(to)} ELSE ${known} END`];
      }),
    );
    return rebuild(changes, table, copies);
  });
}

function renamed(column: Column, operation: RenameEnumValue): AlterColumn['changes'] {
  const { value, to } = operation;
  const { type } = column;
  if (type.kind !== 'enum') return refuse(operation, `column "${column.name}" is no enumeration`);
  const values = type.values.map((known) => (known === value ? to : known));
  const isDefault = column.default !== null && render(column.default) === quoteString(value);
  return { type: { ...type, values }, ...(isDefault ? { default: { kind: 'literal', value: to } } : {}) };
}
