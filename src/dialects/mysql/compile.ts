import type { ServerVersion } from '../../engine/connection.js';
import type { AddConstraint, DropConstraint, Operation } from '../../operations/operation.js';
import { type Constraint, constraintsOf, findTable } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import {
  alwaysValid,
  type CompileHandlers,
  refuse,
  refuseConditional,
  requireTable,
  withoutEnumTypes,
  withoutNamespaces,
  writtenByHand,
} from '../dispatch.js';
import { refuseConstraintParts } from '../postgres-parts.js';
import { compileAddColumn, compileAlterColumn } from './alter-column.js';
import { alterKeys } from './alter-keys.js';
import { compileCreateTable, constraintDefinition, indexDefinition } from './create-table.js';
import { statementOf } from '../../schema/objects.js';
import { featuresOf } from './features.js';
import { refuseUnkeyedCounters } from './normalise.js';
import { dropObject, replaceObject } from './objects/statements.js';
import { sequenceHandlers } from './sequences.js';
import { setColumnOptions } from './set-column-options.js';
import { setTableOptions } from './set-table-options.js';
import { renameConstraint, renameKey } from './rename-constraint.js';
import { renameEnumValue } from './rename-enum-value.js';
import { restateColumn } from './restate-column.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';
import { rowHandlers, type RowWriter } from '../write-rows.js';

const one = (sql: string): Statement[] => [{ sql }];

const ROWS: RowWriter = {
  quoteIdentifier,
  quoteTable,
  placeholder: () => '?',
  render,
  isPostgres: false,
  noValues: '() VALUES ()',
  maxParameters: 65_535,
};

export const handlers: CompileHandlers = {
  ...withoutNamespaces('a database has no namespaces here'),
  ...withoutEnumTypes,
  renameEnumValue,
  ...sequenceHandlers,
  createTable: ({ table, ifNotExists }, { server }) => {
    refuseUnkeyedCounters(table, server);
    table.checks.forEach((check) => refuseConstraintParts(check, table, databaseName(server)));
    table.foreignKeys.forEach((key) => refuseConstraintParts(key, table, databaseName(server)));
    return compileCreateTable(table, server, ifNotExists);
  },
  dropTable: ({ table, ifExists }) => one(`DROP TABLE ${ifExists === true ? 'IF EXISTS ' : ''}${quoteTable(table)}`),
  renameTable: ({ table, to }) =>
    one(`RENAME TABLE ${quoteTable(table)} TO ${quoteTable({ namespace: table.namespace, name: to })}`),
  setTableComment: ({ table, comment }) =>
    one(`ALTER TABLE ${quoteTable(table)} COMMENT = ${quoteString(comment ?? '')}`),
  // Only PostgreSQL keeps comments on indexes and constraints.
  setComment: (operation, context) => {
    const { object, name, comment, table } = operation;
    const known = context.before === null ? undefined : findTable(context.before, table);
    const index = known?.indexes.find((found) => found.name === name);
    if (object !== 'index' || index === undefined) return [];
    const { comment: _comment, ...rest } = index;
    const changed = indexDefinition(comment === null ? rest : { ...rest, comment }, table, context.server);
    return one(`ALTER TABLE ${quoteTable(table)} DROP INDEX ${quoteIdentifier(name)}, ADD ${changed}`);
  },
  addColumn: (operation, context) => compileAddColumn(operation, context, conditional(operation, context.server)),
  dropColumn: (operation, { server }) => {
    const words = conditional(operation, server);
    return one(`ALTER TABLE ${quoteTable(operation.table)} DROP COLUMN ${words}${quoteIdentifier(operation.column)}`);
  },
  alterColumn: (operation, context) => {
    const { before, server } = context;
    const restates = Object.keys(operation.changes).some((key) => key !== 'name');
    const isNeeded = operation.existing === null && restates;
    const known = before === null ? undefined : findTable(before, operation.table);
    return compileAlterColumn(operation, isNeeded ? requireTable(operation.table, operation, context) : known, server);
  },
  createIndex: (operation, context) => {
    const { index, table } = operation;
    const words = conditional(operation, context.server);
    if (index.definition !== null) return one(index.definition);
    const definition = indexDefinition(index, table, context.server).replace('INDEX ', (word) => word + words);
    return alterKeys(operation, `ADD ${definition}`, context);
  },
  dropIndex: (operation, context) => {
    const words = conditional(operation, context.server);
    return alterKeys(operation, `DROP INDEX ${words}${quoteIdentifier(operation.name)}`, context);
  },
  renameIndex: ({ table, name, to }) => one(renameKey(table, name, to)),
  addConstraint: (operation, context) => {
    refuseConstraintParts(operation.constraint, operation.table, databaseName(context.server));
    return alterKeys(operation, addAction(operation, context), context);
  },
  dropConstraint: (operation, context) => {
    const words = conditional(operation, context.server);
    const action = words === '' ? dropAction(operation, context) : dropIfExists(operation, context, words);
    return action === null ? [] : alterKeys(operation, action, context);
  },
  ...alwaysValid,
  renameConstraint: (operation, context) => renameConstraint(operation, context),
  setTableOptions: (operation, context) => {
    const known = context.before === null ? undefined : findTable(context.before, operation.table);
    return [...setTableOptions(operation, known, context.server), ...setColumnOptions(operation, context)];
  },
  createObject: ({ object }) => one(statementOf(object)),
  replaceObject: ({ object }) => replaceObject(object),
  dropObject: ({ object }) => dropObject(object),
  ...rowHandlers(ROWS),
  ...writtenByHand,
};

