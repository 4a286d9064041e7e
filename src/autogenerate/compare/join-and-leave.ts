/** PostgreSQL: tables that are partitions or heirs of others, or of a composite type. */
import { parentNames } from '../../operations/inheritance.js';
import type { Operation } from '../../operations/operation.js';
import { isPartition } from '../../operations/partitions.js';
import type { Expression } from '../../schema/expressions/expression.js';
import { sameData } from '../../schema/same.js';
import type { Table, TableName } from '../../schema/table.js';
import { changeOption } from './change-option.js';

/** A table leaves what it is a partition or an heir of before that goes or changes, and joins another one once that is there. */
export function leave(from: Table, to: Table, table: TableName): Operation[] {
  const { partitionOf = null } = from.options;
  if (partitionOf === null || partitionOf === to.options['partitionOf']) {
    return changeOption(table, 'inherits', from.options['inherits'] ?? null, parentsThatStay(from, to));
  }
  return changeOption(table, 'partitionOf', partitionOf, null);
}

/** True for a table that goes on to be of a composite type: the columns of both are the same. */
function staysOfType(from: Table, to: Table): boolean {
  const columnsOf = ({ columns }: Table): unknown =>
    columns.map(({ name, type, collation }) => ({ name, type, collation }));
  return from.options['ofType'] === to.options['ofType'] && sameData(columnsOf(from), columnsOf(to));
}

export function leaveType(from: Table, to: Table, table: TableName): Operation[] {
  return staysOfType(from, to) ? [] : changeOption(table, 'ofType', from.options['ofType'] ?? null, null);
}

export function joinType(from: Table, to: Table, table: TableName): Operation[] {
  return staysOfType(from, to) ? [] : changeOption(table, 'ofType', null, to.options['ofType'] ?? null);
}

/** The parents that stay are those before the first that is another one: new ones come last. */
function parentsThatStay(from: Table, to: Table): string | null {
  const [known, wanted] = [parentNames(from), parentNames(to)];
  const end = known.findIndex((name, at) => name !== wanted[at]);
  return known.slice(0, end === -1 ? known.length : end).join(', ') || null;
}

/** The other half of `leave`. */
export function join(from: Table, to: Table, table: TableName): Operation[] {
  const { partitionOf = null } = to.options;
  if (partitionOf === null || partitionOf === from.options['partitionOf']) {
    return changeOption(table, 'inherits', parentsThatStay(from, to), to.options['inherits'] ?? null);
  }
  return changeOption(table, 'partitionOf', null, partitionOf);
}

/**
 * What changes in the columns of a partition, in two parts: a default that may count by a sequence of the table above goes at once,
 * since neither could be dropped before it.
 */
export function leaveNumbers(
  live: Table,
  columns: readonly Operation[],
): { readonly first: readonly Operation[]; readonly rest: readonly Operation[] } {
  if (!isPartition(live)) return { first: [], rest: columns };
  const parts = columns.map((operation): { first: Operation[]; rest: Operation[] } => {
    const isNumber = operation.kind === 'alterColumn' && countsByName(operation.existing?.default ?? null);
    if (!isNumber || operation.changes.default === undefined) return { first: [], rest: [operation] };
    const { existing, using: _using, usingBack: _usingBack, ...named } = operation;
    const { default: value, ...others } = operation.changes;
    const changes = value === null ? others : { ...others, default: value };
    const left = { ...operation, changes, existing: existing === null ? null : { ...existing, default: null } };
    return {
      first: [{ ...named, changes: { default: null }, using: null, existing }],
      rest: Object.keys(changes).length === 0 ? [] : [left],
    };
  });
  return { first: parts.flatMap(({ first }) => first), rest: parts.flatMap(({ rest }) => rest) };
}

function countsByName(value: Expression | null): boolean {
  return value?.kind === 'verbatim' && value.text.startsWith('nextval(');
}
