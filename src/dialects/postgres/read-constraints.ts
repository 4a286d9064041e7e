/** Rows of `catalog.constraintsOf` as constraints; keys that say nothing special are absent. */
import type { Row } from '../../engine/connection.js';
import { verbatim } from '../../schema/expressions/expression.js';
import type {
  Check,
  Deferrable,
  Exclusion,
  ForeignKey,
  ForeignKeyAction,
  PrimaryKey,
  TableName,
  Unique,
} from '../../schema/table.js';
import { readOnly, readParts, readStorage } from './read-indexes.js';
import { detailsOf, flagOf, listOf, textOf, textOrNull, textsOf } from '../row.js';

export function readPrimaryKey(row: Row, columns: readonly string[]): PrimaryKey {
  return { kind: 'primaryKey', name: textOf(row, 'name'), columns, ...keyParts(row) };
}

export function readUnique(row: Row, columns: readonly string[]): Unique {
  return {
    kind: 'unique',
    name: textOf(row, 'name'),
    columns,
    ...keyParts(row),
    ...(flagOf(row, 'nulls_not_distinct') ? { nullsNotDistinct: true as const } : {}),
  };
}

export function readCheck(row: Row): Check {
  return {
    kind: 'check',
    name: textOf(row, 'name'),
    expression: verbatim(textOf(row, 'expression')),
    ...(flagOf(row, 'no_inherit') ? { noInherit: true as const } : {}),
    ...validity(row),
    ...common(row),
  };
}

export function readExclusion(constraint: Row): Exclusion {
  const row = { ...constraint, ...detailsOf(constraint, 'exclusion') };
  const operators = listOf(row, 'operators');
  const include = textsOf(row, 'include');
  const storage = readStorage(row);
  const predicate = textOrNull(row, 'predicate');
  return {
    kind: 'exclusion',
    name: textOf(row, 'name'),
    method: textOf(row, 'method'),
    elements: readParts(row, listOf(row, 'element_columns')).map(({ descending, length: _length, ...part }, i) => ({
      ...part,
      operator: operators[i] ?? '=',
      ...(descending ? { descending } : {}),
    })),
    where: predicate === null ? null : verbatim(predicate),
    ...deferrability(row),
    ...(include.length === 0 ? {} : { include }),
    ...(storage === null ? {} : { storage }),
    ...common(row),
  };
}

/** pg_constraint.confdeltype */
const ACTIONS: Readonly<Record<string, ForeignKeyAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

export function readForeignKey(
  row: Row,
  columns: readonly string[],
  target: TableName,
  targetColumns: readonly string[],
  onDeleteColumns: readonly string[],
): ForeignKey {
  return {
    kind: 'foreignKey',
    name: textOf(row, 'name'),
    columns,
    target,
    targetColumns,
    onDelete: ACTIONS[textOf(row, 'on_delete')] ?? 'no action',
    ...(onDeleteColumns.length === 0 ? {} : { onDeleteColumns }),
    onUpdate: ACTIONS[textOf(row, 'on_update')] ?? 'no action',
    deferrable: deferrability(row).deferrable ?? null,
    ...period(row),
    ...(textOf(row, 'match') === 'f' ? { match: 'full' as const } : {}),
    ...validity(row),
    ...common(row),
  };
}

function keyParts(row: Row): Omit<PrimaryKey, 'kind' | 'name' | 'columns'> {
  const include = textsOf(row, 'include');
  const storage = readStorage(row);
  return {
    ...deferrability(row),
    ...period(row),
    ...(include.length === 0 ? {} : { include }),
    ...(storage === null ? {} : { storage }),
    ...readOnly(row),
    ...common(row),
  };
}

function deferrability(row: Row): { readonly deferrable?: Deferrable } {
  if (!flagOf(row, 'deferrable')) return {};
  return { deferrable: flagOf(row, 'deferred') ? 'deferred' : 'immediate' };
}

function period(row: Row): { readonly period?: true } {
  return flagOf(row, 'period') ? { period: true } : {};
}

/** What is not enforced is never valid either. */
function validity(row: Row): { readonly notValid?: true; readonly notEnforced?: true } {
  if (flagOf(row, 'not_enforced')) return { notEnforced: true };
  return flagOf(row, 'not_valid') ? { notValid: true } : {};
}

/** What every constraint may have. */
function common(row: Row): { readonly comment?: string; readonly inherited?: true } {
  const text = textOrNull(row, 'comment');
  return {
    ...(flagOf(row, 'inherited') ? { inherited: true as const } : {}),
    ...(text === null ? {} : { comment: text }),
  };
}
