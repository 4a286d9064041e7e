import { compileScript, type ScriptContext } from '../runtime/compile-script.js';
import { placeOperations, splitByAutocommit } from '../runtime/operation-groups.js';
import { delimit } from '../runtime/print-statement.js';
import type { Operation } from '../operations/operation.js';

/** Operations as an SQL script that a database's own client can run: in a transaction where that undoes DDL. */
export function renderScript(operations: readonly Operation[], { dialect, server, schema }: ScriptContext): string {
  if (operations.length === 0) return '';
  const { transactionalDdl } = dialect.capabilities;
  const origins = operations.map((operation) => ({ operation, at: null, isAutocommit: false }));
  const hidesKeys = operations.some((one) => dialect.needsForeignKeysOff(one));
  const lines: string[] = hidesKeys ? ['PRAGMA foreign_keys = OFF;'] : [];
  let before = schema;
  for (const part of splitByAutocommit(placeOperations(origins, dialect, true))) {
    const compiled = compileScript(
      part.map(({ operation }) => operation),
      { dialect, server, schema: before },
    );
    before = compiled.schema;
    const isInside = transactionalDdl && part[0]?.isAutocommit !== true;
    const statements = compiled.statements.map((statement) => delimit(statement, dialect));
    const check = hidesKeys ? ['PRAGMA foreign_key_check;'] : [];
    lines.push(...(isInside ? ['BEGIN;', ...statements, ...check, 'COMMIT;'] : statements));
  }
  if (hidesKeys) lines.push('PRAGMA foreign_keys = ON;');
  return `${lines.join('\n')}\n`;
}
