import type { Operation } from './operation.js';
import { columnsOfType } from '../schema/columns-of-type.js';
import {
  columnKey,
  constraintKey,
  type DatabaseObject,
  enumKey,
  objectKey,
  relationKey,
  sequenceKey,
} from '../schema/objects.js';
import { sqlWords } from '../util/sql-words.js';
import { type Schema, tableKey, type TableName } from '../schema/table.js';

/**
 * The keys of the objects that have to go, to come back or not: those given, those that stand on what the operations drop
 * or give another type, and those that stand on one of them in turn.
 */
export function remadeObjects(
  from: Schema,
  operations: readonly Operation[],
  gone: readonly DatabaseObject[],
): ReadonlySet<string> {
  const moved = new Set([...operations.flatMap((operation) => keysMovedBy(operation, from)), ...gone.map(objectKey)]);
  const remade = new Set(gone.map(objectKey));
  const users = new Map<string, DatabaseObject[]>();
  for (const object of from.objects ?? []) {
    for (const key of needsOf(object)) users.set(key, [...(users.get(key) ?? []), object]);
  }
  const mentioning = usersByWord(from.objects ?? []);
  const waiting = [...moved];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const user of [...(users.get(key) ?? []), ...(mentioning.get(key) ?? [])]) {
      const own = objectKey(user);
      if (remade.has(own)) continue;
      remade.add(own);
      waiting.push(own);
    }
  }
  return remade;
}

/**
 * Where no catalog says what a view or trigger stands on, the database may look it up by its words, and change them. That a
 * trigger runs behind another one says nothing of its words.
 */
export function isFollowed({ kind, dependsOn = [] }: DatabaseObject): boolean {
  return (kind === 'view' || kind === 'trigger') && dependsOn.every((key) => key.startsWith('trigger '));
}

/** By the key of a view or virtual table, those that mention it: SQLite looks at them whenever a table changes, and must find it. */
function usersByWord(objects: readonly DatabaseObject[]): ReadonlyMap<string, readonly DatabaseObject[]> {
  const views = new Map(
    objects.flatMap((view) =>
      view.kind === 'view' || view.kind === 'virtualTable' ? [[view.name.toLowerCase(), view] as const] : [],
    ),
  );
  const users = new Map<string, DatabaseObject[]>();
  for (const user of objects.filter(isFollowed)) {
    for (const word of sqlWords(user.definition)) {
      const view = views.get(word);
      if (view === undefined || view === user) continue;
      users.set(objectKey(view), [...(users.get(objectKey(view)) ?? []), user]);
    }
  }
  return users;
}

function needsOf(object: DatabaseObject): string[] {
  const { table, dependsOn = [] } = object;
  if (table === undefined) return [...dependsOn];
  const owners = (['view', 'materializedView'] as const).map((kind) => objectKey({ ...table, kind }));
  return [...dependsOn, relationKey(table), ...owners];
}

function keysMovedBy(operation: Operation, from: Schema): string[] {
  switch (operation.kind) {
    case 'dropTable':
      return [relationKey(operation.table), ...columnsOf(from, operation.table)];
    case 'renameTable':
      return [relationKey(operation.table), ...columnsOf(from, operation.table)];
    case 'renameEnum':
      return [enumKey(operation.enum)];
    case 'renameSequence':
      return [sequenceKey(operation.sequence)];
    case 'dropColumn':
      return [columnKey(operation.table, operation.column)];
    case 'alterColumn': {
      const { name, type, collation, generated } = operation.changes;
      const moves = name !== undefined || type !== undefined || collation !== undefined || generated != null;
      return moves ? [columnKey(operation.table, operation.column)] : [];
    }
    case 'dropConstraint':
      return operation.name === null ? [] : [constraintKey(operation.table, operation.name)];
    case 'alterEnum':
      return [enumKey(operation.enum), ...columnsMadeOf(operation.enum, from)];
    case 'replaceObject':
      return [objectKey(operation.object), ...columnsMadeOf(operation.object, from)];
    default:
      return [];
  }
}

function columnsMadeOf(type: TableName, from: Schema): string[] {
  return from.tables.flatMap((table) =>
    columnsOfType(table, type, from).map(({ column }) => columnKey(table, column.name)),
  );
}

function columnsOf(from: Schema, name: TableName): string[] {
  const table = from.tables.find((known) => tableKey(known) === tableKey(name));
  return table?.columns.map((column) => columnKey(name, column.name)) ?? [];
}
