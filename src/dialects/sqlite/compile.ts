import type { AddColumn, AlterColumn, DropColumn, Operation } from '../../operations/operation.js';
import { columnsOf } from '../../schema/expressions/expression.js';
import { type ObjectName, statementOf } from '../../schema/objects.js';
import { REBUILT_PREFIX } from '../../schema/table-name.js';
import { type Column, constraintsOf, type Table, type TableName } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import {
  alwaysValid,
  type CompileHandlers,
  refuseConditional,
  requireTable,
  withoutEnumTypes,
  withoutNamespaces,
  withoutSequences,
  writtenByHand,
} from '../dispatch.js';
import { refuseConstraintParts } from '../postgres-parts.js';
import { columnDefinition } from './columns.js';
import { compileCreateTable, createIndex } from './create-table.js';
import { foldName, unquoteName } from './ddl/names.js';
import { tokenize } from './ddl/tokenizer.js';
import { rebuild } from './rebuild.js';
import { renameEnumValue } from './rename-enum-value.js';
import { renameIndex } from './rename-index.js';
import { render } from './expressions.js';
import { isClockWord, isPlainDefault, quoteIdentifier, quoteTable } from './sql.js';
import { rowHandlers, type RowWriter } from '../write-rows.js';
import { refuseStrangeOptions } from '../table-option-names.js';

const one = (sql: string): Statement[] => [{ sql }];

function rebuildTable(operation: Operation, name: TableName, context: CompileContext): Statement[] {
  return rebuild([operation], requireTable(name, operation, context));
}

const ROWS: RowWriter = {
  quoteIdentifier,
  quoteTable,
  placeholder: () => '?',
  render,
  isPostgres: false,
  noValues: 'DEFAULT VALUES',
  maxParameters: 32_766,
};

export const handlers: CompileHandlers = {
  ...withoutNamespaces('SQLite has no namespaces'),
  ...withoutEnumTypes,
  renameEnumValue,
  ...withoutSequences,
  createTable: ({ table, ifNotExists }) => {
    for (const constraint of constraintsOf(table)) refuseConstraintParts(constraint, table, 'SQLite');
    return compileCreateTable(table, ifNotExists);
  },
  dropTable: ({ table, ifExists }) => one(`DROP TABLE ${ifExists === true ? 'IF EXISTS ' : ''}${quoteTable(table)}`),
  renameTable: ({ table, to }) => {
    // Names that differ in nothing but their case are the same to SQLite, which refuses the one for the other.
    const isRecased = foldName(table.name) === foldName(to);
    const aside = { ...table, name: REBUILT_PREFIX + to };
    return isRecased ? [...renameTable(table, aside.name), ...renameTable(aside, to)] : renameTable(table, to);
  },
  // SQLite keeps no comments.
  setTableComment: () => [],
  // Only PostgreSQL keeps comments on indexes and constraints.
  setComment: () => [],
  addColumn: (operation, context) =>
    canAddColumn(operation.column)
      ? one(`ALTER TABLE ${quoteTable(operation.table)} ADD COLUMN ${columnDefinition(operation.column)}`)
      : rebuildTable(operation, operation.table, context),
  dropColumn: (operation, context) =>
    isRebuild(operation, context)
      ? rebuildTable(operation, operation.table, context)
      : one(`ALTER TABLE ${quoteTable(operation.table)} DROP COLUMN ${quoteIdentifier(operation.column)}`),
  alterColumn: (operation, context) => {
    const { table, column, changes } = operation;
    const { name, ...others } = changes;
    const change = { ...operation, changes: others };
    const from = quoteIdentifier(column);
    return [
      ...(changesNothing(change) ? [] : rebuildTable(change, table, context)),
      ...(name === undefined
        ? []
        : one(`ALTER TABLE ${quoteTable(table)} RENAME COLUMN ${from} TO ${quoteIdentifier(name)}`)),
    ];
  },
  createIndex: ({ table, index, ifNotExists }) => [createIndex(table, index, ifNotExists)],
  dropIndex: ({ name, ifExists }) => one(`DROP INDEX ${ifExists === true ? 'IF EXISTS ' : ''}${quoteIdentifier(name)}`),
  renameIndex: (operation, context) => renameIndex(operation, requireTable(operation.table, operation, context)),
  addConstraint: (operation, context) => rebuildTable(operation, operation.table, context),
  dropConstraint: (operation, context) => rebuildTable(operation, operation.table, context),
  setTableOptions: (operation, context) => {
    refuseStrangeOptions(operation.table, operation.changes);
    return rebuildTable(operation, operation.table, context);
  },
  createObject: ({ object }) => one(statementOf(object)),
  replaceObject: ({ object }) => [...dropObject(object), ...one(statementOf(object))],
  dropObject: ({ object }) => dropObject(object),
  ...alwaysValid,
  renameConstraint: (operation, context) => rebuildTable(operation, operation.table, context),
  ...rowHandlers(ROWS),
  ...writtenByHand,
};

