/**
 * What ALTER TABLE cannot do is done by a new table, made from the old one's own text: the old one is put aside, the new
 * one made, filled and counted, the old one dropped, indexes and triggers made again, views tried. Any number of
 * alterations make one rebuild. The runner has switched foreign keys off before BEGIN and compares `foreign_key_check`
 * before COMMIT. https://www.sqlite.org/lang_altertable.html#otheralter
 */
import { AludelError } from '../../errors.js';
import { applyToTable } from '../../operations/apply.js';
import { describe } from '../../operations/describe.js';
import type { Operation } from '../../operations/operation.js';
import { REBUILT_PREFIX } from '../../schema/table-name.js';
import { type Column, isLayoutOption, type NamedSql, type Table, type TableSource } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuseRemovedValues } from '../removed-values.js';
import { compileCreateTable, createIndex } from './create-table.js';
import { foldName, unquoteName } from './ddl/names.js';
import { normaliseTokens } from './ddl/normalise-tokens.js';
import { tokenize } from './ddl/tokenizer.js';
import { editAll, findUnnamed } from './edit-all.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable } from './sql.js';
import { renderType } from './types.js';

/**
 * `copies`: SQL for values that are not copied as they are, by column.
 * @throws AludelError ALUDEL_REBUILD_REFUSED naming what could not be carried over.
 */
export function rebuild(
  planned: readonly Operation[],
  before: Table,
  copies: ReadonlyMap<string, string> = new Map(),
): Statement[] {
  const operations = planned.map((operation) => findUnnamed(operation, before));
  const source = before.source ?? generateSource(before);
  const after = operations.reduce(applyToTable, before);
  const sql = operations.some(changesLayout)
    ? layOutAnew(before, after, operations)
    : editAll(source.sql, operations, after);
  refuseBrokenTriggers(source.triggers, before, after, operations);
  const aside: Table = { ...before, name: REBUILT_PREFIX + before.name };
  return [
    ...refuseMissingValues(operations, before),
    // A column that is copied with its values renamed loses none of them.
    ...refuseLostEnumValues(
      operations.filter((operation) => operation.kind !== 'alterColumn' || !copies.has(operation.column)),
      before,
    ),
    // Otherwise renaming would rewrite what refers to the table, and stumble over views.
    { sql: 'PRAGMA legacy_alter_table = ON' },
    { sql: `ALTER TABLE ${quoteTable(before)} RENAME TO ${quoteIdentifier(aside.name)}` },
    { sql },
    ...copyRows(operations, before, after, aside, copies),
    ...carryCounter(before, after, aside),
    { sql: `DROP TABLE ${quoteTable(aside)}` },
    ...restoreIndexes(source.indexes, before, after),
    ...source.triggers.map((trigger) => ({ sql: trigger.sql })),
    { sql: 'PRAGMA legacy_alter_table = OFF' },
    ...source.views.map((view) => ({ sql: `SELECT 1 FROM ${quoteIdentifier(view)} LIMIT 0` })),
  ];
}

/** Other words for the same table: the statement is written from what is known of it, which must be all there is. */
function layOutAnew(before: Table, after: Table, operations: readonly Operation[]): string {
  const { source, ...known } = before;
  const wordsOf = (sql: string): string =>
    normaliseTokens(sql.replace(/^CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS/i, 'CREATE TABLE'));
  if (source !== undefined && wordsOf(generateSource(known).sql) !== wordsOf(source.sql)) {
    throw new AludelError(
      'ALUDEL_REBUILD_REFUSED',
      `Cannot ${operations.map(describe).join(', ')}: the statement of "${before.name}" says what Aludel has no words for.`,
      { hint: 'Write the new CREATE TABLE into the revision with op.execute(), and copy the rows.' },
    );
  }
  const { source: _source, ...table } = after;
  return generateSource(table).sql;
}

function changesLayout(operation: Operation): boolean {
  return operation.kind === 'setTableOptions' && Object.keys(operation.changes).some(isLayoutOption);
}

/** Without a database, the text is what we would have written. */
function generateSource(table: Table): TableSource {
  const [create] = compileCreateTable(table);
  const indexes = table.indexes.map((index) => ({ name: index.name, sql: createIndex(table, index).sql }));
  return { sql: create?.sql ?? '', indexes, triggers: [], views: [] };
}

function copyRows(
  operations: readonly Operation[],
  before: Table,
  after: Table,
  aside: Table,
  copies: ReadonlyMap<string, string>,
): Statement[] {
  const names = keptColumns(operations, before, after);
  const count = (table: Table): string => `(SELECT count(*) FROM ${quoteTable(table)})`;
  const rowid = names.length > 0 ? hiddenRowid(before, after) : [];
  const [columns, values] =
    names.length > 0
      ? [
          [...rowid, quoteList(names)].join(', '),
          [...rowid, ...names.map((name) => copies.get(name) ?? quoteIdentifier(name))].join(', '),
        ]
      : emptyRow(after);
  if (columns === '') return [];
  return [
    { sql: `INSERT INTO ${quoteTable(after)} (${columns}) SELECT ${values} FROM ${quoteTable(aside)}` },
    {
      sql: `SELECT ${count(aside)} AS expected, ${count(after)} AS found`,
      expect: { kind: 'equalCounts', table: before.name },
    },
  ];
}

