import type { SetTableOptions } from '../../operations/operation.js';
import { findTable, type TableOptions } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';
import { hiddenBy } from './invisible-columns.js';
import { restateColumn } from './restate-column.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** MariaDB says it with the rest of the column only. */
export function setInvisible(operation: SetTableOptions, { before, server }: CompileContext): Statement[] {
  const { table, changes } = operation;
  return Object.entries(changes).flatMap(([key, value]): Statement[] => {
    const name = hiddenBy(key);
    if (name === null) return [];
    const alter = (action: string): Statement[] => [{ sql: `ALTER TABLE ${quoteTable(table)} ${action}` }];
    if (server.dialect === 'mysql') {
      return alter(`ALTER COLUMN ${quoteIdentifier(name)} SET ${value === true ? 'INVISIBLE' : 'VISIBLE'}`);
    }
    if (before === null) return refuse(operation, `MariaDB restates column "${name}", which only a connection tells`);
    const known = findTable(before, table);
    const column = known?.columns.find((one) => one.name === name);
    if (known === undefined || column === undefined) return [];
    const options: TableOptions = { ...known.options, [key]: value === true };
    return alter(`MODIFY ${restateColumn(column, { ...known, options }, server)}`);
  });
}
