import type { Dialect } from '../dialects/dialect.js';
import type { ServerVersion } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import type { Schema } from '../schema/table.js';
import { compileGroup, groupOperations } from './operation-groups.js';
import { printStatement } from './print-statement.js';

export interface ScriptContext {
  readonly dialect: Dialect;
  readonly server: ServerVersion;
  /** The schema that the operations find. */
  readonly schema: Schema;
}

/** The operations as statements for a file, and the schema behind them. */
export function compileScript(
  operations: readonly Operation[],
  { dialect, server, schema }: ScriptContext,
): { readonly statements: readonly string[]; readonly schema: Schema } {
  const origins = operations.map((operation) => ({ operation, at: null, isAutocommit: false }));
  const statements: string[] = [];
  let before = schema;
  for (const { origin, operations: group } of groupOperations(origins, dialect)) {
    for (const statement of compileGroup(group, dialect, { server, before })) {
      const printed = printStatement(statement, dialect);
      if (printed === null) throw unprintable(origin.operation);
      statements.push(printed);
    }
    before = group.reduce(apply, before);
  }
  return { statements, schema: before };
}

function unprintable(operation: Operation): AludelError {
  return new AludelError(
    'ALUDEL_USAGE',
    `To ${describe(operation)} parameters have to be bound: it cannot be SQL alone.`,
    { hint: 'Leave out --sql, or set "revisionFormat" to "module".' },
  );
}
