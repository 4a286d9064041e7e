import { arrangeDrops } from '../../operations/object-order.js';
import type { Operation } from '../../operations/operation.js';
import { type DatabaseObject, objectKey } from '../../schema/objects.js';
import type { Schema } from '../../schema/table.js';
import { sqlWords } from '../../util/sql-words.js';
import { isFollowed, remadeObjects } from '../../operations/remade-objects.js';

/**
 * An object that says another name after a rename goes before it and comes back behind it: so that its old words are only
 * ever said where the old name holds, on the way back too. So does one that says the old name still, and means what is
 * called so from now on, and whatever stands on one that goes. Those of the keys `followers` are reworded by the database:
 * they go only with an object that they stand on.
 */
export function makeRoomForRenames(
  from: Schema,
  to: Schema,
  renames: readonly Operation[],
  followers: ReadonlySet<string>,
): { readonly dropped: readonly Operation[]; readonly objects: readonly DatabaseObject[] } {
  const { objects = [] } = from;
  if (renames.length === 0 || objects.length === 0) return { dropped: [], objects };
  const wanted = new Map((to.objects ?? []).map((object) => [objectKey(object), object]));
  const words = new Map(objects.map((object) => [object, sqlWords(object.definition)]));
  const names = renames.map(renamedWords).filter((list) => list.length > 0);
  const mentions = (object: DatabaseObject): boolean => {
    const own = words.get(object);
    const isSaidStill = wanted.get(objectKey(object))?.definition === object.definition;
    if (!isSaidStill) return names.some(([name = '']) => own?.has(name) === true);
    return isFollowed(object) && names.some((list) => list.every((name) => own?.has(name) === true));
  };
  const declared = objects.filter((object) => !followers.has(objectKey(object)));
  const own = remadeObjects({ ...from, objects: declared }, renames, declared.filter(mentions));
  const isOwn = (object: DatabaseObject): boolean => own.has(objectKey(object));
  const moved = remadeObjects(from, [], objects.filter(isOwn));
  const gone = objects.filter((object) => moved.has(objectKey(object)));
  const { dropped } = arrangeDrops(from, gone);
  return { dropped, objects: objects.filter((object) => !gone.includes(object)) };
}

/** The words that mean together what is renamed, its own name first. */
function renamedWords(operation: Operation): string[] {
  switch (operation.kind) {
    case 'renameTable':
      return [operation.table.name.toLowerCase()];
    case 'renameSequence':
      return [operation.sequence.name.toLowerCase()];
    case 'alterColumn':
      return operation.changes.name === undefined
        ? []
        : [operation.column.toLowerCase(), operation.table.name.toLowerCase()];
    default:
      return [];
  }
}
