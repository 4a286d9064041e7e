import { applyToTable } from '../../operations/apply.js';
import { changedColumn } from '../../operations/changed-column.js';
import type { ServerVersion } from '../../engine/connection.js';
import type { AddColumn, AlterColumn } from '../../operations/operation.js';
import type { Column, Table } from '../../schema/table.js';
import type { DatabaseObject } from '../../schema/objects.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse, requireTable } from '../dispatch.js';
import { refuseRemovedValues } from '../removed-values.js';
import { actionsAroundColumn, madeOfColumn } from './around-column.js';
import { actionsAroundRename } from './around-rename.js';
import { partnerOf } from './application-period.js';
import { columnDefinition } from './columns.js';
import { render } from './expressions.js';
import { refuseMissingValues } from './missing-values.js';
import { restateColumn } from './restate-column.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';
import { featuresOf } from './features.js';
import { differsByRow } from './differs-by-row.js';

const SPELLING = { quoteIdentifier, quoteString, quoteTable };

/** MODIFY and CHANGE restate the whole column. https://dev.mysql.com/doc/refman/8.4/en/alter-table.html */
export function compileAlterColumn(
  operation: AlterColumn,
  live: Table | undefined,
  server: ServerVersion,
): Statement[] {
  const { table, column, changes } = operation;
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const { name, ...others } = changes;
  if (name !== undefined && Object.keys(others).length === 0) {
    const around = live === undefined ? { before: [], after: [] } : actionsAroundRename(live, column, name, server);
    const renaming = `RENAME COLUMN ${quoteIdentifier(column)} TO ${quoteIdentifier(name)}`;
    return [{ sql: `${alter} ${[...around.before, renaming, ...around.after].join(', ')}` }];
  }
  // What a hand-written `existing` leaves out (a comment, a collation) is only known to the table.
  const existing = live?.columns.find((known) => known.name === column) ?? operation.existing;
  if (existing == null) return refuse(operation, 'the table has no such column');
  const changed = changedColumn(existing, changes);
  const definition =
    live === undefined ? columnDefinition(changed, server) : restateColumn(changed, live, server, column);
  const verb = changed.name === column ? 'MODIFY' : `CHANGE ${quoteIdentifier(column)}`;
  const partner = live === undefined ? null : partnerOf(live, column);
  // MariaDB loses a period behind CHANGE.
  if (live !== undefined && partner !== null && changed.name !== column) {
    const renamed = applyToTable(live, { ...operation, changes: { name: changed.name }, existing });
    return [
      ...compileAlterColumn({ ...operation, changes: { name: changed.name } }, live, server),
      ...compileAlterColumn({ ...operation, column: changed.name, changes: others }, renamed, server),
    ];
  }
  const along =
    live === undefined || partner === null || others.type === undefined
      ? ''
      : `, MODIFY ${restateColumn({ ...partner, type: changed.type }, live, server)}`;
  const modify = { sql: `${alter} ${verb} ${definition}${along}` };
  if (isVirtual(existing) === isVirtual(changed)) {
    const removed = refuseRemovedValues(table, column, existing.type, changes.type, SPELLING);
    const text = needsText(existing, changed, server) ? [throughText(alter, existing, server)] : [];
    return [...refuseMissingValues(operation), ...removed, ...text, modify];
  }
  if (changed.generated !== null) return [replaceColumn(operation, changed, live, server)];
  // Only a stored value becomes a plain one: the column is stored first.
  const stored = { ...existing, generated: existing.generated && { ...existing.generated, stored: true } };
  return [replaceColumn(operation, stored, live, server), modify];
}

/** MariaDB converts a UUID to and from texts and bytes only. https://mariadb.com/kb/en/uuid-data-type/ */
function needsText(from: Column, to: Column, server: ServerVersion): boolean {
  if (!featuresOf(server).uuid || from.generated !== null) return false;
  const [before, after] = [from.type.kind, to.type.kind];
  const meets = (one: string, other: string): boolean =>
    one === 'uuid' && !['uuid', 'bytes', 'char', 'varchar', 'text', 'custom'].includes(other);
  return meets(before, after) || meets(after, before);
}

