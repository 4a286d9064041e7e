/** Several alterations of one table make one rebuild: finds those that can be carried out together with the first one. */
import { type Operation, tableOf } from '../../operations/operation.js';
import { tableKey } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { dispatch, requireTable } from '../dispatch.js';
import { handlers, needsSchema, refuseUnsupported } from './compile.js';
import { rebuild } from './rebuild.js';

/** Operations on the table of the first one, up to anything that must not be overtaken; or the first one alone. */
export function findGroup(operations: readonly Operation[]): readonly Operation[] {
  const [first, ...rest] = operations;
  if (first === undefined) return [];
  const table = tableOf(first);
  if (table === null || !isPart(first)) return [first];
  const end = rest.findIndex((operation) => !isPart(operation));
  const candidates = (end === -1 ? rest : rest.slice(0, end)).filter((operation) => {
    const other = tableOf(operation);
    return other !== null && tableKey(other) === tableKey(table);
  });
  const group = [first, ...candidates];
  return group.length > 1 && group.some(needsSchema) ? group : [first];
}

/** One rebuild where the group needs one, else each operation by itself. */
export function compileGroup(operations: readonly Operation[], context: CompileContext): readonly Statement[] {
  operations.forEach(refuseUnsupported);
  const [first] = operations;
  const table = first === undefined ? null : tableOf(first);
  if (first === undefined || table === null || operations.length === 1) {
    return operations.flatMap((operation) => dispatch(handlers, operation, context));
  }
  return rebuild(operations, requireTable(table, first, context));
}

/** A rename changes what the later operations are about; the rest of these kinds touch one table's text only. */
function isPart(operation: Operation): boolean {
  switch (operation.kind) {
    case 'alterColumn':
      return operation.changes.name === undefined;
    case 'addColumn':
    case 'dropColumn':
    case 'addConstraint':
    case 'dropConstraint':
    case 'renameConstraint':
    case 'createIndex':
    case 'dropIndex':
    case 'setTableComment':
    case 'setTableOptions':
      return true;
    default:
      return false;
  }
}
