import type { Dialect, Statement } from '../dialects/dialect.js';
import type { ServerVersion } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import type { Schema } from '../schema/table.js';
import { compileGroup, groupOperations } from './operation-groups.js';

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
      statements.push(printStatement(statement, origin.operation));
    }
    before = group.reduce(apply, before);
  }
  return { statements, schema: before };
}

/** What Aludel would look at while it runs operations is left to the reader of a file. */
function printStatement({ sql, params = [], expect }: Statement, operation: Operation): string {
  if (params.length > 0) {
    throw new AludelError(
      'ALUDEL_USAGE',
      `To ${describe(operation)} parameters have to be bound: it cannot be SQL alone.`,
      {
        hint: 'Leave out --sql, or set "revisionFormat" to "module".',
      },
    );
  }
  if (expect === undefined) return `${sql};`;
  const what = expect.kind === 'noRows' ? 'must give no row' : 'must give two equal numbers';
  return `-- To check by hand, ${what}:\n-- ${sql.replaceAll(/\s*\n\s*/gu, ' ')};`;
}
