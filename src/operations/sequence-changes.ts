import { numberText, parseOwner, type SequenceOptions } from '../schema/sequence.js';
import type { TableName } from '../schema/table.js';
import type { SequenceChanges } from './operation.js';

/** What `op.alterSequence` was told, key by key: what was not said stays as it is. */
export function sequenceChanges(sequence: TableName, options: SequenceOptions): SequenceChanges {
  const { type, start, increment, min, max, cache, cycle, ownedBy, comment, unlogged } = options;
  return {
    ...(type === undefined ? {} : { type }),
    ...(start === undefined ? {} : { start: String(start) }),
    ...(increment === undefined ? {} : { increment: String(increment) }),
    ...(min === undefined ? {} : { min: numberText(min) }),
    ...(max === undefined ? {} : { max: numberText(max) }),
    ...(cache === undefined ? {} : { cache: String(cache) }),
    ...(cycle === undefined ? {} : { cycle }),
    ...(ownedBy === undefined ? {} : { ownedBy: parseOwner(ownedBy, sequence) }),
    ...(comment === undefined ? {} : { comment }),
    ...(unlogged === undefined ? {} : { unlogged }),
  };
}
