/** Domains and composite types that no ALTER makes into what they are to be, swapped under the columns that are made of them. */
import type { ServerVersion } from '../../../engine/connection.js';
import type { ReplaceObject } from '../../../operations/operation.js';
import { columnsOfType, type TypedColumn } from '../../../schema/columns-of-type.js';
import { type DatabaseObject, describeObject } from '../../../schema/objects.js';
import { type Schema, type Table, tableKey } from '../../../schema/table.js';
import type { Statement } from '../../dialect.js';
import { refuse } from '../../dispatch.js';
import { changedValuesIn } from '../changed-values.js';
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

interface SwapContext {
  readonly before: Schema;
  readonly server: ServerVersion;
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED where a column is an array of the type. */
export function swapObject(
  operation: ReplaceObject,
  existing: DatabaseObject,
  { before, server }: SwapContext,
): Statement[] {
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
      const found = changes(existing, object, quoteIdentifier(column.name), server);
      return found.map((isChanged) => refuseChange(table, column.name, isChanged));
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

/** What would change the values of a column, or of attributes of them, without an error. */
function changes(from: DatabaseObject, to: DatabaseObject, column: string, server: ServerVersion): readonly string[] {
  const values =
    from.kind === 'domain'
      ? [{ value: column, before: baseOf(from), after: baseOf(to) }]
      : retypedAttributes(from, to).map((attribute) => ({
          value: `(${column}).${quoteIdentifier(attribute.name)}`,
          before: parseType(attribute.from),
          after: parseType(attribute.to),
        }));
  return values.flatMap(
    ({ value, before, after }) => changedValuesIn(value, { from: before, to: after }, server) ?? [],
  );
}

function refuseChange(table: Table, column: string, isChanged: string): Statement {
  return {
    sql: `SELECT 1 AS found FROM ${quoteTable(table)} WHERE ${isChanged} LIMIT 1`,
    expect: {
      kind: 'noRows',
      problem: `Column "${column}" of table "${tableKey(table)}" holds values that the new type would change`,
    },
  };
}
