/** Types beside enums, under the columns that are made of them. */
import type { Capabilities } from '../../dialects/dialect.js';
import { AludelError } from '../../errors.js';
import type { Operation } from '../../operations/operation.js';
import { columnsOfType } from '../../schema/columns-of-type.js';
import {
  type DatabaseObject,
  describeObject,
  objectKey,
  type ObjectKind,
  type ObjectName,
} from '../../schema/objects.js';
import { findObject, type Schema, tableKey } from '../../schema/table.js';
import { sameObject } from '../../schema/same.js';

const TYPES: ReadonlySet<ObjectKind> = new Set(['compositeType', 'domain', 'rangeType']);

/**
 * The changes of types that no ALTER can make while columns are made of them: the type is swapped, and keeps the data.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED where columns hold arrays of such a type.
 */
export function swapTypes(from: Schema, to: Schema, { canReplace, canSwap }: Capabilities): Operation[] {
  return (to.objects ?? []).flatMap((object): Operation[] => {
    if (canSwap?.(object.kind) !== true) return [];
    const existing = findObject(from, object);
    if (existing === null || sameObject(existing, object) || canReplace?.(existing, object, true) === true) return [];
    const users = usersOf(existing, from);
    const arrays = users.filter(({ isArray }) => isArray);
    if (arrays.length > 0) throw cannotChange(object, 'columns hold arrays of it', arrays);
    return users.length === 0 ? [] : [{ kind: 'replaceObject', object, existing }];
  });
}

/**
 * A type that would have to be dropped and made again cannot, while columns are made of it.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED naming both.
 */
export function refuseUsed(remade: readonly DatabaseObject[], from: Schema): void {
  for (const object of remade.filter(({ kind }) => TYPES.has(kind))) {
    const users = usersOf(object, from);
    if (users.length > 0) throw cannotChange(object, 'columns are made of it', users);
  }
}

/**
 * What tables need before and after cannot be dropped and made again in between.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED naming it.
 */
export function refuseNeeded(dropped: readonly Operation[], made: readonly Operation[]): void {
  const keys = new Set(made.flatMap((one) => (one.kind === 'createObject' ? [objectKey(one.object)] : [])));
  const both = dropped.flatMap((one) =>
    one.kind === 'dropObject' && keys.has(objectKey(one.object)) ? [one.object] : [],
  );
  for (const object of both) throw cannotChange(object, 'tables need it', []);
}

interface User {
  readonly place: string;
  readonly isArray: boolean;
}

function usersOf(type: DatabaseObject, schema: Schema): User[] {
  return schema.tables.flatMap((table) =>
    columnsOfType(table, type, schema).map(({ column, isArray }) => ({
      place: `${tableKey(table)}.${column.name}`,
      isArray,
    })),
  );
}

function cannotChange(object: ObjectName, reason: string, users: readonly User[]): AludelError {
  const columns = users.map(({ place }) => place);
  const named = columns.length === 0 ? '' : `: ${columns.map((place) => `"${place}"`).join(', ')}`;
  return new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `The change of ${describeObject(object)}, or of what it stands on, cannot be made while ${reason}${named}.`,
    {
      hint:
        'Give the new one another name in the models, and let the columns use that: they are altered then, and the old ' +
        'one is dropped. If the server cannot convert the values, write "using" into the revision.',
      details: { object: objectKey(object), columns },
    },
  );
}
