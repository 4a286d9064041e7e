import { arrangeCreates, arrangeDrops, createNode } from '../../../operations/object-order.js';
import type { Operation } from '../../../operations/operation.js';
import { remadeObjects } from '../../../operations/remade-objects.js';
import { objectKey, type ObjectKind } from '../../../schema/objects.js';
import type { Schema } from '../../../schema/table.js';
import type { Statement } from '../../dialect.js';
import { createObject, dropObject } from './statements.js';

/** Columns may be made of these: they cannot go. */
const TYPES: ReadonlySet<ObjectKind> = new Set(['compositeType', 'domain', 'rangeType']);

/** The statements of a swap of a type, with views, functions, triggers and whatever else stands on it taken off and put back. */
export function aroundDependents(operation: Operation, before: Schema, statements: readonly Statement[]): Statement[] {
  const remade = remadeObjects(before, [operation], []);
  const dependents = (before.objects ?? []).filter(
    (object) => remade.has(objectKey(object)) && !TYPES.has(object.kind),
  );
  if (dependents.length === 0) return [...statements];
  const { dropped, left } = arrangeDrops(before, dependents);
  const { needed, created } = arrangeCreates(before, dependents.map(createNode), []);
  return [...[...dropped, ...left].flatMap(compile), ...statements, ...[...needed, ...created].flatMap(compile)];
}

function compile(operation: Operation): readonly Statement[] {
  if (operation.kind === 'dropObject') return dropObject(operation.object, operation.existing);
  return operation.kind === 'createObject' ? createObject(operation.object) : [];
}
