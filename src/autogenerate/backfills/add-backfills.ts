import { changedColumn } from '../../operations/changed-column.js';
import type { AddColumn, AlterColumn, Operation } from '../../operations/operation.js';
import { type Expression, rawSql } from '../../schema/expressions/expression.js';

/** The operations with those in parts whose rows are filled in between: first without the demand, then the values, then the demand. */
export function addBackfills(
  operations: readonly Operation[],
  values: ReadonlyMap<AddColumn | AlterColumn, Expression>,
): Operation[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== 'addColumn' && operation.kind !== 'alterColumn') return [operation];
    const value = values.get(operation);
    if (value === undefined) return [operation];
    return operation.kind === 'addColumn' ? splitAddition(operation, value) : splitAlteration(operation, value);
  });
}

function splitAddition({ kind, table, column }: AddColumn, value: Expression): Operation[] {
  const optional = { ...column, nullable: true };
  const { name } = column;
  return [
    { kind, table, column: optional },
    { kind: 'backfill', table, column: name, value },
    { kind: 'alterColumn', table, column: name, changes: { nullable: false }, using: null, existing: optional },
  ];
}

function splitAlteration(operation: AlterColumn, value: Expression): Operation[] {
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
    { kind: 'backfill', table, column, value },
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
