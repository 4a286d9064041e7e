import type { AlterColumn, Operation } from '../../operations/operation.js';
import { useOfType } from '../../schema/columns-of-type.js';
import type { Schema, TableName } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';

export interface SplitChanges {
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
}

/**
 * Changes of columns on the right side of the changes of types. A type that is swapped first loses the columns that
 * leave it and the defaults that change; whoever comes to it, or gets a new value as default, comes afterwards.
 */
export function splitByTypes(
  changes: readonly Operation[],
  altered: readonly Operation[],
  schema: Pick<Schema, 'namespaces'>,
): SplitChanges {
  const types = altered.flatMap((change): TableName[] => {
    if (change.kind === 'replaceObject') return [change.object];
    return change.kind === 'alterEnum' || change.kind === 'addEnumValue' ? [change.enum] : [];
  });
  const added = altered.flatMap((change) => (change.kind === 'addEnumValue' ? [change.enum] : []));
  const swaps = types.filter((type) => !added.includes(type));
  const names = (known: readonly TableName[], type: ColumnType | undefined): boolean =>
    type !== undefined && known.some((name) => useOfType(type, name, schema) !== null);
  const parts = changes.map((operation): SplitChanges => {
    if (operation.kind === 'dropColumn' && names(swaps, operation.existing?.type))
      return { before: [operation], after: [] };
    if (operation.kind !== 'alterColumn' || operation.existing === null) return { before: [], after: [operation] };
    const { type } = operation.changes;
    if (type !== undefined) {
      const leaves = names(swaps, operation.existing.type) && !names(types, type);
      return leaves ? { before: [operation], after: [] } : { before: [], after: [operation] };
    }
    return names(swaps, operation.existing.type) ? splitDefault(operation) : { before: [], after: [operation] };
  });
  return { before: parts.flatMap(({ before }) => before), after: parts.flatMap(({ after }) => after) };
}

/** The old default may name a value that goes, the new one a value that comes: in between there is none. */
function splitDefault(operation: AlterColumn): SplitChanges {
  const { existing, changes } = operation;
  if (existing === null || existing.default === null || changes.default === undefined) {
    return { before: [], after: [operation] };
  }
  const without = { ...existing, default: null };
  const off: Operation = { ...operation, changes: { default: null } };
  const { default: value, ...rest } = changes;
  const left = value === null ? rest : changes;
  const isDone = Object.keys(left).length === 0;
  return { before: [off], after: isDone ? [] : [{ ...operation, changes: left, existing: without }] };
}
