/**
 * A column whose default is '0000-00-00' was made where the server's mode allowed it. MySQL's usual mode refuses the default,
 * even where another column of the table changes: it is lifted for the statements, and comes back behind them.
 * https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sqlmode_no_zero_date
 */
import { type Operation, tableOf } from '../../operations/operation.js';
import { type Column, findTable } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { render } from './expressions.js';

export function allowZeroDates(
  operation: Operation,
  { before }: CompileContext,
  statements: readonly Statement[],
): readonly Statement[] {
  const name = tableOf(operation);
  const known = before === null || name === null ? undefined : findTable(before, name);
  if (statements.length === 0 || ![...(known?.columns ?? []), ...columnsIn(operation)].some(hasZeroDate))
    return statements;
  const modes = ['NO_ZERO_IN_DATE', 'NO_ZERO_DATE'].reduce(
    (mode, word) => `REPLACE(${mode}, '${word}', '')`,
    '@@sql_mode',
  );
  return [
    { sql: `SET @aludel_sql_mode = @@sql_mode, sql_mode = ${modes}` },
    ...statements,
    { sql: 'SET sql_mode = @aludel_sql_mode' },
  ];
}

function columnsIn(operation: Operation): readonly Pick<Column, 'default'>[] {
  switch (operation.kind) {
    case 'createTable':
      return operation.table.columns;
    case 'addColumn':
      return [operation.column];
    case 'alterColumn':
      return [{ default: operation.existing?.default ?? null }, { default: operation.changes.default ?? null }];
    default:
      return [];
  }
}

function hasZeroDate({ default: value }: Pick<Column, 'default'>): boolean {
  return value !== null && /^'\d{4}-(?:00-\d{2}|\d{2}-00)/.test(render(value));
}
