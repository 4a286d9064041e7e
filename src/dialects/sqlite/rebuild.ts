/**
 * What ALTER TABLE cannot do is done by a new table: made, filled, counted, put in the old one's place. The runner has
 * switched foreign keys off before BEGIN and compares `foreign_key_check` before COMMIT.
 * https://www.sqlite.org/lang_altertable.html#otheralter
 */
import { AludelError } from '../../errors.js';
import { applyToTable } from '../../operations/apply.js';
import { describe } from '../../operations/describe.js';
import type { Operation } from '../../operations/operation.js';
import type { Column, Table } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { compileCreateTable } from './create-table.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable } from './sql.js';

/** @throws AludelError ALUDEL_REBUILD_REFUSED naming what could not be carried over. */
export function rebuild(operation: Operation, before: Table): Statement[] {
  const { obstacles = [] } = before;
  if (obstacles.length > 0) {
    throw new AludelError(
      'ALUDEL_REBUILD_REFUSED',
      `To ${describe(operation)}, SQLite has to rebuild the table "${before.name}", which would lose ${obstacles.join(', ')}.`,
      { hint: 'Drop it in the revision before the change and create it again after it, with op.execute().' },
    );
  }
  const after = applyToTable(before, operation);
  const copy: Table = { ...after, name: `__aludel_new_${before.name}`, indexes: [] };
  const pairs = after.columns.flatMap((column): [string, string][] => {
    const source = sourceOf(column, operation, before);
    return column.generated !== null || source === undefined ? [] : [[column.name, source]];
  });
  const columns = quoteList(pairs.map(([name]) => name));
  const sources = quoteList(pairs.map(([, source]) => source));
  return [
    ...compileCreateTable(copy),
    ...(pairs.length === 0
      ? []
      : [{ sql: `INSERT INTO ${quoteTable(copy)} (${columns}) SELECT ${sources} FROM ${quoteTable(before)}` }]),
    ...(pairs.length === 0 ? [] : [countRows(before, copy)]),
    ...carryCounter(before, copy),
    { sql: `DROP TABLE ${quoteTable(before)}` },
    { sql: `ALTER TABLE ${quoteTable(copy)} RENAME TO ${quoteIdentifier(before.name)}` },
    ...compileCreateTable(after).slice(1),
  ];
}

/** The column of the old table that a column of the new one is filled from; none for one that is added. */
function sourceOf(column: Column, operation: Operation, before: Table): string | undefined {
  const renamed = operation.kind === 'alterColumn' && operation.changes.name === column.name;
  const source = renamed ? operation.column : column.name;
  return before.columns.find((known) => known.name === source)?.name;
}

function countRows(before: Table, copy: Table): Statement {
  const count = (table: Table): string => `(SELECT count(*) FROM ${quoteTable(table)})`;
  return {
    sql: `SELECT ${count(before)} AS expected, ${count(copy)} AS found`,
    expect: { kind: 'equalCounts', table: before.name },
  };
}

/** The highest key ever given out must not be given out again, even when its row is gone. */
function carryCounter(before: Table, copy: Table): Statement[] {
  const counts = (table: Table): boolean => table.columns.some((column) => column.generation?.kind === 'autoincrement');
  if (!counts(before) || !counts(copy)) return [];
  const [from, to] = [quoteString(before.name), quoteString(copy.name)];
  return [
    { sql: `DELETE FROM sqlite_sequence WHERE name = ${to}` },
    { sql: `INSERT INTO sqlite_sequence (name, seq) SELECT ${to}, seq FROM sqlite_sequence WHERE name = ${from}` },
  ];
}
