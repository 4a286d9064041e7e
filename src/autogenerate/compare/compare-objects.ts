/**
 * The operations on views, functions, triggers and the like, arranged around those on tables: an object is there before
 * what stands on it, and goes after it.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import { arrangeCreates, arrangeDrops, createNode, type Node, objectNode } from '../../operations/object-order.js';
import type { Operation } from '../../operations/operation.js';
import { type DatabaseObject, objectKey } from '../../schema/objects.js';
import type { Schema } from '../../schema/table.js';
import { remadeObjects } from './remade-objects.js';
import { sameData } from './same.js';

/** Object operations, by the stage of the plan that they belong to. */
export interface ObjectStages {
  /** Before anything about tables changes. */
  readonly dropped: readonly Operation[];
  /** What tables that are altered need. */
  readonly needed: readonly Operation[];
  /** New tables and objects, each after what it needs. */
  readonly created: readonly Operation[];
  /** Once no table needs them. */
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
  const isGone = (object: DatabaseObject): boolean => {
    const next = after.get(objectKey(object));
    return next === undefined || (!sameObject(object, next) && !canReplace(object, next));
  };
  const remade = remadeObjects(from, around, known.filter(isGone));
  const gone = known.filter((object) => remade.has(objectKey(object)));
  const made = wanted.filter((object) => !before.has(objectKey(object)) || remade.has(objectKey(object)));
  const replaced = wanted.flatMap((object): Node[] => {
    const existing = before.get(objectKey(object));
    if (existing === undefined || remade.has(objectKey(object)) || sameObject(existing, object)) return [];
    return [objectNode(object, [{ kind: 'replaceObject', object, existing }])];
  });
  const drops = arrangeDrops(from, gone);
  const creates = arrangeCreates(to, [...made.map(createNode), ...replaced], created);
  return { ...drops, ...creates };
}

/** What an object stands on is not what it is. */
function sameObject(a: DatabaseObject, b: DatabaseObject): boolean {
  const { dependsOn: _a, ...first } = a;
  const { dependsOn: _b, ...second } = b;
  return sameData(first, second);
}