/** A row that is no such text fails at the second step, and keeps its value as text. */
function throughText(alter: string, existing: Column, server: ServerVersion): Statement {
  const type = { kind: 'varchar', length: 40 } as const;
  const column: Column = { ...existing, type, default: null, onUpdate: null, generation: null };
  return { sql: `${alter} MODIFY ${columnDefinition(column, server)}` };
}

/**
 * What is computed at each reading becomes what is stored, or the other way, by a new column only.
 * https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html
 */
function isVirtual({ generated }: Column): boolean {
  return generated?.stored === false;
}

function replaceColumn(
  { table, column }: AlterColumn,
  changed: Column,
  live: Table | undefined,
  server: ServerVersion,
): Statement {
  const made = live === undefined ? [] : madeOfColumn(live, column);
  const names = [column, ...made.map(({ name }) => name)];
  const around = live === undefined ? { dropped: [], added: [] } : actionsAroundColumn(live, names, server);
  // Its checks are among those that are put back.
  const define = (one: Column, name: string): string =>
    live === undefined ? columnDefinition(one, server) : restateColumn(one, { ...live, checks: [] }, server, name);
  const actions = [
    ...around.dropped,
    ...names.toReversed().map((name) => `DROP COLUMN ${quoteIdentifier(name)}`),
    ...[changed, ...made].map((one, i) => `ADD COLUMN ${define(one, names[i] ?? one.name)}`),
    ...around.added,
  ];
  return { sql: `ALTER TABLE ${quoteTable(table)} ${actions.join(', ')}` };
}

/**
 * ADD COLUMN. A counter has to be a key at once, and its key is an operation of its own: here it is one for as long as
 * the server numbers the rows (which no UPDATE could do without running triggers), and counts again with its key.
 */
export function compileAddColumn(operation: AddColumn, context: CompileContext, words: string): Statement[] {
  const { server } = context;
  const { table, column } = operation;
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const definition = columnDefinition(column, server);
  if (column.generation === null) {
    if (differsByRow(column, server)) return addFilledColumn(operation, context);
    const checked = words === '' ? refuseMissingValues(operation) : [];
    return [...checked, { sql: `${alter} ADD COLUMN ${words}${definition}` }];
  }
  if (words !== '') return refuse(operation, 'a counter needs its key at once');
  const key = quoteIdentifier(`aludel_${column.name}`.slice(0, 64));
  const still = columnDefinition(column, server, { isKeyed: false });
  return [
    { sql: `${alter} ADD COLUMN ${definition}, ADD INDEX ${key} (${quoteIdentifier(column.name)})` },
    { sql: `${alter} MODIFY ${still}, DROP INDEX ${key}` },
  ];
}

/** The rows get their values by an UPDATE, which goes by rows into the log and changes nothing else about them. */
function addFilledColumn(operation: AddColumn, context: CompileContext): Statement[] {
  const { table, column } = operation;
  const { columns } = requireTable(operation.table, operation, context);
  const trigger = context.before?.objects?.find((object) => firesOnUpdate(object, table.name));
  if (trigger !== undefined) {
    return refuse(operation, `the rows need an UPDATE for its default, and that would run trigger "${trigger.name}"`);
  }
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const value = column.default === null ? 'NULL' : render(column.default);
  // What follows each UPDATE stays when it is said.
  const kept = columns.filter(({ onUpdate }) => onUpdate !== null).map(({ name }) => quoteIdentifier(name));
  const assignments = [`${quoteIdentifier(column.name)} = ${value}`, ...kept.map((name) => `${name} = ${name}`)];
  return [
    { sql: `${alter} ADD COLUMN ${columnDefinition({ ...column, default: null, nullable: true }, context.server)}` },
    { sql: `UPDATE ${quoteTable(table)} SET ${assignments.join(', ')}` },
    { sql: `${alter} MODIFY ${columnDefinition(column, context.server)}` },
  ];
}

function firesOnUpdate({ kind, table, definition }: DatabaseObject, name: string): boolean {
  return (
    kind === 'trigger' && table?.name === name && /^CREATE TRIGGER .*? (?:BEFORE|AFTER) UPDATE /is.test(definition)
  );
}
