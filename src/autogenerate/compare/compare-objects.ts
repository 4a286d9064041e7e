/**
 * The operations on views, functions, triggers and the like, arranged around those on tables: an object is there before
 * what stands on it, and goes after it.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import { arrangeCreates, arrangeDrops, createNode, type Node, objectNode } from '../../operations/object-order.js';
import type { Operation } from '../../operations/operation.js';
import { type DatabaseObject, objectKey } from '../../schema/objects.js';
import type { Schema } from '../../schema/table.js';
import { sqlWords } from '../../util/sql-words.js';
import { remadeObjects } from '../../operations/remade-objects.js';
import { sameObject } from '../../schema/same.js';
import { refuseNeeded, refuseUsed } from './swap-types.js';

/** Object operations, by the stage of the plan that they belong to. */
export interface ObjectStages {
  /** Before anything about tables changes. */
  readonly dropped: readonly Operation[];
  /** What tables that are altered need. */
  readonly needed: readonly Operation[];
  /** New tables and objects, each after what it needs. */
  readonly created: readonly Operation[];
  /** Once no table needs them; with the operations from `around` that drop tables which these need. */
  readonly left: readonly Operation[];
}

/** `around` are the operations on tables that exist already or go; `created` those that make new ones. */
export function compareObjects(
  from: Schema,
  to: Schema,
  around: readonly Operation[],
  created: readonly Operation[],
  capabilities: Capabilities,
): ObjectStages {
  const [known, wanted] = [from.objects ?? [], to.objects ?? []];
  if (known.length === 0 && wanted.length === 0) return { dropped: [], needed: [], created, left: [] };
  const canReplace = capabilities.canReplace ?? (() => false);
  const after = new Map(wanted.map((object) => [objectKey(object), object]));
  const before = new Map(known.map((object) => [objectKey(object), object]));
  const swapped = new Set(around.flatMap((one) => (one.kind === 'replaceObject' ? [objectKey(one.object)] : [])));
  const isGone = (object: DatabaseObject): boolean => {
    const next = after.get(objectKey(object));
    if (next === undefined || swapped.has(objectKey(object))) return next === undefined;
    return !sameObject(object, next) && !canReplace(object, next);
  };
  const gone = known.filter(isGone);
  const isUnknown = mentionsLost(around, gone);
  const changed = known.filter((object) => {
    const next = after.get(objectKey(object));
    return next !== undefined && !sameObject(object, next) && isUnknown(object);
  });
  const remade = remadeObjects(from, around, [...gone, ...changed]);
  refuseUsed(
    known.filter((object) => remade.has(objectKey(object)) && after.has(objectKey(object))),
    from,
  );
  const made = wanted.filter((object) => !before.has(objectKey(object)) || remade.has(objectKey(object)));
  const replaced = wanted.flatMap((object): Node[] => {
    const existing = before.get(objectKey(object));
    const isSettled = remade.has(objectKey(object)) || swapped.has(objectKey(object));
    if (existing === undefined || isSettled || sameObject(existing, object)) return [];
    return [objectNode(object, [{ kind: 'replaceObject', object, existing }])];
  });
  const drops = arrangeDrops(
    from,
    known.filter((object) => remade.has(objectKey(object))),
    around.filter((operation) => operation.kind === 'dropTable'),
  );
  const creates = arrangeCreates(to, [...made.map(createNode), ...replaced], created);
  const isAgain = (operation: Operation): boolean =>
    operation.kind === 'dropObject' && after.has(objectKey(operation.object));
  refuseNeeded(drops.left.filter(isAgain), creates.needed);
  return {
    dropped: drops.dropped,
    needed: creates.needed,
    // What only tables needed that go by then leaves room for what is called the same.
    created: [...drops.left.filter(isAgain), ...creates.created],
    left: drops.left.filter((operation) => !isAgain(operation)),
  };
}

/**
 * A view of which no catalog knows what it stands on, and which mentions something that goes: its old words hold on the way
 * back once that is there again, so that it is taken off and made anew.
 */
function mentionsLost(
  around: readonly Operation[],
  gone: readonly DatabaseObject[],
): (object: DatabaseObject) => boolean {
  const lost = new Set(
    [
      ...gone.map(({ name }) => name),
      ...around.flatMap((operation) => {
        if (operation.kind === 'dropTable') return [operation.table.name];
        return operation.kind === 'dropColumn' ? [operation.column] : [];
      }),
    ].map((name) => name.toLowerCase()),
  );
  return ({ kind, definition, dependsOn }) =>
    kind === 'view' && dependsOn === undefined && [...sqlWords(definition)].some((word) => lost.has(word));
}
