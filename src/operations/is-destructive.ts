import type { ColumnType } from '../schema/types.js';
import type { AlterColumn, DropObject, Operation, ReplaceObject, SetTableOptions } from './operation.js';

/** True for an operation that takes data away for good: a later downgrade brings the shape back, never the rows. */
export function isDestructive(operation: Operation): boolean {
  switch (operation.kind) {
    case 'dropTable':
    case 'dropSequence':
    case 'deleteRows':
      return true;
    case 'dropColumn':
      return operation.existing?.generated == null;
    case 'setTableOptions':
      // MariaDB: what the rows were before.
      return isHistory(operation.existing) && operation.changes['systemVersioning'] !== undefined;
    case 'alterColumn':
      return computesAnew(operation) || isNarrower(operation);
    case 'dropObject':
    case 'replaceObject':
      return dropsVirtualTable(operation);
    case 'custom':
      return operation.isDestructive === true;
    default:
      return false;
  }
}

function isHistory(options: SetTableOptions['existing']): boolean {
  return (options?.['systemVersioning'] ?? null) !== null;
}

/** SQLite: the rows of a virtual table are kept beside it, and go with it. It is replaced by being made anew. */
export function dropsVirtualTable(operation: Operation): operation is DropObject | ReplaceObject {
  const isMeant = operation.kind === 'dropObject' || operation.kind === 'replaceObject';
  return isMeant && operation.object.kind === 'virtualTable';
}

/** Values that somebody wrote make room for computed ones. */
function computesAnew({ changes, existing }: AlterColumn): boolean {
  return changes.generated != null && existing?.generated == null;
}

/** A type change that may cut values; between kinds the database refuses what it cannot convert. */
function isNarrower({ changes, existing }: AlterColumn): boolean {
  return changes.type !== undefined && existing !== null && losesDigits(existing.type, changes.type);
}

/** True where numbers may be rounded. Without a precision PostgreSQL keeps every digit. */
function losesDigits(from: ColumnType, to: ColumnType): boolean {
  if (to.kind === 'numeric' && from.kind === 'numeric') {
    if (to.precision === null) return false;
    return (to.scale ?? 0) < (from.precision === null ? Infinity : (from.scale ?? 0));
  }
  const isFraction = ['real', 'double', 'numeric'].includes(from.kind);
  return isFraction && ['smallint', 'integer', 'bigint'].includes(to.kind);
}
