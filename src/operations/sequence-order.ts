/** The operations that create or drop sequences around the tables that count with them. */
import type { Sequence, TableName } from '../schema/table.js';
import type { Operation } from './operation.js';

export interface CreatedSequences {
  /** Before the tables whose defaults count with them; without owners, which do not exist yet. */
  readonly created: readonly Operation[];
  /** Once the owners exist. */
  readonly owned: readonly Operation[];
}

export function createSequences(sequences: readonly Sequence[]): CreatedSequences {
  const free = sequences.map((sequence): Sequence => ({ ...sequence, ownedBy: null }));
  return {
    created: free.map((sequence): Operation => ({ kind: 'createSequence', sequence })),
    owned: sequences.flatMap(({ ownedBy }, i): Operation[] => {
      const existing = free[i];
      if (ownedBy === null || existing === undefined) return [];
      return [{ kind: 'alterSequence', sequence: sequenceName(existing), changes: { ownedBy }, existing }];
    }),
  };
}

/** Sequences that nothing owns any more. */
export function dropSequences(sequences: readonly Sequence[]): Operation[] {
  return sequences.map((sequence): Operation => ({
    kind: 'dropSequence',
    sequence: sequenceName(sequence),
    existing: { ...sequence, ownedBy: null },
  }));
}

export function sequenceName({ namespace, name }: TableName): TableName {
  return { namespace, name };
}
