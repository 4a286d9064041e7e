/**
 * The operations on views, functions, triggers and the like, arranged around those on tables: an object is there before
 * what stands on it, and goes after it.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import type { Operation } from '../../operations/operation.js';
import { type DatabaseObject, objectKey, objectName, relationKey } from '../../schema/objects.js';
import type { Schema } from '../../schema/table.js';
import { closureOf, kindOrder, type Node, orderNodes, tableNode, objectNode } from './order-objects.js';
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
  const creates = arrangeCreates(to, [...made.map((object) => objectNode(object, [create(object)])), ...replaced], created);
  return { ...drops, ...creates };
}

function arrangeDrops(from: Schema, gone: readonly DatabaseObject[]): Pick<ObjectStages, 'dropped' | 'left'> {
  const nodes = gone.toSorted(kindOrder).map((object) => objectNode(object, [drop(object)]));
  const needed = closureOf(nodes, from.tables.map((table) => tableNode(table, [])));
  const [late, early] = [nodes.filter((node) => needed.has(node)), nodes.filter((node) => !needed.has(node))];
  const operationsOf = (list: readonly Node[]): Operation[] =>
    orderNodes(list)
      .toReversed()
      .flatMap((node) => node.operations);
  return { dropped: operationsOf(early), left: operationsOf(late) };
}

function arrangeCreates(
  to: Schema,
  objects: readonly Node[],
  created: readonly Operation[],
): Pick<ObjectStages, 'needed' | 'created'> {
  const tables = new Map(to.tables.map((table) => [relationKey(table), table]));
  const made = new Map<string, Operation[]>();
  for (const operation of created) {
    const table = operation.kind === 'createTable' ? operation.table : 'table' in operation ? operation.table : null;
    if (table !== null) made.set(relationKey(table), [...(made.get(relationKey(table)) ?? []), operation]);
  }
  // New tables stay in their own order: each needs the one before it.
  const newTables: Node[] = [];
  for (const [key, operations] of made) {
    const table = tables.get(key);
    if (table === undefined) continue;
    const previous = newTables.at(-1);
    newTables.push(tableNode(table, operations, previous === undefined ? [] : [previous.key]));
  }
  const sorted = objects.toSorted((a, b) => kindOrder(a.object, b.object));
  const nodes = [...newTables, ...sorted];
  const existing = to.tables.filter((table) => !made.has(relationKey(table))).map((table) => tableNode(table, []));
  const early = closureOf(nodes, existing);
  const operationsOf = (list: readonly Node[]): Operation[] => orderNodes(list).flatMap((node) => node.operations);
  return {
    needed: operationsOf(nodes.filter((node) => early.has(node))),
    created: operationsOf(nodes.filter((node) => !early.has(node))),
  };
}

/** What an object stands on is not what it is. */
function sameObject(a: DatabaseObject, b: DatabaseObject): boolean {
  const { dependsOn: _a, ...first } = a;
  const { dependsOn: _b, ...second } = b;
  return sameData(first, second);
}

function create(object: DatabaseObject): Operation {
  return { kind: 'createObject', object };
}

function drop(object: DatabaseObject): Operation {
  return { kind: 'dropObject', object: objectName(object), existing: object };
}
