/** What the values of a selected expression are in JavaScript. */
import type { DialectName } from '../../engine/connection.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { ColumnSpec } from '../../schema/column-builder.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { readTimestamp } from '../../util/read-timestamp.js';
import { codecOf } from '../values/codecs.js';
import { Alias } from './alias.js';

type Read = (value: unknown) => unknown;

/** Reads values as the type that the expression says, or as those of the column that it is. */
export function readerOf({ node, reads }: Expr<unknown>, dialect: DialectName): Read {
  if (reads === 'number') return passNull(Number);
  if (reads === 'boolean') return passNull((value) => value === true || Number(value) === 1);
  if (reads === 'date') return passNull((value) => (value instanceof Date ? value : readTimestamp(String(value))));
  if (reads !== undefined) {
    if (reads instanceof Expr) return readerOf(reads, dialect);
    return codecOf({ property: '', name: '', spec: reads.spec as ColumnSpec }, dialect).decode;
  }
  const origin = originOf(node);
  if (origin !== undefined) {
    const { table, property } = origin;
    const definition = table instanceof Alias ? table.definition : (table as TableDefinition);
    const spec = definition.columns[property]?.spec;
    if (spec !== undefined) return codecOf({ property, name: property, spec }, dialect).decode;
  }
  return (value) => value ?? null;
}

function passNull(read: Read): Read {
  return (value) => (value === null || value === undefined ? null : read(value));
}
