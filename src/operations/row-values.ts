/** Values of rows as plain, JSON-able data; what each becomes as a parameter is the driver's business. */
import { isExpr } from '../schema/expressions/expr.js';
import type { Expression } from '../schema/expressions/expression.js';

export type RowValue =
  | string
  | number
  | boolean
  | null
  | { readonly kind: 'bigint'; readonly text: string }
  /** ISO 8601, UTC. */
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'json'; readonly value: unknown }
  /** Written into the statement: `fn.now()`. */
  | { readonly kind: 'expression'; readonly expression: Expression };

/** Rows that name the same columns, in the order of the columns. */
export interface RowGroup {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly RowValue[])[];
}

/**
 * Rows as data, in their order; one group for each run of rows with the same columns, so that a column which a row leaves
 * out gets its default. What is `undefined` is left out.
 * @throws TypeError naming the row and the column of a value that has no form.
 */
export function groupRows(rows: readonly Readonly<Record<string, unknown>>[]): RowGroup[] {
  const groups: { columns: string[]; rows: RowValue[][] }[] = [];
  for (const [index, row] of rows.entries()) {
    const columns = Object.keys(row).filter((column) => row[column] !== undefined);
    const last = groups.at(-1);
    const fits = last !== undefined && isSameSet(last.columns, columns);
    const group = fits ? last : { columns, rows: [] };
    if (!fits) groups.push(group);
    group.rows.push(group.columns.map((column) => toRowValue(row[column], `row ${index + 1}, column "${column}"`)));
  }
  return groups;
}

function isSameSet(columns: readonly string[], others: readonly string[]): boolean {
  return columns.length === others.length && others.every((column) => columns.includes(column));
}

/** @throws TypeError naming the place of a value that has no form. */
export function toRowValue(value: unknown, place: string): RowValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return { kind: 'bigint', text: String(value) };
  if (value instanceof Date && !Number.isNaN(value.getTime())) return { kind: 'date', text: value.toISOString() };
  if (value instanceof Uint8Array) return { kind: 'bytes', hex: Buffer.from(value).toString('hex') };
  if (isExpr(value)) return { kind: 'expression', expression: value.node };
  if (typeof value === 'object' && !(value instanceof Date))
    return { kind: 'json', value: JSON.parse(JSON.stringify(value)) as unknown };
  throw new TypeError(`The value of ${place} cannot be written: ${String(value)} (${typeof value})`);
}

type ExpressionValue = Extract<RowValue, { readonly kind: 'expression' }>;

export function isExpressionValue(value: RowValue): value is ExpressionValue {
  return typeof value === 'object' && value?.kind === 'expression';
}

/** The value as a driver takes it; for all but expressions. */
export function toParameter(value: Exclude<RowValue, ExpressionValue>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  switch (value.kind) {
    case 'bigint':
      return BigInt(value.text);
    case 'date':
      return new Date(value.text);
    case 'bytes':
      return Buffer.from(value.hex, 'hex');
    case 'json':
      return JSON.stringify(value.value);
  }
}

/** The value as an expression, for scripts that have no parameters. A moment is written as the drivers write it. */
export function toLiteral(value: RowValue, isPostgres: boolean): Expression {
  if (typeof value !== 'object' || value === null) return { kind: 'literal', value };
  switch (value.kind) {
    case 'bigint':
      return { kind: 'number', text: value.text };
    case 'date':
      return { kind: 'literal', value: isPostgres ? value.text : value.text.replace('T', ' ').replace('Z', '') };
    case 'bytes':
      return { kind: 'bytes', hex: value.hex };
    case 'json':
      return { kind: 'literal', value: JSON.stringify(value.value) };
    case 'expression':
      return value.expression;
  }
}
