/** Types beside enums, under the columns that are made of them. */
import type { Capabilities } from '../../dialects/dialect.js';
import { AludelError } from '../../errors.js';
import type { Operation } from '../../operations/operation.js';
import { columnsOfType } from '../../schema/columns-of-type.js';
import { type DatabaseObject, describeObject, objectKey, type ObjectKind } from '../../schema/objects.js';
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

function cannotChange(object: DatabaseObject, reason: string, users: readonly User[]): AludelError {
  const columns = users.map(({ place }) => place);
  const named = columns.map((place) => `"${place}"`).join(', ');
  return new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `The change of ${describeObject(object)}, or of what it stands on, cannot be made while ${reason}: ${named}.`,
    {
      hint:
        'Give the new type another name in the models, and let the columns be of that: they are altered then, and the old ' +
        'type is dropped. If the server cannot convert the values, write "using" into the revision.',
      details: { object: objectKey(object), columns },
    },
  );
}