/**
 * The number that SQLite gives to each row, where no column shows it: a full-text index may know the rows by it.
 * https://www.sqlite.org/lang_createtable.html#rowid
 */
function hiddenRowid(before: Table, after: Table): readonly string[] {
  const [key, ...more] = after.primaryKey?.columns ?? [];
  // Only in this word is a key the number itself: `INT` and `BIGINT` are columns of their own.
  const isNumber = ({ name, type }: Column): boolean => name === key && renderType(type).toUpperCase() === 'INTEGER';
  const isShown = more.length === 0 && after.columns.some(isNumber);
  if (isShown || [before, after].some(({ options }) => options['withoutRowid'] === true)) return [];
  const taken = new Set([...before.columns, ...after.columns].map(({ name }) => foldName(name)));
  return ['rowid', '_rowid_', 'oid'].filter((name) => !taken.has(name)).slice(0, 1);
}

/** The columns whose values go from the old table to the new one; one that is dropped and added again starts empty. */
function keptColumns(operations: readonly Operation[], before: Table, after: Table): string[] {
  const dropped = operations.flatMap((operation) => (operation.kind === 'dropColumn' ? [operation.column] : []));
  const kept = new Set(before.columns.map((column) => column.name).filter((name) => !dropped.includes(name)));
  return after.columns.filter((column) => column.generated === null && kept.has(column.name)).map(({ name }) => name);
}

/** Rows of which no column stays are rows all the same: one column says its default. */
function emptyRow(after: Table): [column: string, value: string] {
  const column = after.columns.find((known) => known.generated === null);
  if (column === undefined) return ['', ''];
  return [quoteIdentifier(column.name), column.default === null ? 'NULL' : `(${render(column.default)})`];
}

/** What would fail half-way with the name of a table that nobody knows is said beforehand. */
function refuseMissingValues(operations: readonly Operation[], table: Table): Statement[] {
  return operations.flatMap((operation): Statement[] => {
    if (operation.kind === 'addColumn') {
      const { nullable, default: value, generated, generation, name } = operation.column;
      const isKey = operations.some(
        (other) => other.kind === 'addConstraint' && other.constraint.kind === 'primaryKey',
      );
      if (nullable || value !== null || generated !== null || generation !== null || isKey) return [];
      const problem = `Column "${name}" is required and has no default, and table "${table.name}" has rows.`;
      return [{ sql: `SELECT 1 FROM ${quoteTable(table)} LIMIT 1`, expect: { kind: 'noRows', problem } }];
    }
    if (operation.kind !== 'alterColumn' || operation.changes.nullable !== false) return [];
    const existing = table.columns.find((column) => column.name === operation.column);
    if (existing === undefined || operation.changes.generated != null) return [];
    const problem = `Column "${operation.column}" of table "${table.name}" is to be required and holds NULL.`;
    const where = `${quoteIdentifier(operation.column)} IS NULL`;
    return [{ sql: `SELECT 1 FROM ${quoteTable(table)} WHERE ${where} LIMIT 1`, expect: { kind: 'noRows', problem } }];
  });
}

/** The new check would fail half-way, and without a count. */
function refuseLostEnumValues(operations: readonly Operation[], table: Table): Statement[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== 'alterColumn') return [];
    const existing = table.columns.find((column) => column.name === operation.column);
    return refuseRemovedValues(table, operation.column, existing?.type, operation.changes.type, SPELLING);
  });
}

const SPELLING = { quoteIdentifier, quoteString, quoteTable };

/** The highest key ever given out must not be given out again, even when its row is gone. */
function carryCounter(before: Table, after: Table, aside: Table): Statement[] {
  const counts = (table: Table): boolean => table.columns.some((column) => column.generation !== null);
  if (!counts(before) || !counts(after)) return [];
  const [from, to] = [quoteString(aside.name), quoteString(after.name)];
  return [
    { sql: `DELETE FROM sqlite_sequence WHERE name = ${to}` },
    { sql: `INSERT INTO sqlite_sequence (name, seq) SELECT ${to}, seq FROM sqlite_sequence WHERE name = ${from}` },
  ];
}

/** Indexes that stay come back from their own text, new ones from ours. */
function restoreIndexes(sources: readonly NamedSql[], before: Table, after: Table): Statement[] {
  return after.indexes.map((index) => {
    const known = before.indexes.some((candidate) => candidate.name === index.name && candidate === index);
    const text = known ? sources.find((source) => source.name === index.name) : undefined;
    return text === undefined ? createIndex(after, index) : { sql: text.sql };
  });
}

/** A trigger is only read when it fires: one that names a column which is gone would fail then. */
function refuseBrokenTriggers(
  triggers: readonly NamedSql[],
  before: Table,
  after: Table,
  operations: readonly Operation[],
): void {
  const gone = before.columns.filter((column) => !after.columns.some((known) => known.name === column.name));
  for (const trigger of triggers) {
    const words = new Set(tokenize(trigger.sql).map((token) => foldName(unquoteName(token.text))));
    const column = gone.find(({ name }) => words.has(foldName(name)));
    if (column === undefined) continue;
    throw new AludelError(
      'ALUDEL_REBUILD_REFUSED',
      `Cannot ${operations.map(describe).join(', ')}: trigger "${trigger.name}" mentions "${column.name}".`,
      { hint: 'Drop the trigger before it with op.execute(), and create it again without the column after it.' },
    );
  }
}
