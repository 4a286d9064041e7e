/** Relations as models declare them: `one`, `maybeOne`, `many`. What an object holds of them is in `related-one.ts` and `related-many.ts`. */
import type { Expr } from '../../schema/expressions/expr.js';
import { checkOptions, type KnownOptions } from '../../util/known-options.js';

/** A model class, whatever its constructor takes. */
export type Constructor<T> = abstract new (...args: never[]) => T;

// `unknown` would make the options of a relation ask for the keys of `unknown`.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyConstructor = Constructor<any>;

export type Cardinality = 'one' | 'maybeOne' | 'many';

/** A declared relation. The type parameters are the related object and how many there are. */
export interface Relation<T, C extends Cardinality> {
  /** Only for the type checker: the related object. */
  readonly $related?: T;
  readonly kind: C;
  readonly target: AnyConstructor;
  readonly options: RelationSettings;
}

/** The options of a relation, whatever it leads to. */
export interface RelationSettings {
  /** The relation on the other side; both are kept in step. */
  readonly inverse?: string;
  /** Which foreign key is meant, where two tables have several between them. */
  readonly fk?: () => Expr<unknown>;
  /** What happens to related objects: `save-update, merge, delete, delete-orphan, all`. Default: the first two, none with `viewOnly`. */
  readonly cascade?: string;
  /** The order of a collection. */
  readonly orderBy?: () => unknown;
  /** The association table of a many-to-many relation, by database name. */
  readonly secondary?: string;
  /** Only read, never written: for a second relation over the same columns. Default: false. */
  readonly viewOnly?: boolean;
  /**
   * How the relation is loaded where a query says nothing else: behind the query, within it, or not even by `load()`.
   * Default: by `load()` alone. A query takes it back by `lazy()`.
   */
  readonly load?: 'selectin' | 'joined' | 'throw';
  /** A collection too large to be loaded: it takes `add` and `remove` alone. Default: false. */
  readonly writeOnly?: boolean;
}

const KNOWN: KnownOptions<RelationSettings> = {
  inverse: true,
  fk: true,
  cascade: true,
  orderBy: true,
  secondary: true,
  viewOnly: true,
  load: true,
  writeOnly: true,
};

/** The options of a relation to the model `C`. Lambdas take no argument: a typed one would make a model refer to itself. */
export interface RelationOptions<C extends AnyConstructor> extends RelationSettings {
  readonly inverse?: keyof InstanceType<C> & string;
}

/**
 * A relation to exactly one object.
 * @example get creator() { return one(User, { inverse: 'tickets', fk: () => Ticket.c.creatorId }); }
 */
export function one<C extends AnyConstructor>(
  target: C,
  options: RelationOptions<C> = {},
): Relation<InstanceType<C>, 'one'> {
  return { kind: 'one', target, options: checkOptions('one', options, KNOWN) };
}

/** A relation to one object or none. */
export function maybeOne<C extends AnyConstructor>(
  target: C,
  options: RelationOptions<C> = {},
): Relation<InstanceType<C>, 'maybeOne'> {
  return { kind: 'maybeOne', target, options: checkOptions('maybeOne', options, KNOWN) };
}

/** A collection of objects. */
export function many<C extends AnyConstructor>(
  target: C,
  options: RelationOptions<C> = {},
): Relation<InstanceType<C>, 'many'> {
  return { kind: 'many', target, options: checkOptions('many', options, KNOWN) };
}
