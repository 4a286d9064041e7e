/** The types of a model: what its class, its constructor and its objects look like, worked out from the declaration. */
import type { Expr } from '../../schema/expressions/expr.js';
import type { ColumnValue, MetaData, ModelLike, TableDefinition, AnyColumn } from '../../schema/metadata.js';
import type { TableArg } from '../../schema/table-args.js';
import type { RelationAttribute } from './relation-attribute.js';
import type { Relation } from './relation.js';
import type { Many } from './related-many.js';
import type { One } from './related-one.js';

export type Columns = Readonly<Record<string, AnyColumn>>;

// The getters of relations may not be looked at while the model's class is being made: any constraint on their type would.
// oxlint-disable-next-line typescript/no-explicit-any
export type Relations = Record<string, any>;

/** What an object holds for a relation. */
export type RelationValue<R> =
  R extends Relation<infer T, infer C>
    ? C extends 'many'
      ? Many<T>
      : One<C extends 'maybeOne' ? T | null : T>
    : never;

/** What the constructor takes for a relation. */
export type RelationInit<R> =
  R extends Relation<infer T, infer C>
    ? C extends 'many'
      ? readonly T[]
      : C extends 'maybeOne'
        ? T | null
        : T
    : never;

/** An object of a model with the columns `S` and the relations `R`. */
export type Entity<S, R> = { -readonly [K in keyof S]: ColumnValue<S[K]> } & {
  readonly [K in keyof R]: RelationValue<R[K]>;
};

/** A column that neither NULL nor a default can fill. */
export interface RequiredColumn {
  readonly $null: false;
  readonly $def: false;
}

/** What the constructor takes: columns by property name, relations as objects and arrays. */
export type EntityInit<S, R> = {
  [K in keyof S as S[K] extends RequiredColumn ? K : never]: ColumnValue<S[K]>;
} & { [K in keyof S]?: ColumnValue<S[K]> } & { [K in keyof R]?: RelationInit<R[K]> };

/** The relation that holds the object of a key, by its name: `creator` for `creatorId`. */
type RelationOfKey<K> = K extends `${infer P}Id` ? P : never;

/**
 * The same with objects in the place of keys: a required `creatorId` whose relation is called `creator` is left out, and
 * the object given. A union of both would make models that refer to each other circular.
 */
export type EntityInitByObjects<S, R> = {
  [
    K in keyof S as S[K] extends RequiredColumn ? (RelationOfKey<K> & keyof R extends never ? K : never) : never
  ]: ColumnValue<S[K]>;
} & {
  [K in keyof S as S[K] extends RequiredColumn ? RelationOfKey<K> & keyof R : never]: object;
} & { [K in keyof S]?: ColumnValue<S[K]> } & { [K in keyof R]?: RelationInit<R[K]> };

/** `Model.c`: columns as expressions, relations as attributes for loader options and joins. */
export type ModelAttributes<S, R> = { readonly [K in keyof S]: Expr<ColumnValue<S[K]>> } & {
  readonly [K in keyof R]: R[K] extends Relation<infer T, infer _C> ? RelationAttribute<Entity<S, R>, T> : never;
};

/** What every class that stands for a table has, its parent's columns and relations included. */
interface ModelStatics<S extends Columns, R> extends ModelLike {
  /** Columns and relations for queries, indexes and options: `Ticket.c.title`. */
  readonly c: ModelAttributes<S, R>;
  /** Only for the type checker: what children inherit. */
  readonly $relations?: R;
  /** The table as declared. */
  readonly table: TableDefinition<S>;
  /** The MetaData of the Base that made this class. */
  readonly metadata: MetaData;
  /** The table's name, with its namespace where it has one: `app.users`. */
  readonly tableName: string;
  /**
   * Indexes and constraints that stand beside the columns; read when the schema is built. Those of a child in its parent's
   * table are added to the parent's.
   */
  tableArgs?: () => readonly TableArg[];
}

/** A class that stands for a table; `Base.table()` makes it, a model extends it. */
export interface ModelClass<S extends Columns, R> extends ModelStatics<S, R> {
  new (init: EntityInit<S, R>): Entity<S, R>;
  new (init: EntityInitByObjects<S, R>): Entity<S, R>;
}

/** A model that others extend: `I` is what its objects are, methods included. */
export interface ParentModel<S extends Columns, R, I> extends ModelLike {
  new (...args: never[]): I;
  readonly table: TableDefinition<S>;
  readonly $relations?: R;
}

/** The class that `Base.child()` makes: the parent's columns, relations and methods with those of the child. */
export interface ChildClass<S extends Columns, R, I, S2 extends Columns, R2> extends ModelStatics<S & S2, R & R2> {
  new (init: EntityInit<S & S2, R & R2>): I & Entity<S2, R2>;
  new (init: EntityInitByObjects<S & S2, R & R2>): I & Entity<S2, R2>;
}
