import type { Part } from './partitions.js';
import { changedColumn } from './changed-column.js';
import { AludelError } from '../errors.js';
import { objectName } from '../schema/objects.js';
import { describe } from './describe.js';
import { isExpressionValue } from './row-values.js';
import type {
  AddEnumValue,
  AlterColumn,
  AlterSequence,
  BulkInsert,
  ColumnChanges,
  OnlineDdl,
  Operation,
  SequenceChanges,
} from './operation.js';

/** Why an operation cannot be taken back, and what would make it so. */
export interface Irreversible {
  readonly irreversible: string;
}

/** The operation that takes `operation` back, or the reason why there is none. */
export function reverse(operation: Operation): Operation | Irreversible {
  switch (operation.kind) {
    case 'createNamespace':
      return { kind: 'dropNamespace', name: operation.name };
    case 'dropNamespace':
      return { kind: 'createNamespace', name: operation.name };
    case 'createEnum': {
      const { namespace, name } = operation.enum;
      return { kind: 'dropEnum', enum: { namespace, name }, existing: operation.enum };
    }
    case 'dropEnum':
      return operation.existing === null ? missing(operation) : { kind: 'createEnum', enum: operation.existing };
    case 'addEnumValue': {
      if (operation.existing === null) return missing(operation);
      const values = withValue(operation.existing.values, operation);
      const { existing } = operation;
      return { kind: 'alterEnum', enum: operation.enum, values: existing.values, existing: { ...existing, values } };
    }
    case 'alterEnum': {
      const { existing } = operation;
      if (existing === null) return missing(operation);
      return { ...operation, values: existing.values, existing: { ...existing, values: operation.values } };
    }
    case 'renameEnum':
      return { ...operation, enum: { ...operation.enum, name: operation.to }, to: operation.enum.name };
    case 'renameEnumValue':
      return { ...operation, value: operation.to, to: operation.value };
    case 'createSequence': {
      const { namespace, name } = operation.sequence;
      return { kind: 'dropSequence', sequence: { namespace, name }, existing: operation.sequence };
    }
    case 'alterSequence':
      return reverseAlterSequence(operation);
    case 'dropSequence':
      return operation.existing === null
        ? missing(operation)
        : { kind: 'createSequence', sequence: operation.existing };
    case 'renameSequence':
      return { ...operation, sequence: { ...operation.sequence, name: operation.to }, to: operation.sequence.name };
    case 'createTable': {
      if (operation.ifNotExists === true) return unknown('ifNotExists');
      const { namespace, name } = operation.table;
      return { kind: 'dropTable', table: { namespace, name }, existing: operation.table };
    }
    case 'dropTable':
      return operation.existing === null ? missing(operation) : { kind: 'createTable', table: operation.existing };
    case 'renameTable': {
      const { table, to } = operation;
      return { kind: 'renameTable', table: { namespace: table.namespace, name: to }, to: table.name };
    }
    case 'setTableComment':
    case 'setEnumComment':
    case 'setComment':
      return { ...operation, comment: operation.existing, existing: operation.comment };
    case 'setTableOptions': {
      const { changes, existing } = operation;
      return existing === null ? missing(operation) : { ...operation, changes: existing, existing: changes };
    }
    case 'createObject':
      return { kind: 'dropObject', object: objectName(operation.object), existing: operation.object };
    case 'replaceObject': {
      const { object, existing } = operation;
      return existing === null ? missing(operation) : { ...operation, object: existing, existing: object };
    }
    case 'dropObject':
      return operation.existing === null ? missing(operation) : { kind: 'createObject', object: operation.existing };
    case 'addColumn': {
      if (operation.ifNotExists === true) return unknown('ifNotExists');
      const { table, column } = operation;
      return { kind: 'dropColumn', table, column: column.name, existing: column, ...pinned(operation) };
    }
    case 'dropColumn': {
      const { table, existing } = operation;
      return existing === null
        ? missing(operation)
        : { kind: 'addColumn', table, column: existing, ...pinned(operation) };
    }
    case 'alterColumn':
      return reverseAlterColumn(operation);
    case 'createIndex': {
      if (operation.ifNotExists === true) return unknown('ifNotExists');
      const { table, index } = operation;
      return {
        kind: 'dropIndex',
        table,
        name: index.name,
        existing: index,
        ...goesWithTable(index),
        ...pinned(operation),
      };
    }
    case 'dropIndex': {
      const { table, existing } = operation;
      return existing === null
        ? missing(operation)
        : { kind: 'createIndex', table, index: existing, ...pinned(operation) };
    }
    case 'renameIndex': {
      const { name, to, existing } = operation;
      return { ...operation, name: to, to: name, existing: existing && { ...existing, name: to } };
    }
    case 'addConstraint': {
      const { table, constraint } = operation;
      const { kind, name } = constraint;
      return {
        kind: 'dropConstraint',
        table,
        name,
        type: kind,
        existing: constraint,
        ...goesWithTable(constraint),
        ...pinned(operation),
      };
    }
    case 'dropConstraint': {
      const { table, existing } = operation;
      return existing === null
        ? missing(operation)
        : { kind: 'addConstraint', table, constraint: existing, ...pinned(operation) };
    }
    case 'validateConstraint':
      return { ...operation, isValid: !operation.isValid };
    case 'renameConstraint': {
      const { name, to, existing } = operation;
      return { ...operation, name: to, to: name, existing: existing && { ...existing, name: to } };
    }
    case 'backfill':
      return { irreversible: 'it is not known which rows it has filled' };
    case 'bulkInsert':
      return reverseBulkInsert(operation);
    case 'deleteRows':
      return operation.existing ?? { irreversible: 'it does not hold the rows that it deletes' };
    case 'execute': {
      if (operation.reverse === null) return { irreversible: 'raw SQL says nothing of its way back' };
      return { kind: 'execute', sql: operation.reverse, params: [], reverse: operation.sql };
    }
    case 'custom': {
      const { reverse: back, ...call } = operation;
      if (back === undefined) return { irreversible: `nothing says how to take "${operation.name}" back` };
      return back.kind === 'custom' ? { ...back, reverse: call } : back;
    }
    case 'opaque':
      return { irreversible: `what the code at ${operation.at} did is not known` };
  }
}

