import type { AddEnumValue, Operation } from '../../operations/operation.js';
import { tableKey } from '../../schema/table.js';
import type { Place } from '../dialect.js';

/**
 * CONCURRENTLY is refused inside a transaction. A new value of an enum may be added in one, and used after its end only:
 * what the rest of the revision uses is added before anything else.
 * https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES
 */
export function placeOf(operations: readonly Operation[], index: number, isComplete: boolean): Place {
  const operation = operations[index];
  switch (operation?.kind) {
    case 'createIndex':
    case 'dropIndex':
      return operation.concurrently === true ? 'outside' : 'inside';
    case 'addEnumValue':
      return placeOfValue(operation, operations.slice(0, index), operations.slice(index + 1), isComplete);
    default:
      return 'inside';
  }
}

function placeOfValue(
  operation: AddEnumValue,
  before: readonly Operation[],
  after: readonly Operation[],
  isComplete: boolean,
): Place {
  const key = tableKey(operation.enum);
  // The values of a type that is made in this transaction can be used at once.
  const isMade = (known: Operation): boolean =>
    (known.kind === 'createEnum' || known.kind === 'alterEnum') && tableKey(known.enum) === key;
  if (before.some(isMade)) return 'inside';
  const isSibling = (known: Operation): boolean => known.kind === 'addEnumValue' && tableKey(known.enum) === key;
  // One may be placed next to another: all of a type stay together.
  const values = [operation, ...[...before, ...after].filter(isSibling)].flatMap((known) =>
    known.kind === 'addEnumValue' ? [known.value] : [],
  );
  const users = [...before, ...after].filter((known) => !isSibling(known));
  if (isComplete && !users.some((known) => values.some((value) => uses(known, value)))) return 'inside';
  const names = (known: Operation): boolean =>
    /Enum|^(?:execute|opaque)$/.test(known.kind) && !isSibling(known) && mentions(known, operation.enum.name);
  return before.some(names) ? 'outside' : 'first';
}

/** A type lists its values without using them. */
function uses(operation: Operation, value: string): boolean {
  return operation.kind === 'opaque' || mentions(operation, value);
}

function mentions(operation: Operation, word: string): boolean {
  const text = JSON.stringify(operation, (key, value: unknown) => (key === 'values' ? undefined : value));
  const inside = JSON.stringify(word).slice(1, -1);
  return [inside, inside.replaceAll("'", "''")].some((found) => isWordOf(found, text));
}

function isWordOf(word: string, text: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<!\\w)${escaped}(?!\\w)`).test(text);
}
