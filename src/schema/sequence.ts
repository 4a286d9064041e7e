import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { parseTableName, type TableReference } from './table-name.js';
import type { ColumnName, Sequence, TableName } from './table.js';

/** Options of a sequence; numbers may be bigints. Unset: the server's defaults. */
export interface SequenceOptions {
  /** Default: `bigint`. */
  readonly type?: Sequence['type'];
  /** The first value. Default: the least one, or the greatest where the sequence counts down. */
  readonly start?: number | bigint;
  /** Default: 1. */
  readonly increment?: number | bigint;
  /** `null`: as far as the type goes. */
  readonly min?: number | bigint | null;
  readonly max?: number | bigint | null;
  /** How many values a session takes at once. Default: 1. */
  readonly cache?: number | bigint;
  /** Starts over at the other end. Default: false. */
  readonly cycle?: boolean;
  /** `table.column` that takes the sequence along when it is dropped, apart for names that hold a dot; `null`: none. */
  readonly ownedBy?: SequenceOwner | null;
  readonly comment?: string | null;
  /** PostgreSQL 15: it is not kept over a crash. Default: false, or as the table is that `ownedBy` names. */
  readonly unlogged?: boolean;
}

/** `'users.id'`, `'app.users.id'`, or table and column apart, for names that hold a dot. */
export type SequenceOwner = string | { readonly table: TableReference; readonly column: string };

/** What every counter knows, a sequence or the identity of a column. */
export const COUNTER_OPTIONS = {
  start: true,
  increment: true,
  min: true,
  max: true,
  cache: true,
  cycle: true,
} as const;

const KNOWN: KnownOptions<SequenceOptions> = {
  ...COUNTER_OPTIONS,
  type: true,
  ownedBy: true,
  comment: true,
  unlogged: true,
};

/** A sequence with the server's defaults in place of what was not said. */
export function buildSequence(name: TableReference, options: SequenceOptions = {}): Sequence {
  checkOptions('sequence', options, KNOWN);
  const tableName = parseTableName(name);
  const increment = String(options.increment ?? 1);
  const bounds = { min: numberText(options.min ?? null), max: numberText(options.max ?? null) };
  return {
    ...tableName,
    type: options.type ?? 'bigint',
    start: options.start === undefined ? usualStart({ ...bounds, increment }) : String(options.start),
    increment,
    ...bounds,
    cache: String(options.cache ?? 1),
    cycle: options.cycle ?? false,
    ownedBy: parseOwner(options.ownedBy ?? null, tableName),
    comment: options.comment ?? null,
    ...(options.unlogged === undefined ? {} : { unlogged: options.unlogged }),
  };
}

/** Where a sequence begins when nothing is said. https://www.postgresql.org/docs/current/sql-createsequence.html */
export function usualStart({ increment, min, max }: Pick<Sequence, 'increment' | 'min' | 'max'>): string {
  return increment.startsWith('-') ? (max ?? '-1') : (min ?? '1');
}

/** Reads `table.column` or `namespace.table.column`; the namespace of the sequence is the usual one. */
export function parseOwner(owner: SequenceOwner | null, sequence: TableName): ColumnName | null {
  if (owner === null) return null;
  if (typeof owner !== 'string') {
    const { namespace, name } = parseTableName(owner.table);
    return { table: { namespace: namespace ?? sequence.namespace, name }, column: owner.column };
  }
  const [column = '', name = '', namespace = sequence.namespace] = owner.split('.').reverse();
  return { table: { namespace, name }, column };
}

export function numberText(value: number | bigint | null): string | null {
  return value === null ? null : String(value);
}