/** A check that MariaDB keeps in a column comes by restating the column. */
function addAction({ table: name, constraint }: AddConstraint, { before, server }: CompileContext): string {
  const table = before === null ? undefined : findTable(before, name);
  const column = table?.columns.find((known) => known.name === constraint.name);
  const isOwn = constraint.kind === 'check' && featuresOf(server).isMariadb;
  if (!isOwn || table === undefined || column === undefined) return `ADD ${constraintDefinition(constraint)}`;
  return `MODIFY ${restateColumn(column, { ...table, checks: [constraint] }, server)}`;
}

/** `IF EXISTS `, `IF NOT EXISTS ` or nothing. MySQL has them for tables only. */
function conditional(operation: Operation, server: ServerVersion): string {
  const [exists, missing] = ['ifExists' in operation, 'ifNotExists' in operation];
  if (!featuresOf(server).isMariadb) refuseConditional(operation, 'MySQL');
  return exists ? 'IF EXISTS ' : missing ? 'IF NOT EXISTS ' : '';
}

/** MariaDB takes any constraint for what it is by its name alone; a primary key has none. */
function dropIfExists(operation: DropConstraint, context: CompileContext, words: string): string | null {
  const type = operation.type ?? operation.existing?.kind ?? null;
  const known = context.before === null ? undefined : findTable(context.before, operation.table);
  const isGone = known !== undefined && !constraintsOf(known).some(({ name }) => name === operation.name);
  if (type === 'primaryKey') return known?.primaryKey === null ? null : 'DROP PRIMARY KEY';
  if (isGone) return null;
  return `DROP CONSTRAINT ${words}${quoteIdentifier(operation.name ?? refuse(operation, 'it has no name'))}`;
}

function databaseName(server: ServerVersion): string {
  return featuresOf(server).isMariadb ? 'MariaDB' : 'MySQL';
}

function dropAction(operation: DropConstraint, context: CompileContext): string {
  const type = operation.type ?? operation.existing?.kind ?? typeBefore(operation, context);
  if (type === 'primaryKey') return 'DROP PRIMARY KEY';
  const name = operation.name ?? operation.existing?.name ?? refuse(operation, 'it has no name');
  switch (type) {
    case 'foreignKey':
      return `DROP FOREIGN KEY ${quoteIdentifier(name)}`;
    case 'unique':
      return `DROP INDEX ${quoteIdentifier(name)}`;
    case 'exclusion':
      return refuse(operation, 'this database has no exclusion constraints');
    case 'check':
      return dropCheck(operation, name, context);
  }
}

/** A check that MariaDB keeps in a column goes by restating the column. */
function dropCheck(operation: DropConstraint, name: string, { before, server }: CompileContext): string {
  if (!featuresOf(server).isMariadb) return `DROP CHECK ${quoteIdentifier(name)}`;
  const table = before === null ? undefined : findTable(before, operation.table);
  const column = table?.columns.find((known) => known.name === name);
  if (table === undefined || column === undefined) return `DROP CONSTRAINT ${quoteIdentifier(name)}`;
  const restated = restateColumn(column, { ...table, checks: [] }, server);
  return `DROP CONSTRAINT IF EXISTS ${quoteIdentifier(name)}, MODIFY ${restated}`;
}

function typeBefore(operation: DropConstraint, context: CompileContext): Constraint['kind'] {
  const table = requireTable(operation.table, operation, context);
  const known = constraintsOf(table).find((constraint) => constraint.name === operation.name);
  return known?.kind ?? refuse(operation, 'the table has no such constraint');
}
