/** What constraints and indexes are given, looked at before it is kept: the files that run have lost their types. */
import { type Expr, isExpr, isOrdering } from './expressions/expr.js';
import type { ForeignKeyAction } from './table.js';

/** @throws TypeError that says which of the columns is none: `Ticket.c.titel` is undefined, for example. */
export function checkColumns<T>(call: string, columns: readonly T[]): readonly T[] {
  return checkAny(call, checkNames(call, columns));
}

/** The columns of another table, of which SQLite need not be told. @throws TypeError */
export function checkNames<T>(call: string, columns: readonly T[]): readonly T[] {
  return checkEach(call, columns, (column) => typeof column === 'string' || isExpr(column));
}

/** @throws TypeError */
export function checkIndexColumns<T>(columns: readonly T[]): readonly T[] {
  const isFit = (column: unknown): boolean => typeof column === 'string' || isExpr(column) || isOrdering(column);
  return checkAny('index', checkEach('index', columns, isFit));
}

/** @throws TypeError */
export function checkExpression(call: string, expression: Expr<unknown>): Expr<unknown> {
  if (isExpr(expression)) return expression;
  throw new TypeError(`${call} takes a name and an expression (sql\`...\`), not ${describe(expression)}`);
}

const ACTIONS: ReadonlySet<string> = new Set<ForeignKeyAction>([
  'no action',
  'restrict',
  'cascade',
  'set null',
  'set default',
]);

/** @throws TypeError for an action that is none: `setNull` or `CASCADE`. */
export function checkActions(
  call: string,
  actions: { readonly onDelete?: ForeignKeyAction; readonly onUpdate?: ForeignKeyAction },
): void {
  for (const option of ['onDelete', 'onUpdate'] as const) {
    const action = actions[option];
    if (action === undefined || ACTIONS.has(action)) continue;
    throw new TypeError(`${call}: ${option} is one of ${[...ACTIONS].join(', ')}, not "${String(action)}"`);
  }
}

function checkEach<T>(call: string, columns: readonly T[], isFit: (column: unknown) => boolean): readonly T[] {
  if (!Array.isArray(columns)) throw new TypeError(`${call} takes a list of columns, not ${describe(columns)}`);
  const at = columns.findIndex((column) => !isFit(column));
  if (at === -1) return columns;
  throw new TypeError(`column ${at + 1} of ${call} is ${describe(columns[at])}: a misspelled property, perhaps`);
}

function checkAny<T>(call: string, columns: readonly T[]): readonly T[] {
  if (columns.length === 0) throw new TypeError(`${call} was given no columns`);
  return columns;
}

/** @throws TypeError for values of an enum that are no list of different strings. */
export function checkValues(call: string, values: readonly string[]): void {
  if (!Array.isArray(values)) throw new TypeError(`${call} takes a list of strings`);
  const strange: unknown = values.find((value) => typeof value !== 'string');
  if (strange !== undefined) throw new TypeError(`${call} takes strings, not ${describe(strange)}`);
  const repeated = values.find((value, at) => values.indexOf(value) !== at);
  if (repeated !== undefined) throw new TypeError(`${call} names "${repeated}" twice`);
}

/** What stands where something else should, in words. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'object') return isExpr(value) ? 'an expression' : 'an object';
  return `a ${typeof value}`;
}
