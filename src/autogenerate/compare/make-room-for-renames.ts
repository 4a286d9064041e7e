import { arrangeDrops } from '../../operations/object-order.js';
import type { Operation } from '../../operations/operation.js';
import { type DatabaseObject, objectKey } from '../../schema/objects.js';
import type { Schema } from '../../schema/table.js';
import { sqlWords } from '../../util/sql-words.js';
import { remadeObjects } from './remade-objects.js';

/**
 * An object that says another name after a rename goes before it and comes back behind it: so that its old words are only
 * ever said where the old name holds, on the way back too. What the database carries along by itself stays.
 */
export function makeRoomForRenames(
  from: Schema,
  to: Schema,
  renames: readonly Operation[],
): { readonly dropped: readonly Operation[]; readonly objects: readonly DatabaseObject[] } {
  const { objects = [] } = from;
  if (renames.length === 0 || objects.length === 0) return { dropped: [], objects };
  const wanted = new Map((to.objects ?? []).map((object) => [objectKey(object), object]));
  const isCarried = (object: DatabaseObject): boolean =>
    wanted.get(objectKey(object))?.definition === object.definition;
  const words = new Set(renames.flatMap(renamedWords));
  const mentioning = objects.filter(
    (object) => !isCarried(object) && [...sqlWords(object.definition)].some((word) => words.has(word)),
  );
  const moved = remadeObjects(from, renames, mentioning);
  const gone = objects.filter((object) => moved.has(objectKey(object)) && !isCarried(object));
  const { dropped } = arrangeDrops(from, gone);
  const keys = new Set(
    dropped.flatMap((operation) => (operation.kind === 'dropObject' ? [objectKey(operation.object)] : [])),
  );
  return { dropped, objects: objects.filter((object) => !keys.has(objectKey(object))) };
}

function renamedWords(operation: Operation): string[] {
  switch (operation.kind) {
    case 'renameTable':
      return [operation.table.name.toLowerCase()];
    case 'renameSequence':
      return [operation.sequence.name.toLowerCase()];
    case 'alterColumn':
      return operation.changes.name === undefined ? [] : [operation.column.toLowerCase()];
    default:
      return [];
  }
}
