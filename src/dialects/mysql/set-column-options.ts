import type { SetTableOptions } from '../../operations/operation.js';
import { applyToTable } from '../../operations/apply.js';
import { columnOfOption, findTable } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';
import { hiddenBy } from './invisible-columns.js';
import { restateColumn } from './restate-column.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** What is said with the rest of a column only: on MySQL all but whether it is shown. */
export function setColumnOptions(operation: SetTableOptions, { before, server }: CompileContext): Statement[] {
  const { table, changes } = operation;
  const [isMysql, database] = [server.dialect === 'mysql', server.dialect === 'mysql' ? 'MySQL' : 'MariaDB'];
  const alter = (action: string): Statement => ({ sql: `ALTER TABLE ${quoteTable(table)} ${action}` });
  const shown = Object.entries(changes).flatMap(([key, value]) => {
    const name = isMysql ? hiddenBy(key) : null;
    if (name === null) return [];
    return [alter(`ALTER COLUMN ${quoteIdentifier(name)} SET ${value === true ? 'INVISIBLE' : 'VISIBLE'}`)];
  });
  const keys = Object.keys(changes).filter((key) => !isMysql || hiddenBy(key) === null);
  const names = new Set(keys.flatMap((key) => columnOfOption(key) ?? []));
  if (names.size === 0) return shown;
  if (before === null) {
    return refuse(operation, `${database} restates column "${[...names][0]}", which only a connection tells`);
  }
  const known = findTable(before, table);
  if (known === undefined) return shown;
  const changed = applyToTable(known, operation);
  return [
    ...shown,
    ...changed.columns
      .filter(({ name }) => names.has(name))
      .map((column) => alter(`MODIFY ${restateColumn(column, changed, server)}`)),
  ];
}
