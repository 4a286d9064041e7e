/** How a column that exists begins or ceases to count up. https://www.postgresql.org/docs/current/sql-altertable.html */
import { sameData } from '../../schema/same.js';
import { serialName } from '../../schema/serial-name.js';
import type { Column, Generation, Identity, TableName } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import type { Statement } from '../dialect.js';
import { commentOnIdentity, commentsOfIdentity } from './comments.js';
import { identityClause } from './create-table.js';
import { doBlock, quoteIdentifier, quoteString, quoteTable } from './sql.js';
import { renderType } from './types.js';

type Alter = (action: string) => Statement;

export function dropGeneration(table: TableName, existing: Column, alter: Alter): Statement[] {
  if (existing.generation?.kind !== 'serial') return [alter('DROP IDENTITY')];
  // The default goes first: nothing may depend on the sequence. Owned by the column, it is still found by it.
  return [alter('DROP DEFAULT'), onSequence(table, existing.name, 'DROP SEQUENCE %s')];
}

/** A new counter starts behind the rows that are there. */
export function addGeneration(
  table: TableName,
  column: string,
  type: ColumnType | undefined,
  generation: Generation,
  alter: Alter,
): Statement[] {
  if (generation.kind !== 'serial') {
    return [
      alter(`ADD GENERATED ${identityClause(generation)}`),
      skipRows(table, column, generation),
      ...commentsOfIdentity(table, column, generation),
    ];
  }
  const sequence = quoteTable({ namespace: table.namespace, name: serialName(table.name, column) });
  const owner = `${quoteTable(table)}.${quoteIdentifier(column)}`;
  const as = type === undefined ? '' : ` AS ${renderType(type)}`;
  return [
    { sql: `CREATE SEQUENCE ${sequence}${as} OWNED BY ${owner}` },
    alter(`SET DEFAULT nextval(${quoteString(sequence)})`),
    skipRows(table, column, generation),
  ];
}

/** The counter stays where it is; options that were not said go back to the server's own. */
export function changeIdentity(
  table: TableName,
  column: string,
  from: Identity,
  to: Identity,
  alter: Alter,
): Statement[] {
  const { sequence: before, comment: said, ...options } = from;
  const { sequence, comment, ...wanted } = to;
  const name = quoteIdentifier(sequence ?? serialName(table.name, column)).replaceAll('%', '%%');
  return [
    ...(before === sequence ? [] : [onSequence(table, column, `ALTER SEQUENCE %s RENAME TO ${name}`)]),
    ...(sameData(options, wanted) ? [] : [changeOptions(table, column, from, to, alter)]),
    ...(said === comment ? [] : [commentOnIdentity(table, column, to)]),
  ];
}

/** Between new bounds there may be no place for what comes next: a counter that gave no number begins anew there. */
function changeOptions(table: TableName, column: string, from: Identity, to: Identity, alter: Alter): Statement {
  const change = alter(identityChanges(to));
  const turns = countsDown(from) !== countsDown(to);
  if (from.min === to.min && from.max === to.max && !turns) return change;
  const unused = quoteString(
    'SELECT NOT is_called AND last_value = (SELECT seqstart FROM pg_sequence WHERE seqrelid = %L::regclass) FROM %s',
  );
  return {
    sql: doBlock(`DECLARE counter text = ${sequenceOf(table, column)}; unused boolean;
BEGIN
  EXECUTE format(${unused}, counter, counter) INTO unused;
  IF unused THEN ${change.sql} RESTART;
  ELSE ${change.sql};
  END IF;
END`),
  };
}

function countsDown({ increment }: Identity): boolean {
  return increment?.startsWith('-') === true;
}

/** True where the counter takes its new options while the column is of the wider type still: they may not fit the other. */
export function changesBeforeType(from: ColumnType, to: ColumnType): boolean {
  return (WIDTHS[from.kind] ?? 0) > (WIDTHS[to.kind] ?? 0);
}

const WIDTHS: Readonly<Record<string, number>> = { smallint: 2, integer: 4, bigint: 8 };

function identityChanges({ always, start, increment, min, max, cache, cycle }: Identity): string {
  const isDescending = increment?.startsWith('-') === true;
  return [
    `SET GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'}`,
    `SET INCREMENT BY ${increment ?? '1'}`,
    min === null ? 'SET NO MINVALUE' : `SET MINVALUE ${min}`,
    max === null ? 'SET NO MAXVALUE' : `SET MAXVALUE ${max}`,
    `SET START WITH ${start ?? (isDescending ? (max ?? '-1') : (min ?? '1'))}`,
    `SET CACHE ${cache ?? '1'}`,
    cycle ? 'SET CYCLE' : 'SET NO CYCLE',
  ].join(' ');
}

/** A statement on the sequence that a column owns, whatever it is called; `%s` stands for it. */
export function onSequence(table: TableName, column: string, statement: string): Statement {
  const found = `format(${quoteString(statement)}, ${sequenceOf(table, column)})`;
  return { sql: doBlock(`BEGIN EXECUTE ${found}; END`) };
}

function skipRows(table: TableName, column: string, generation: Generation): Statement {
  const { start = null, increment = null } = generation.kind === 'identity' ? generation : {};
  const isDescending = increment?.startsWith('-') === true;
  const [last, furthest] = isDescending ? ['min', 'LEAST'] : ['max', 'GREATEST'];
  const name = quoteIdentifier(column);
  const next = `(SELECT ${last}(${name}) FROM ${quoteTable(table)}) + ${increment === null ? '1' : `(${increment})`}`;
  const first = start ?? (isDescending ? '-1' : '1');
  return { sql: `SELECT setval(${sequenceOf(table, column)}, ${furthest}(${next}, ${first}), false)` };
}

function sequenceOf(table: TableName, column: string): string {
  return `pg_get_serial_sequence(${quoteString(quoteTable(table))}, ${quoteString(column)})`;
}
