import type { Operation } from '../../src/operations/operation.js';
import { apply } from '../../src/operations/apply.js';
import { parsePartitionOf } from '../../src/schema/partition-of.js';
import {
  columnKey,
  type DatabaseObject,
  enumKey,
  objectKey,
  type ObjectKind,
  relationKey,
  sequenceKey,
} from '../../src/schema/objects.js';
import type { Schema, Table } from '../../src/schema/table.js';
import { groundWords } from './random-objects.js';

/**
 * What a database would refuse about the operations of a generated plan: on PostgreSQL, whatever stands on something at any
 * moment when that is not there; elsewhere a view, routine or trigger that is made before what it mentions.
 */
export function findLooseEnds(from: Schema, operations: readonly Operation[], isPostgres: boolean): string[] {
  let schema = from;
  return operations.flatMap((operation, at) => {
    const held = isPostgres ? heldColumn(schema, operation) : [];
    schema = apply(schema, operation);
    const isMade = operation.kind === 'createObject' || operation.kind === 'replaceObject';
    const loose = isPostgres ? looseIn(schema) : isMade ? unknownIn(schema, operation.object) : [];
    return [...held, ...loose].map((problem) => `${at} ${operation.kind}: ${problem}`);
  });
}

function looseIn(schema: Schema): string[] {
  const known = new Set([
    ...schema.tables.flatMap((table) => [
      relationKey(table),
      ...table.columns.map(({ name }) => columnKey(table, name)),
    ]),
    ...schema.enums.map(enumKey),
    ...schema.sequences.map(sequenceKey),
    ...(schema.objects ?? []).map(objectKey),
  ]);
  const objects = (schema.objects ?? []).flatMap((object) => {
    const { table, dependsOn = [] } = object;
    const isOwned =
      table === undefined ||
      [
        relationKey(table),
        objectKey({ ...table, kind: 'view' }),
        objectKey({ ...table, kind: 'materializedView' }),
      ].some((key) => known.has(key));
    const missing = dependsOn.filter((key) => !known.has(key));
    return [...missing, ...(isOwned ? [] : ['its table'])].map((key) => `${objectKey(object)} without ${key}`);
  });
  const tables = schema.tables.flatMap((table) =>
    needsOfTable(table)
      .filter((key) => !known.has(key))
      .map((key) => `${relationKey(table)} without ${key}`),
  );
  return [...objects, ...tables];
}

/** The ground and the parent that the table names. */
function needsOfTable(table: Table): string[] {
  const { partitionOf } = table.options;
  const ground = [...groundWords(table)].flatMap((word) => {
    const kind = /^(\w+)_1$/.exec(word)?.[1] as ObjectKind | undefined;
    const called = kind === 'function' ? { signature: '' } : {};
    return kind === undefined ? [] : [objectKey({ kind, namespace: null, name: word, ...called })];
  });
  return [...(typeof partitionOf === 'string' ? [`table ${parsePartitionOf(partitionOf).parent}`] : []), ...ground];
}

/** A column changes its type under what stands on it. */
function heldColumn(schema: Schema, operation: Operation): string[] {
  if (operation.kind !== 'alterColumn' || operation.changes.type === undefined) return [];
  const key = columnKey(operation.table, operation.column);
  const holders = (schema.objects ?? []).filter(({ dependsOn = [] }) => dependsOn.includes(key));
  return holders.map((object) => `${objectKey(object)} holds ${key}`);
}

/** The texts of generated objects mention what they need behind FROM. */
function unknownIn({ tables, objects = [] }: Schema, { name, definition }: DatabaseObject): string[] {
  const known = new Set([...tables, ...objects].map((one) => one.name));
  const mentioned = [...definition.matchAll(/FROM (\w+)/g)].map(([, word = '']) => word);
  return mentioned.filter((word) => !known.has(word)).map((word) => `${name} without ${word}`);
}
