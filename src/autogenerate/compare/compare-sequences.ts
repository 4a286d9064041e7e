import type { Operation, SequenceChanges } from '../../operations/operation.js';
import { createSequences, dropSequences, sequenceName } from '../../operations/sequence-order.js';
import { type Sequence, tableKey } from '../../schema/table.js';
import { sameData } from '../../schema/same.js';

/** The changes of sequences, by the stage of the plan that they belong to. */
export interface SequenceStages {
  /** Sequences whose owner goes or changes are let go first: a dropped column would take them along. */
  readonly released: readonly Operation[];
  /** Before the tables whose defaults count with them. */
  readonly changed: readonly Operation[];
  /** Once the columns that own them exist. */
  readonly owned: readonly Operation[];
  /** Once no default counts with them. */
  readonly dropped: readonly Operation[];
}

export function compareSequences(from: readonly Sequence[], to: readonly Sequence[]): SequenceStages {
  const known = new Map(from.map((sequence) => [tableKey(sequence), sequence]));
  const wanted = new Map(to.map((sequence) => [tableKey(sequence), sequence]));
  const { created, owned } = createSequences(to.filter((sequence) => !known.has(tableKey(sequence))));
  const kept = to.flatMap((sequence) => {
    const existing = known.get(tableKey(sequence));
    return existing === undefined ? [] : [compareSequence(existing, sequence)];
  });
  const dropped = from.filter((sequence) => !wanted.has(tableKey(sequence)));
  return {
    released: [...dropped.flatMap(release), ...kept.flatMap((stages) => stages.released)],
    changed: [...created, ...kept.flatMap((stages) => stages.changed)],
    owned: [...kept.flatMap((stages) => stages.owned), ...owned],
    dropped: dropSequences(dropped),
  };
}

function compareSequence(from: Sequence, to: Sequence): Omit<SequenceStages, 'dropped'> {
  const { ownedBy } = to;
  const staysOwned = sameData(from.ownedBy, ownedBy);
  const changes = sequenceChanges(from, to);
  const { unlogged = false } = from;
  const between = {
    ...from,
    ownedBy: staysOwned ? from.ownedBy : null,
    ...(changes.unlogged === undefined ? {} : { unlogged }),
  };
  return {
    released: staysOwned ? [] : release(from),
    changed: Object.keys(changes).length === 0 ? [] : [alter(between, changes)],
    owned: staysOwned || ownedBy === null ? [] : [alter({ ...to, ownedBy: null }, { ownedBy })],
  };
}

function release(sequence: Sequence): Operation[] {
  return sequence.ownedBy === null ? [] : [alter(sequence, { ownedBy: null })];
}

function sequenceChanges(from: Sequence, to: Sequence): SequenceChanges {
  const keys = ['type', 'start', 'increment', 'min', 'max', 'cache', 'cycle', 'comment'] as const;
  // The bounds that nobody said are others for a sequence that counts down, and the server keeps those it has.
  const turns = from.increment.startsWith('-') !== to.increment.startsWith('-');
  const changes = Object.fromEntries(
    keys
      .filter((key) => from[key] !== to[key] || (turns && (key === 'min' || key === 'max')))
      .map((key) => [key, to[key]]),
  );
  const { unlogged = to.ownedBy === null ? false : (from.unlogged ?? false) } = to;
  return unlogged === (from.unlogged ?? false) ? changes : { ...changes, unlogged };
}

function alter(existing: Sequence, changes: SequenceChanges): Operation {
  return { kind: 'alterSequence', sequence: sequenceName(existing), changes, existing };
}
