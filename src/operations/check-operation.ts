import type { Operation } from './operation.js';

/**
 * Refuses an operation of which an argument is missing, where the file that recorded it can still be named: without types
 * `op.dropColumn('users')` would be noticed in the middle of a statement, or not at all.
 * @throws TypeError
 */
export function checkOperation(operation: Operation): Operation {
  const missing = Object.entries(operation).find(([, value]) => value === undefined)?.[0];
  if (missing !== undefined) throw new TypeError(`op.${operation.kind}: "${missing}" is missing`);
  const isByName = operation.kind === 'dropColumn' || operation.kind === 'alterColumn';
  if (isByName && typeof operation.column !== 'string') {
    throw new TypeError(`op.${operation.kind} takes the name of one column`);
  }
  return operation;
}
