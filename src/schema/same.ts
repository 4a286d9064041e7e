/** When two parts of a schema are equal. Expressions are equal when their texts are; what they were written as is not looked at. */
import type { DatabaseObject } from './objects.js';
import type { Expression } from './expressions/expression.js';
import { type Constraint, findTable, type Index, type Schema } from './table.js';
import type { ColumnType } from './types.js';

export function sameExpression(a: Expression | null, b: Expression | null): boolean {
  return sameData(a, b);
}

/** Structural equality, key by key, without the `source` of verbatim expressions. What is undefined is not there. */
export function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameList(a, b);
  if (Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  // Data has no inherited keys; a list of its own would have to be made of each object.
  let rest = 0;
  for (const key in right) if (key !== 'source' && right[key] !== undefined) rest += 1;
  for (const key in left) {
    const value = left[key];
    if (key === 'source' || value === undefined) continue;
    const other = right[key];
    if (value !== other && !sameData(value, other)) return false;
    rest -= 1;
  }
  return rest === 0;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameData(a[i], b[i])) return false;
  return true;
}

/**
 * The schema with the objects of `live` for the tables that are equal there: what compares them later sees at once that
 * they are. Of most tables nothing has changed.
 */
export function shareEqualTables(schema: Schema, live: Schema): Schema {
  const tables = schema.tables.map((table) => {
    const known = findTable(live, table);
    return known !== undefined && sameData(known, table) ? known : table;
  });
  return { ...schema, tables };
}

/**
 * Where enums are objects of their own, a column only names one: its values are compared there. Elsewhere the values are
 * all there is: the name is known to the models alone.
 */
export function sameType(a: ColumnType, b: ColumnType, enumTypes: boolean): boolean {
  if (a.kind !== 'enum' || b.kind !== 'enum') return sameData(a, b);
  return enumTypes ? a.name === b.name && a.namespace === b.namespace : sameData(a.values, b.values);
}

/** A constraint without a name equals any that says the same; two names must agree. The comments of those that have names are compared apart. */
export function sameConstraint<C extends Constraint>(a: C, b: C): boolean {
  if (a === b) return true;
  const namesAgree = a.name === b.name || a.name === null || b.name === null;
  // Without a name a comment cannot be changed by itself.
  if (a.name === null && b.name === null && a.comment !== b.comment) return false;
  return namesAgree && sameData({ ...withoutComment(a), name: null }, { ...withoutComment(b), name: null });
}

/** Whether a constraint holds for rows from before can be changed as it stands. */
export function sameButValidity<C extends Constraint>(a: C, b: C): boolean {
  return a === b || sameConstraint(withoutValidity(a), withoutValidity(b));
}

function withoutValidity<C extends Constraint>(constraint: C): C {
  const { notValid: _notValid, ...rest } = { notValid: undefined, ...constraint };
  return rest as unknown as C;
}

export function sameIndex(a: Index, b: Index): boolean {
  return a === b || sameData(withoutComment(a), withoutComment(b));
}

function withoutComment<T extends { readonly comment?: string; readonly inherited?: true }>(
  part: T,
): Omit<T, 'comment' | 'inherited'> {
  const { comment: _comment, inherited: _inherited, ...rest } = part;
  return rest;
}

/** What an object stands on is not what it is. */
export function sameObject(a: DatabaseObject, b: DatabaseObject): boolean {
  const { dependsOn: _a, ...first } = a;
  const { dependsOn: _b, ...second } = b;
  return sameData(first, second);
}
