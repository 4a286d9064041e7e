/** What goes along with a change of keys and indexes in the same ALTER TABLE, because the server insists on it. */
import type { AddConstraint, CreateIndex, DropConstraint, DropIndex } from '../../operations/operation.js';
import { applyToTable } from '../../operations/apply.js';
import { findTable, type Table } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { isKeyed, restateColumn } from './restate-column.js';
import { keysWithImplicitIndex, serves } from './implicit-index.js';
import { quoteIdentifier, quoteList, quoteTable } from './sql.js';

export type KeyOperation = AddConstraint | CreateIndex | DropConstraint | DropIndex;

/** `ALTER TABLE ... <action>`, and what the action entails. */
export function alterKeys(operation: KeyOperation, action: string, context: CompileContext): Statement[] {
  const before = context.before === null ? undefined : findTable(context.before, operation.table);
  const entailed = before === undefined ? [] : entailedActions(before, operation, context);
  return [{ sql: `ALTER TABLE ${quoteTable(operation.table)} ${[action, ...entailed].join(', ')}` }];
}

function entailedActions(before: Table, operation: KeyOperation, context: CompileContext): string[] {
  const after = applyToTable(before, operation);
  return [...counterActions(before, after, context), ...implicitIndexActions(before, after)];
}

/** A counter stops before its last key goes, and starts with its first. */
function counterActions(before: Table, after: Table, context: CompileContext): string[] {
  return after.columns
    .filter(({ generation, name }) => generation !== null && isKeyed(before, name) !== isKeyed(after, name))
    .map((column) => `MODIFY ${restateColumn(column, after, context.server)}`);
}

/**
 * A foreign key that loses the index it used gets one of its own; one that goes, or finds another index, leaves none
 * behind. The server does only half of this by itself.
 */
function implicitIndexActions(before: Table, after: Table): string[] {
  const had = keysWithImplicitIndex(before);
  const has = keysWithImplicitIndex(after);
  const existed = new Set(before.foreignKeys.map((key) => key.name));
  const kept = new Set(has.map((key) => key.name));
  const hadOne = new Set(had.map((key) => key.name));
  const added = has.filter((key) => existed.has(key.name) && !hadOne.has(key.name));
  const dropped = had.filter((key) => !kept.has(key.name) && !has.some((other) => serves(key.columns, other)));
  return [
    ...added.map((key) => `ADD INDEX ${quoteIdentifier(key.name ?? '')} (${quoteList(key.columns)})`),
    ...dropped.map((key) => `DROP INDEX ${quoteIdentifier(key.name ?? '')}`),
  ];
}
