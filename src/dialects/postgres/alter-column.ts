import { changedColumn } from '../../operations/changed-column.js';
import type { AlterColumn } from '../../operations/operation.js';
import type { ServerVersion } from '../../engine/connection.js';
import type { Column, Table } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { commentOnColumn } from './comments.js';
import { addGeneration, changeIdentity, changesBeforeType, dropGeneration, onSequence } from './generation.js';
import { fixComputed, replaceColumn, takeOffComputed } from './replace-column.js';
import { renameAfterColumn } from './rename-generated.js';
import { render } from './expressions.js';
import { changeNotNull } from './not-null.js';
import { withoutCast } from './literals.js';
import { quoteIdentifier, quoteTable, quoteCollation } from './sql.js';
import { castsByItself, castTo, renderType } from './types.js';

/** ALTER TABLE ... ALTER COLUMN, the new name last. https://www.postgresql.org/docs/current/sql-altertable.html */
export function compileAlterColumn(
  operation: AlterColumn,
  live: Table | undefined,
  server: ServerVersion,
): Statement[] {
  const { table, column, changes } = operation;
  const existing = operation.existing ?? live?.columns.find((known) => known.name === column) ?? null;
  const alter = (action: string): Statement => ({
    sql: `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column)} ${action}`,
  });
  const { generation, comment, name, generated } = changes;
  if (generated != null && existing !== null) {
    const isStoredOtherwise = existing.generated?.stored !== generated.stored;
    if (existing.generated === null || isStoredOtherwise || server.major < 17) {
      return replaceColumn(table, existing, changedColumn(existing, changes), live);
    }
  }
  const changesGeneration = generation !== undefined;
  const keepsIdentity = existing?.generation?.kind === 'identity' && generation?.kind === 'identity';
  const statements: Statement[] = [];
  // Only what is stored can become a plain column where it stands.
  const isFixed = existing !== null && (server.major < 13 || existing.generated?.stored === false);
  if (generated === null)
    statements.push(...(isFixed ? fixComputed(table, existing, live) : [alter('DROP EXPRESSION')]));
  if (changesGeneration && !keepsIdentity && existing?.generation != null) {
    statements.push(...dropGeneration(table, existing, alter));
  }
  const identity = keepsIdentity ? changeIdentity(table, column, existing.generation, generation, alter) : [];
  const isNarrowed = keepsIdentity && changes.type !== undefined && changesBeforeType(existing.type, changes.type);
  if (isNarrowed) statements.push(...identity);
  const computed = changes.type === undefined || live === undefined ? null : takeOffComputed(live, [column]);
  statements.push(...(computed?.off ?? []), ...changeType(operation, existing, alter), ...(computed?.on ?? []));
  if (generated != null) statements.push(alter(`SET EXPRESSION AS (${render(generated.expression)})`));
  if (changes.default !== undefined && changes.type === undefined) {
    const action = changes.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${render(changes.default)}`;
    const only = operation.only === true ? 'ONLY ' : '';
    statements.push({
      sql: `ALTER TABLE ${only}${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column)} ${action}`,
    });
  }
  statements.push(...changeNotNull(table, existing, column, changes, server));
  if (keepsIdentity) statements.push(...(isNarrowed ? [] : identity));
  else if (changesGeneration && generation !== null) {
    statements.push(...addGeneration(table, column, changes.type ?? existing?.type, generation, alter));
  }
  if (comment !== undefined) statements.push(commentOnColumn(table, column, comment));
  if (name !== undefined) {
    const renaming = `RENAME COLUMN ${quoteIdentifier(column)} TO ${quoteIdentifier(name)}`;
    statements.push({ sql: `ALTER TABLE ${quoteTable(table)} ${renaming}` }, renameAfterColumn(table, column, name));
  }
  return statements;
}

/** A default has a type of its own, which may not follow the column's: it is taken off and put back. */
function changeType(
  operation: AlterColumn,
  existing: Column | null,
  alter: (action: string) => Statement,
): Statement[] {
  const { changes, column, using } = operation;
  const type = changes.type ?? existing?.type;
  if (type === undefined || (changes.type === undefined && changes.collation === undefined)) return [];
  const collation = changes.collation === undefined ? (existing?.collation ?? null) : changes.collation;
  const clauses = [`TYPE ${renderType(type)}`];
  if (collation !== null) clauses.push(`COLLATE ${quoteCollation(collation)}`);
  if (using !== null) clauses.push(`USING ${render(using)}`);
  else if (existing !== null && !castsByItself(existing.type, type)) {
    clauses.push(`USING ${castTo(type, quoteIdentifier(column), existing.type)}`);
  }
  const oldDefault = existing?.default ?? null;
  const newDefault = changes.default === undefined ? withoutCast(oldDefault) : changes.default;
  const movesDefault = changes.type !== undefined && (oldDefault !== null || changes.default !== undefined);
  // An identity's counter takes the new type along, that of a serial column does not.
  const keepsSerial = existing?.generation?.kind === 'serial' && changes.generation === undefined;
  const retypes = keepsSerial && changes.type !== undefined;
  return [
    // A script does not know what there is to take off.
    ...(movesDefault && (oldDefault !== null || existing === null) ? [alter('DROP DEFAULT')] : []),
    alter(clauses.join(' ')),
    ...(retypes ? [onSequence(operation.table, column, `ALTER SEQUENCE %s AS ${renderType(type)}`)] : []),
    ...(movesDefault && newDefault !== null ? [alter(`SET DEFAULT ${render(newDefault)}`)] : []),
    ...(movesDefault && newDefault === null && oldDefault === null && existing !== null ? [alter('DROP DEFAULT')] : []),
  ];
}
