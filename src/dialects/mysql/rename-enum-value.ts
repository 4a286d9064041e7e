import type { RenameEnumValue } from '../../operations/operation.js';
import type { Column, Table } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse, requireTable } from '../dispatch.js';
import { restateColumn } from './restate-column.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';

/**
 * A value becomes another one in three steps for each column: both are allowed, the rows change, the old one goes. MODIFY
 * alone would refuse the rows that hold it.
 */
export function renameEnumValue(operation: RenameEnumValue, context: CompileContext): Statement[] {
  return operation.columns.flatMap(({ table: name, column: columnName }) => {
    const table = requireTable(name, operation, context);
    const column = table.columns.find((known) => known.name === columnName);
    if (column === undefined) return refuse(operation, `table "${name.name}" has no column "${columnName}"`);
    return renameInColumn(operation, table, column, context);
  });
}

function renameInColumn(
  operation: RenameEnumValue,
  table: Table,
  column: Column,
  { server }: CompileContext,
): Statement[] {
  const { value, to } = operation;
  const { type } = column;
  if (type.kind !== 'enum') return refuse(operation, `column "${column.name}" is no enumeration`);
  const values = type.values.map((known) => (known === value ? to : known));
  const isDefault = column.default !== null && render(column.default) === quoteString(value);
  const renamed: Column = {
    ...column,
    type: { ...type, values },
    default: isDefault ? { kind: 'literal', value: to } : column.default,
  };
  const both: Column = { ...column, type: { ...type, values: [...type.values, to] } };
  const name = quoteIdentifier(column.name);
  const modify = (known: Column): Statement => ({
    sql: `ALTER TABLE ${quoteTable(table)} MODIFY ${restateColumn(known, table, server)}`,
  });
  // What ON UPDATE sets is no time at which a person changed the row.
  const kept = table.columns.filter((known) => known.onUpdate !== null).map((known) => quoteIdentifier(known.name));
  const set = [`${name} = ${quoteString(to)}`, ...kept.map((known) => `${known} = ${known}`)].join(', ');
  return [
    modify(both),
    { sql: `UPDATE ${quoteTable(table)} SET ${set} WHERE ${name} = ${quoteString(value)}` },
    modify(renamed),
  ];
}
