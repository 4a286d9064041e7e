import { apply } from '../../operations/apply.js';
import { changedColumn } from '../../operations/changed-column.js';
import type { AddColumn, AlterColumn, Backfill, Operation } from '../../operations/operation.js';
import { type Expression, rawSql } from '../../schema/expressions/expression.js';
import { findTable, type Schema } from '../../schema/table.js';

/**
 * The operations with those in parts whose rows are filled in between: first without the demand, then the values, then the
 * demand. `from` is the schema that they begin with.
 */
export function addBackfills(
  operations: readonly Operation[],
  values: ReadonlyMap<AddColumn | AlterColumn, Expression>,
  from: Schema,
): readonly Operation[] {
  if (values.size === 0) return operations;
  let schema = from;
  return operations.flatMap((operation) => {
    const before = schema;
    schema = apply(schema, operation);
    if (operation.kind !== 'addColumn' && operation.kind !== 'alterColumn') return [operation];
    const value = values.get(operation);
    if (value === undefined) return [operation];
    const keeps = findClocks(before, operation);
    return operation.kind === 'addColumn'
      ? splitAddition(operation, value, keeps)
      : splitAlteration(operation, value, keeps);
  });
}

/** MySQL and MariaDB: the other columns that an UPDATE sets by itself, though nobody changed the row. */
function findClocks(schema: Schema, operation: AddColumn | AlterColumn): Pick<Backfill, 'keeps'> {
  const columns = findTable(schema, operation.table)?.columns ?? [];
  const clocks = columns.filter(({ name, onUpdate }) => onUpdate !== null && name !== operation.column);
  return clocks.length === 0 ? {} : { keeps: clocks.map(({ name }) => name) };
}

function splitAddition(
  { kind, table, column }: AddColumn,
  value: Expression,
  keeps: Pick<Backfill, 'keeps'>,
): Operation[] {
  const optional = { ...column, nullable: true };
  const { name } = column;
  return [
    { kind, table, column: optional },
    { kind: 'backfill', table, column: name, value, ...keeps },
    { kind: 'alterColumn', table, column: name, changes: { nullable: false }, using: null, existing: optional },
  ];
}

function splitAlteration(operation: AlterColumn, value: Expression, keeps: Pick<Backfill, 'keeps'>): Operation[] {
  const { table, changes, existing } = operation;
  const { notNullName, notNullManner, nullable: _required, ...others } = changes;
  const required = {
    nullable: false,
    ...(notNullName === undefined ? {} : { notNullName }),
    ...(notNullManner === undefined ? {} : { notNullManner }),
  };
  const column = changes.name ?? operation.column;
  return [
    ...(Object.keys(others).length === 0 ? [] : [{ ...operation, changes: others }]),
    { kind: 'backfill', table, column, value, ...keeps },
    {
      kind: 'alterColumn',
      table,
      column,
      changes: required,
      using: null,
      existing: existing && changedColumn(existing, others),
    },
  ];
}

/** SQL of a value as an expression: a plain literal as the value that it is. */
export function parseValue(text: string): Expression {
  const sql = text.trim();
  const quoted = /^'((?:[^'\\]|'')*)'$/.exec(sql)?.[1];
  if (quoted !== undefined) return { kind: 'literal', value: quoted.replaceAll("''", "'") };
  if (/^(?:true|false)$/i.test(sql)) return { kind: 'literal', value: sql.toLowerCase() === 'true' };
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(sql)) return { kind: 'literal', value: Number(sql) };
  return rawSql(sql);
}
