import type { SetTableOptions } from '../../operations/operation.js';
import { applyToTable } from '../../operations/apply.js';
import { columnOfOption, findTable } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';
import { hiddenBy } from './invisible-columns.js';
import { restateColumn } from './restate-column.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** MariaDB says it with the rest of the column only. */
export function setColumnOptions(operation: SetTableOptions, { before, server }: CompileContext): Statement[] {
  const { table, changes } = operation;
  const alter = (action: string): Statement => ({ sql: `ALTER TABLE ${quoteTable(table)} ${action}` });
  if (server.dialect === 'mysql') {
    return Object.entries(changes).flatMap(([key, value]) => {
      const name = hiddenBy(key);
      if (name === null) return [];
      return [alter(`ALTER COLUMN ${quoteIdentifier(name)} SET ${value === true ? 'INVISIBLE' : 'VISIBLE'}`)];
    });
  }
  const names = new Set(Object.keys(changes).flatMap((key) => columnOfOption(key) ?? []));
  if (names.size === 0) return [];
  if (before === null) {
    return refuse(operation, `MariaDB restates column "${[...names][0]}", which only a connection tells`);
  }
  const known = findTable(before, table);
  if (known === undefined) return [];
  const changed = applyToTable(known, operation);
  return changed.columns
    .filter(({ name }) => names.has(name))
    .map((column) => alter(`MODIFY ${restateColumn(column, changed, server)}`));
}
