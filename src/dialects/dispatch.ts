import { AludelError } from '../errors.js';
import { describe } from '../operations/describe.js';
import type { Operation, OperationKind, OperationOf } from '../operations/operation.js';
import { formatTableName } from '../schema/table-name.js';
import { findTable, type Schema, type Table, type TableName } from '../schema/table.js';
import type { CompileContext, Statement } from './dialect.js';

/** One function an operation: a new kind of operation does not compile until every dialect knows it. */
export type CompileHandlers = {
  readonly [K in OperationKind]: (operation: OperationOf<K>, context: CompileContext) => readonly Statement[];
};

export function dispatch(
  handlers: CompileHandlers,
  operation: Operation,
  context: CompileContext,
): readonly Statement[] {
  const handler = handlers[operation.kind] as (known: Operation, context: CompileContext) => readonly Statement[];
  return handler(operation, context);
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED */
export function refuse(operation: Operation, reason: string, hint?: string): never {
  throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', `Cannot ${describe(operation)}: ${reason}.`, { hint });
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED where the database has no IF EXISTS or IF NOT EXISTS for the operation. */
export function refuseConditional(operation: Operation, database: string): void {
  const isConditional = 'ifExists' in operation || 'ifNotExists' in operation;
  if (!isConditional) return;
  const clause = 'ifExists' in operation ? 'IF EXISTS' : 'IF NOT EXISTS';
  refuse(operation, `${database} has no ${clause} for it`, 'Leave the option out for this database.');
}
/** The same everywhere: what the user has written, and what no dialect can know. */
export const writtenByHand: Pick<CompileHandlers, 'execute' | 'custom' | 'opaque'> = {
  execute: ({ sql, params }) => [{ sql, params }],
  custom: (operation) =>
    refuse(
      operation,
      'no plugin of the config defines it',
      'Add the plugin that does to "plugins" in the config file.',
    ),
  opaque: (operation) => refuse(operation, 'code cannot be printed as SQL'),
};

type NamespaceKind = 'createNamespace' | 'dropNamespace';

/** The handlers of a database without namespaces. */
export function withoutNamespaces(reason: string): Pick<CompileHandlers, NamespaceKind> {
  return {
    createNamespace: (operation) => refuse(operation, reason),
    dropNamespace: (operation) => refuse(operation, reason),
  };
}

type EnumKind = 'createEnum' | 'dropEnum' | 'addEnumValue' | 'alterEnum' | 'renameEnum' | 'setEnumComment';

const nothing = (): Statement[] => [];

/** The handlers of a database where the values stand in the columns or their checks: comparison alters these. */
export const withoutEnumTypes: Pick<CompileHandlers, EnumKind> = {
  createEnum: nothing,
  dropEnum: nothing,
  addEnumValue: nothing,
  alterEnum: nothing,
  setEnumComment: nothing,
  renameEnum: nothing,
};

/** The handlers of a database that has no NOT VALID. */
export const alwaysValid: Pick<CompileHandlers, 'validateConstraint'> = {
  validateConstraint: (operation) => refuse(operation, 'constraints always hold for every row here'),
};

type SequenceKind = 'createSequence' | 'alterSequence' | 'dropSequence' | 'renameSequence';

const refuseSequence = (operation: Operation): never => refuse(operation, 'this database has no sequences');

/** The handlers of a database without sequences: autogenerate never makes such an operation there. */
export const withoutSequences: Pick<CompileHandlers, SequenceKind> = {
  createSequence: refuseSequence,
  alterSequence: refuseSequence,
  dropSequence: refuseSequence,
  renameSequence: refuseSequence,
};

/** The schema before the operation, where it cannot be compiled without. */
export function requireSchema(operation: Operation, context: CompileContext): Schema {
  if (context.before !== null) return context.before;
  throw new AludelError(
    'ALUDEL_NEEDS_CONNECTION',
    `To ${describe(operation)} the database has to be read first, and there is no connection.`,
    { hint: 'Run "aludel upgrade" on a database instead of printing SQL.' },
  );
}

/** The table before the operation. */
export function requireTable(name: TableName, operation: Operation, context: CompileContext): Table {
  const table = findTable(requireSchema(operation, context), name);
  if (table !== undefined) return table;
  throw new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `Cannot ${describe(operation)}: the database has no table "${formatTableName(name)}".`,
    { hint: 'Check the name, and whether an earlier revision creates the table.' },
  );
}
