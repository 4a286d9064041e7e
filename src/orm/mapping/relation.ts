/** Relations as models declare them: `one`, `maybeOne`, `many`. */
import type { Expr } from '../../schema/expressions/expr.js';

// A model class with any constructor: only `any` parameters accept all of them.
// oxlint-disable-next-line typescript/no-explicit-any
export type Constructor<T> = abstract new (...args: any) => T;

export type Cardinality = 'one' | 'maybeOne' | 'many';

/** A declared relation; `C` says how many, for the types. */
export interface Relation<T, C extends Cardinality> {
  readonly kind: C;
  readonly target: Constructor<T>;
  readonly options: RelationOptions<T>;
}

export interface RelationOptions<T> {
  /** The relation on the other side. */
  readonly inverse?: (keyof T & string) | undefined;
  /** Which foreign key is meant, where two tables have several between them. */
  readonly fk?: () => Expr<unknown>;
  /** What happens to related objects: `save-update, merge, delete, delete-orphan, all`. */
  readonly cascade?: string;
  /** The order of a collection. */
  readonly orderBy?: () => unknown;
  /** The association table of a many-to-many relation, by database name. */
  readonly secondary?: string;
}

/** A relation to exactly one object. */
export function one<T>(target: Constructor<T>, options: RelationOptions<T> = {}): Relation<T, 'one'> {
  return { kind: 'one', target, options };
}

/** A relation to one object or none. */
export function maybeOne<T>(target: Constructor<T>, options: RelationOptions<T> = {}): Relation<T, 'maybeOne'> {
  return { kind: 'maybeOne', target, options };
}

/** A collection of objects. */
export function many<T>(target: Constructor<T>, options: RelationOptions<T> = {}): Relation<T, 'many'> {
  return { kind: 'many', target, options };
}