function renameTable(table: TableName, to: string): Statement[] {
  return one(`ALTER TABLE ${quoteTable(table)} RENAME TO ${quoteIdentifier(to)}`);
}

function dropObject({ kind, name }: ObjectName): Statement[] {
  return one(`DROP ${kind === 'virtualTable' ? 'TABLE' : kind.toUpperCase()} ${quoteIdentifier(name)}`);
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED for what an operation on a table asks for and SQLite cannot do. */
export function refuseUnsupported(operation: Operation): void {
  switch (operation.kind) {
    case 'addColumn':
    case 'dropColumn':
    case 'dropConstraint':
      return refuseConditional(operation, 'SQLite');
    case 'addConstraint':
      return refuseConstraintParts(operation.constraint, operation.table, 'SQLite');
    default:
      return undefined;
  }
}

/** True for an operation that ALTER TABLE may not be able to do, so that the table has to be known. */
export function needsSchema(operation: Operation): boolean {
  switch (operation.kind) {
    case 'addColumn':
      return !canAddColumn(operation.column);
    case 'alterColumn':
      return !changesNothing(operation);
    case 'setTableOptions':
      return true;
    case 'dropColumn':
    case 'addConstraint':
    case 'dropConstraint':
    case 'renameConstraint':
    case 'renameIndex':
      return true;
    case 'renameEnumValue':
      return operation.columns.length > 0;
    default:
      return false;
  }
}

/** https://www.sqlite.org/lang_altertable.html#altertabaddcol */
function canAddColumn(column: AddColumn['column']): boolean {
  if (column.generated?.stored === true || column.generation !== null) return false;
  if (column.default === null) return column.nullable;
  const text = render(column.default);
  const isConstant = isPlainDefault(text) && !isClockWord(text);
  return isConstant && (column.nullable || text.toUpperCase() !== 'NULL');
}

/** A new name is said by itself; comments and ON UPDATE do not exist here. */
function changesNothing({ changes }: AlterColumn): boolean {
  return Object.keys(changes).every((key) => key === 'name' || key === 'comment' || key === 'onUpdate');
}

/** https://www.sqlite.org/lang_altertable.html#altertabdropcol: anything that mentions the column stands in the way. */
function isRebuild(operation: DropColumn, context: CompileContext): boolean {
  const table = requireTable(operation.table, operation, context);
  const column = table.columns.find((known) => known.name === operation.column);
  return column === undefined || isMentioned(column, table);
}

function isMentioned(column: Column, table: Table): boolean {
  const keys = [table.primaryKey, ...table.uniques, ...table.foreignKeys].flatMap((key) => key?.columns ?? []);
  const expressions = [
    ...table.checks.map((check) => check.expression),
    ...table.columns.flatMap((known) => (known.generated === null ? [] : [known.generated.expression])),
    ...table.indexes.flatMap((index) => [...index.parts.map((part) => part.expression), ...listOf(index.where)]),
  ];
  const isEnum = column.type.kind === 'enum';
  return (
    isEnum ||
    keys.includes(column.name) ||
    expressions.some(
      (expression) =>
        columnsOf(expression).includes(column.name) ||
        tokenize(render(expression)).some((token) => foldName(unquoteName(token.text)) === foldName(column.name)),
    )
  );
}

function listOf<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
