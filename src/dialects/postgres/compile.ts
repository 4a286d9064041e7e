import { findObject, findTable } from '../../schema/table.js';
import type { OperationOf } from '../../operations/operation.js';
import type { DatabaseObject, ObjectKind } from '../../schema/objects.js';
import type { CompileContext, Statement } from '../dialect.js';
import { type CompileHandlers, refuse, requireSchema, writtenByHand } from '../dispatch.js';
import { compileAlterColumn } from './alter-column.js';
import { commentOnColumn, commentOnPart, commentOnTable, commentOnType, commentsOfIdentity } from './comments.js';
import { addConstraint, validateConstraint } from './constraints.js';
import { columnDefinition, compileCreateTable } from './create-table.js';
import { addEnumValue, createEnum } from './enums.js';
import { createIndex, createIndexConcurrently, dropIndex } from './indexes.js';
import { aroundDependents } from './objects/around-dependents.js';
import { createObject, dropObject, replaceObject } from './objects/statements.js';
import { maySwap, needsSwap, swapObject } from './objects/swap-object.js';
import { detach, setTableOptions } from './table-options.js';
import { alterSequence, createSequence } from './sequences.js';
import { renameAfterTable } from './rename-generated.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';
import { addNotNull, isNotNullLater } from './not-null.js';
import { rowHandlers, type RowWriter } from '../write-rows.js';
import { alterEnum } from './swap-enum.js';

const one = (sql: string): Statement[] => [{ sql }];

const ROWS: RowWriter = {
  quoteIdentifier,
  quoteTable,
  placeholder: (index) => `$${index}`,
  render,
  isPostgres: true,
  noValues: 'DEFAULT VALUES',
  maxParameters: 65_535,
};

export const handlers: CompileHandlers = {
  createNamespace: ({ name }) => one(`CREATE SCHEMA ${quoteIdentifier(name)}`),
  dropNamespace: ({ name }) => one(`DROP SCHEMA ${quoteIdentifier(name)}`),
  createEnum: (operation) => createEnum(operation.enum),
  dropEnum: (operation) => one(`DROP TYPE ${quoteTable(operation.enum)}`),
  addEnumValue: (operation) => [addEnumValue(operation)],
  alterEnum: (operation, context) => {
    const before = requireSchema(operation, context);
    return aroundDependents(operation, before, alterEnum(operation, before));
  },
  createSequence: ({ sequence }) => createSequence(sequence),
  renameEnum: ({ enum: type, to }) => one(`ALTER TYPE ${quoteTable(type)} RENAME TO ${quoteIdentifier(to)}`),
  setEnumComment: ({ enum: type, comment }) => [commentOnType(type, comment)],
  renameEnumValue: ({ enum: type, value, to }) =>
    one(`ALTER TYPE ${quoteTable(type)} RENAME VALUE ${quoteString(value)} TO ${quoteString(to)}`),
  alterSequence,
  renameSequence: ({ sequence, to }) => one(`ALTER SEQUENCE ${quoteTable(sequence)} RENAME TO ${quoteIdentifier(to)}`),
  dropSequence: ({ sequence }) => one(`DROP SEQUENCE ${quoteTable(sequence)}`),
  createTable: (operation, { server }) => compileCreateTable(operation.table, operation, server),
  dropTable: ({ table, existing, ifExists }) => [
    // A foreign key to the partitioned table holds on to each partition.
    ...(existing?.options['partitionOf'] === undefined ? [] : detach(existing)),
    ...one(`DROP TABLE ${ifExists === true ? 'IF EXISTS ' : ''}${quoteTable(table)}`),
  ],
  renameTable: ({ table, to }) => [
    ...one(`ALTER TABLE ${quoteTable(table)} RENAME TO ${quoteIdentifier(to)}`),
    renameAfterTable(table, to),
  ],
  setTableComment: ({ table, comment }) => [commentOnTable(table, comment)],
  addColumn: ({ table, column, ifNotExists }) => [
    ...one(
      `ALTER TABLE ${quoteTable(table)} ADD COLUMN ${ifNotExists === true ? 'IF NOT EXISTS ' : ''}${columnDefinition(column)}`,
    ),
    ...(isNotNullLater(column) ? [addNotNull(table, column)] : []),
    ...(column.comment === null ? [] : [commentOnColumn(table, column.name, column.comment)]),
    ...commentsOfIdentity(table, column.name, column.generation),
  ],
  dropColumn: ({ table, column, ifExists }) =>
    one(
      `ALTER TABLE ${quoteTable(table)} DROP COLUMN ${ifExists === true ? 'IF EXISTS ' : ''}${quoteIdentifier(column)}`,
    ),
  alterColumn: (operation, { before, server }) =>
    compileAlterColumn(operation, before === null ? undefined : findTable(before, operation.table), server),
  setComment: ({ object, table, name, comment }) => [commentOnPart(object, table, name, comment)],
  createIndex: (operation, context) =>
    operation.concurrently === true
      ? createIndexConcurrently(operation, context)
      : createIndex(operation.table, operation.index, operation),
  dropIndex: (operation) => [dropIndex(operation.table, operation.name, operation)],
  renameIndex: ({ table, name, to }) =>
    one(`ALTER INDEX ${quoteTable({ namespace: table.namespace, name })} RENAME TO ${quoteIdentifier(to)}`),
  addConstraint: ({ table, constraint }) => addConstraint(table, constraint),
  dropConstraint: (operation) => {
    const name = operation.name ?? refuse(operation, 'it has no name');
    const words = operation.ifExists === true ? 'IF EXISTS ' : '';
    return one(`ALTER TABLE ${quoteTable(operation.table)} DROP CONSTRAINT ${words}${quoteIdentifier(name)}`);
  },
  setTableOptions,
  createObject: ({ object }) => createObject(object),
  replaceObject: (operation, context) => {
    const existing = objectBefore(operation, context);
    if (existing === null || !maySwap(existing, operation.object)) return replaceObject(existing, operation.object);
    const before = requireSchema(operation, context);
    const swap = needsSwap(existing, operation.object, before);
    return swap
      ? aroundDependents(operation, before, swapObject(operation, existing, { before, server: context.server }))
      : replaceObject(existing, operation.object);
  },
  dropObject: (operation, context) => dropObject(operation.object, objectBefore(operation, context)),
  validateConstraint,
  renameConstraint: ({ table, name, to }) =>
    one(`ALTER TABLE ${quoteTable(table)} RENAME CONSTRAINT ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`),
  ...rowHandlers(ROWS),
  ...writtenByHand,
};

/** Kinds that are changed part by part, or taken back in their own words, have to be known as they were. */
export function needsObjectBefore({ object, existing }: OperationOf<'replaceObject' | 'dropObject'>): boolean {
  return existing === null && PARTIAL.has(object.kind);
}

/** A type that is swapped under its columns has to know them. */
export function replacementNeedsSchema(operation: OperationOf<'replaceObject'>): boolean {
  const { object, existing } = operation;
  return needsObjectBefore(operation) || (existing !== null && maySwap(existing, object));
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
