/**
 * The mode of the server decides what it does with a value that does not fit: it refuses it, or cuts it and says so in a warning.
 * It is set for the statements that need another one, and comes back behind them: what else a revision says means what it always did.
 * https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html, https://mariadb.com/kb/en/sql-mode/
 */
import { type Operation, tableOf } from '../../operations/operation.js';
import { type Column, findTable } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { render } from './expressions.js';

export function withSqlMode(
  operation: Operation,
  { before }: CompileContext,
  statements: readonly Statement[],
): readonly Statement[] {
  const name = tableOf(operation);
  const known = before === null || name === null ? undefined : findTable(before, name);
  const hasZeroDates = [...(known?.columns ?? []), ...columnsIn(operation)].some(hasZeroDate);
  if (statements.length === 0 || (!hasZeroDates && !convertsValues(operation))) return statements;
  const wanted = convertsValues(operation) ? `CONCAT('${KEEPS_VALUES},', ${ZERO_DATES})` : ZERO_DATES;
  return [
    { sql: `SET @aludel_sql_mode = @@sql_mode, sql_mode = ${wanted}` },
    ...statements,
    { sql: 'SET sql_mode = @aludel_sql_mode' },
  ];
}

/**
 * A column whose default is '0000-00-00', or that holds it, was made where the mode allowed it; the usual one refuses it, even where
 * another column of the table changes.
 */
const ZERO_DATES = ['NO_ZERO_IN_DATE', 'NO_ZERO_DATE'].reduce(
  (mode, word) => `REPLACE(${mode}, '${word}', '')`,
  '@@sql_mode',
);

/** Nothing is cut, and a row numbered 0 keeps its number when its column begins to count. */
const KEEPS_VALUES = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO';

/** True where rows that are there get other values if theirs do not fit. */
function convertsValues(operation: Operation): boolean {
  switch (operation.kind) {
    case 'alterColumn': {
      const { type, nullable, collation, generation } = operation.changes;
      return type !== undefined || nullable === false || collation !== undefined || generation !== undefined;
    }
    case 'setTableOptions':
      return ['charset', 'collation', 'engine'].some((option) => operation.changes[option] !== undefined);
    case 'addConstraint':
      return operation.constraint.kind === 'primaryKey';
    default:
      return false;
  }
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
