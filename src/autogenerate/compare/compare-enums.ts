import type { Operation } from '../../operations/operation.js';
import { type EnumType, tableKey } from '../../schema/table.js';

export interface EnumChanges {
  readonly created: readonly Operation[];
  readonly altered: readonly Operation[];
  readonly dropped: readonly Operation[];
}

/** Enum types by name: new values are added in place, anything else swaps the type. */
export function compareEnums(from: readonly EnumType[], to: readonly EnumType[]): EnumChanges {
  const known = new Map(from.map((type) => [tableKey(type), type]));
  const wanted = new Set(to.map(tableKey));
  return {
    created: to
      .filter((type) => !known.has(tableKey(type)))
      .map((type): Operation => ({ kind: 'createEnum', enum: type })),
    altered: to.flatMap((type) => {
      const existing = known.get(tableKey(type));
      return existing === undefined ? [] : [...compareValues(existing, type), ...compareComment(existing, type)];
    }),
    dropped: from
      .filter((type) => !wanted.has(tableKey(type)))
      .map((type): Operation => ({ kind: 'dropEnum', enum: nameOf(type), existing: type })),
  };
}

function compareValues(from: EnumType, to: EnumType): Operation[] {
  if (from.values.join('\0') === to.values.join('\0')) return [];
  const name = nameOf(to);
  const added = to.values.filter((value) => !from.values.includes(value));
  const kept = to.values.filter((value) => from.values.includes(value));
  if (kept.join('\0') !== from.values.join('\0')) {
    return [{ kind: 'alterEnum', enum: name, values: to.values, existing: from }];
  }
  let existing = from;
  return added.toReversed().map((value): Operation => {
    const before = to.values[to.values.indexOf(value) + 1] ?? null;
    const operation: Operation = { kind: 'addEnumValue', enum: name, value, before, existing };
    const at = before === null ? existing.values.length : existing.values.indexOf(before);
    existing = { ...existing, values: existing.values.toSpliced(at, 0, value) };
    return operation;
  });
}

function compareComment(from: EnumType, to: EnumType): Operation[] {
  const [existing, comment] = [from.comment ?? null, to.comment ?? null];
  return existing === comment ? [] : [{ kind: 'setEnumComment', enum: nameOf(to), comment, existing }];
}

function nameOf(type: EnumType): { readonly namespace: string | null; readonly name: string } {
  return { namespace: type.namespace, name: type.name };
}