/**
 * The operations that take a list back, last one first.
 * @throws AludelError ALUDEL_IRREVERSIBLE naming the first operation that cannot be taken back.
 */
export function reverseAll(operations: readonly Operation[]): Operation[] {
  return operations.toReversed().map((operation) => {
    const reversed = reverse(operation);
    if (!('irreversible' in reversed)) return reversed;
    throw new AludelError('ALUDEL_IRREVERSIBLE', `Cannot reverse "${describe(operation)}": ${reversed.irreversible}.`, {
      hint: 'Write the way back by hand in downgrade().',
    });
  });
}

/** The values of an enum after one was added before or behind another, or at the end. */
export function withValue(
  values: readonly string[],
  { value, before, after }: Pick<AddEnumValue, 'value' | 'before' | 'after'>,
): string[] {
  if (values.includes(value)) return [...values];
  const at = before === null ? (after === undefined ? -1 : values.indexOf(after) + 1 || -1) : values.indexOf(before);
  return at === -1 ? [...values, value] : values.toSpliced(at, 0, value);
}

function reverseBulkInsert(operation: BulkInsert): Operation | Irreversible {
  const { table, groups, key } = operation;
  if (key === null) return { irreversible: 'it does not say by which columns its rows are known (give "key")' };
  const known = groups.map(({ columns, rows }) => {
    const at = key.map((column) => columns.indexOf(column));
    return { columns: key, rows: rows.map((row) => at.map((i) => row[i] ?? null)) };
  });
  const isComputed = known.some(({ rows }) => rows.flat().some((value) => isExpressionValue(value)));
  if (isComputed) return { irreversible: 'the database computes the key of its rows' };
  return { kind: 'deleteRows', table, groups: known, existing: operation };
}

/** What a partition has from its table goes when that one loses it. */
function goesWithTable({ inherited }: Part): { readonly ifExists?: true } {
  return inherited === true ? { ifExists: true } : {};
}

/** How an operation was to be carried out holds for its way back. */
function pinned({ concurrently, mysql }: { readonly concurrently?: true; readonly mysql?: OnlineDdl }): {
  readonly concurrently?: true;
  readonly mysql?: OnlineDdl;
} {
  return { ...(concurrently === undefined ? {} : { concurrently }), ...(mysql === undefined ? {} : { mysql }) };
}

/** Whether anything was done is not known. */
function unknown(option: string): Irreversible {
  return { irreversible: `with "${option}" it may have changed nothing` };
}

function reverseAlterColumn(operation: AlterColumn): Operation | Irreversible {
  const { existing, changes } = operation;
  if (existing === null) return missing(operation);
  const back: ColumnChanges = Object.fromEntries(
    Object.keys(changes).map((key) => [key, existing[key as keyof ColumnChanges] ?? null]),
  );
  const after = changedColumn(existing, changes);
  const { using, usingBack, ...rest } = operation;
  const casts = { using: usingBack ?? null, ...(using === null ? {} : { usingBack: using }) };
  return { ...rest, ...casts, column: after.name, changes: back, existing: after };
}

function reverseAlterSequence(operation: AlterSequence): Operation | Irreversible {
  const { existing, changes } = operation;
  if (existing === null) return missing(operation);
  const back: SequenceChanges = Object.fromEntries(
    Object.keys(changes).map((key) => [key, existing[key as keyof SequenceChanges]]),
  );
  return { ...operation, changes: back, existing: { ...existing, ...changes } };
}

function missing(operation: Operation): Irreversible {
  const what =
    operation.kind === 'alterColumn'
      ? 'the column'
      : operation.kind === 'alterSequence'
        ? 'the sequence'
        : 'what it removes';
  return { irreversible: `it does not hold ${what} as it was (give "existing")` };
}
