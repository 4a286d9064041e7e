/** What the values of a selected expression are in JavaScript. */
import type { DialectName } from '../../engine/connection.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { ColumnSpec } from '../../schema/column-builder.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { codecOf, readAs } from '../../dialects/codecs.js';
import { Alias } from './alias.js';

type Read = (value: unknown) => unknown;

/** Reads values as the type that the expression says, or as those of the column that it is. */
export function readerOf({ node, reads }: Expr<unknown>, dialect: DialectName): Read {
  if (typeof reads === 'string') return readAs(reads);
  if (reads instanceof Expr) return readerOf(reads, dialect);
  if (reads !== undefined) return codecOf({ spec: reads.spec as ColumnSpec }, dialect).decode;
  const origin = originOf(node);
  if (origin !== undefined) {
    const { table, property } = origin;
    const definition = table instanceof Alias ? table.definition : (table as TableDefinition);
    const spec = definition.columns[property]?.spec;
    if (spec !== undefined) return codecOf({ spec }, dialect).decode;
  }
  return (value) => value ?? null;
}
