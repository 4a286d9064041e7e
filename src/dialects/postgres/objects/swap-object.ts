/** Domains and composite types that no ALTER makes into what they are to be, swapped under the columns that are made of them. */
import { losesDigits } from '../../../operations/is-destructive.js';
import type { ReplaceObject } from '../../../operations/operation.js';
import { columnsOfType, type TypedColumn } from '../../../schema/columns-of-type.js';
import { type DatabaseObject, describeObject } from '../../../schema/objects.js';
import { type Schema, type Table, tableKey } from '../../../schema/table.js';
import type { Statement } from '../../dialect.js';
import { refuse } from '../../dispatch.js';
import { render } from '../expressions.js';
import { quoteIdentifier, quoteTable } from '../sql.js';
import { swapType } from '../swap-type.js';
import { castColumn, parseType } from '../types.js';
import { canAlterComposite, canAlterDomain, retypedAttributes } from './alter-types.js';
import { createObject } from './statements.js';

/** ALTER TYPE changes an attribute only while no column is made of the type: the schema has to say. */
export function maySwap(from: DatabaseObject, to: DatabaseObject): boolean {
  if (from.kind === 'domain') return !canAlterDomain(from, to);
  return from.kind === 'compositeType' && (!canAlterComposite(from, to) || retypedAttributes(from, to).length > 0);
}

/** False where ALTER does, after all. */
export function needsSwap(from: DatabaseObject, to: DatabaseObject, before: Schema): boolean {
  if (from.kind !== 'compositeType' || !canAlterComposite(from, to)) return true;
  return before.tables.some((table) => columnsOfType(table, to, before).length > 0);
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED where a column is an array of the type. */
export function swapObject(operation: ReplaceObject, existing: DatabaseObject, before: Schema): Statement[] {
  const { object } = operation;
  const label = describeObject(object);
  return swapType({
    type: { namespace: object.namespace, name: object.name },
    word: object.kind === 'domain' ? 'DOMAIN' : 'TYPE',
    label: label.charAt(0).toUpperCase() + label.slice(1),
    before,
    create: createObject(object),
    check: (table, { column, isArray }) => {
      if (isArray) refuse(operation, `column "${column.name}" of "${tableKey(table)}" holds arrays of it`);
      return roundings(existing, object, quoteIdentifier(column.name)).map(({ value, scale }) =>
        refuseRounding(table, column.name, value, scale),
      );
    },
    convert: (user) => convert(existing, object, user),
  });
}

/** Attributes keep their names, whatever their order; a domain is converted as what it is made of. */
function convert(from: DatabaseObject, to: DatabaseObject, { column }: TypedColumn): string {
  const name = quoteIdentifier(column.name);
  if (from.kind === 'compositeType') return `json_populate_record(NULL::${quoteTable(to)}, to_json(${name}))`;
  const using = castColumn(column.name, baseOf(from), baseOf(to));
  return using === null ? name : render(using);
}

function baseOf({ parts }: DatabaseObject): ReturnType<typeof parseType> {
  return parseType(parts?.['type'] ?? '');
}

/** The numbers that might be rounded, and the digits that are left. */
function roundings(
  from: DatabaseObject,
  to: DatabaseObject,
  column: string,
): readonly { readonly value: string; readonly scale: number }[] {
  const values =
    from.kind === 'domain'
      ? [{ value: column, before: baseOf(from), after: baseOf(to) }]
      : retypedAttributes(from, to).map((attribute) => ({
          value: `(${column}).${quoteIdentifier(attribute.name)}`,
          before: parseType(attribute.from),
          after: parseType(attribute.to),
        }));
  return values
    .filter(({ before, after }) => losesDigits(before, after))
    .map(({ value, after }) => ({ value, scale: after.kind === 'numeric' ? (after.scale ?? 0) : 0 }));
}

function refuseRounding(table: Table, column: string, value: string, scale: number): Statement {
  const rounded = scale === 0 ? `round(${value})` : `round(${value}, ${scale})`;
  return {
    sql: `SELECT 1 AS found FROM ${quoteTable(table)} WHERE ${value} <> ${rounded} LIMIT 1`,
    expect: {
      kind: 'noRows',
      problem: `Column "${column}" of table "${tableKey(table)}" holds numbers that would be rounded`,
    },
  };
}
