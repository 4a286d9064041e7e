import type { AlterColumn, DropObject, Operation, ReplaceObject } from './operation.js';

/** True for an operation that takes data away for good: a later downgrade brings the shape back, never the rows. */
export function isDestructive(operation: Operation): boolean {
  switch (operation.kind) {
    case 'dropTable':
    case 'dropSequence':
    case 'deleteRows':
      return true;
    case 'dropColumn':
      return operation.existing?.generated == null;
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
  const { type } = changes;
  if (type === undefined || existing === null) return false;
  const before = existing.type;
  if (type.kind === 'numeric' && before.kind === 'numeric') return (type.scale ?? 0) < (before.scale ?? 0);
  const isFraction = ['real', 'double', 'numeric'].includes(before.kind);
  return isFraction && ['smallint', 'integer', 'bigint'].includes(type.kind);
}
