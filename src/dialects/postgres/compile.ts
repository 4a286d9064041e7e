import { findObject, findTable } from '../../schema/table.js';
import type { OperationOf } from '../../operations/operation.js';
import type { DatabaseObject, ObjectKind } from '../../schema/objects.js';
import type { CompileContext, Statement } from '../dialect.js';
import { type CompileHandlers, refuse, requireSchema } from '../dispatch.js';
import { compileAlterColumn } from './alter-column.js';
import { commentOnColumn, commentOnPart, commentOnTable } from './comments.js';
import { addConstraint } from './constraints.js';
import { columnDefinition, compileCreateTable } from './create-table.js';
import { createIndex } from './indexes.js';
import { addEnumValue, alterEnum, createEnum } from './enums.js';
import { createObject, dropObject, replaceObject } from './objects/statements.js';
import { detach, setTableOptions } from './table-options.js';
import { alterSequence, createSequence } from './sequences.js';
import { quoteIdentifier, quoteTable } from './sql.js';

const one = (sql: string): Statement[] => [{ sql }];

export const handlers: CompileHandlers = {
  createNamespace: ({ name }) => one(`CREATE SCHEMA ${quoteIdentifier(name)}`),
  dropNamespace: ({ name }) => one(`DROP SCHEMA ${quoteIdentifier(name)}`),
  createEnum: (operation) => [createEnum(operation.enum, operation.enum.values)],
  dropEnum: (operation) => one(`DROP TYPE ${quoteTable(operation.enum)}`),
  addEnumValue: (operation) => [addEnumValue(operation)],
  alterEnum: (operation, context) => alterEnum(operation, requireSchema(operation, context)),
  createSequence: ({ sequence }) => createSequence(sequence),
  alterSequence,
  dropSequence: ({ sequence }) => one(`DROP SEQUENCE ${quoteTable(sequence)}`),
  createTable: ({ table }) => compileCreateTable(table),
  dropTable: ({ table, existing }) => [
    // A foreign key to the partitioned table holds on to each partition.
    ...(existing?.options['partitionOf'] === undefined ? [] : detach(existing)),
    ...one(`DROP TABLE ${quoteTable(table)}`),
  ],
  renameTable: ({ table, to }) => one(`ALTER TABLE ${quoteTable(table)} RENAME TO ${quoteIdentifier(to)}`),
  setTableComment: ({ table, comment }) => [commentOnTable(table, comment)],
  addColumn: ({ table, column }) => [
    ...one(`ALTER TABLE ${quoteTable(table)} ADD COLUMN ${columnDefinition(column)}`),
    ...(column.comment === null ? [] : [commentOnColumn(table, column.name, column.comment)]),
  ],
  dropColumn: ({ table, column }) => one(`ALTER TABLE ${quoteTable(table)} DROP COLUMN ${quoteIdentifier(column)}`),
  alterColumn: (operation, { before, server }) =>
    compileAlterColumn(operation, before === null ? undefined : findTable(before, operation.table), server),
  setComment: ({ object, table, name, comment }) => [commentOnPart(object, table, name, comment)],
  createIndex: ({ table, index }) => createIndex(table, index),
  dropIndex: ({ table, name }) => one(`DROP INDEX ${quoteTable({ namespace: table.namespace, name })}`),
  addConstraint: ({ table, constraint }) => addConstraint(table, constraint),
  dropConstraint: (operation) => {
    const name = operation.name ?? refuse(operation, 'it has no name');
    return one(`ALTER TABLE ${quoteTable(operation.table)} DROP CONSTRAINT ${quoteIdentifier(name)}`);
  },
  setTableOptions,
  createObject: ({ object }) => createObject(object),
  replaceObject: (operation, context) => replaceObject(objectBefore(operation, context), operation.object),
  dropObject: (operation, context) => dropObject(operation.object, objectBefore(operation, context)),
  execute: ({ sql, params }) => [{ sql, params }],
  opaque: (operation) => refuse(operation, 'code cannot be printed as SQL'),
};

/** Kinds that are changed part by part, or taken back in their own words, have to be known as they were. */
export function needsObjectBefore({ object, existing }: OperationOf<'replaceObject' | 'dropObject'>): boolean {
  return existing === null && PARTIAL.has(object.kind);
}

const PARTIAL: ReadonlySet<ObjectKind> = new Set(['compositeType', 'defaultGrant', 'domain', 'grant']);

function objectBefore(
  operation: OperationOf<'replaceObject' | 'dropObject'>,
  context: CompileContext,
): DatabaseObject | null {
  const { object, existing } = operation;
  const isNeeded = needsObjectBefore(operation);
  const known = existing ?? findObject(isNeeded ? requireSchema(operation, context) : context.before, object);
  return known ?? (isNeeded ? refuse(operation, 'the database has no such object') : null);
}
