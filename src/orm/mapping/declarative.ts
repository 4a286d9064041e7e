/**
 * Declarative models: `declarativeBase()` gives a Base whose `table()` makes the class that a model extends. Columns are
 * builders; relations are getters, so that models may refer to each other across files.
 */
import type { ObjectDeclaration, SqlByDatabase, SqlSource, ViewOptions } from '../../schema/declare-objects.js';
import { MetaData, type MetaDataOptions, MODEL_BRAND, type ModelLike } from '../../schema/metadata.js';
import type { TableDefinitionOptions } from '../../schema/metadata.js';
import type { TableReference } from '../../schema/table-name.js';
import { checkOptions, type KnownOptions } from '../../util/known-options.js';
import type { ChildClass, Columns, ModelClass, ParentModel, Relations } from './model-class.js';
import { createChildClass } from './create-child-class.js';
import { createModelClass } from './create-model-class.js';

/** What a model says that others extend. */
export interface ModelOptions extends TableDefinitionOptions {
  /**
   * The property of the column that says which class a row belongs to, and what it holds for this class. Without `as`
   * the class has no rows of its own.
   */
  readonly polymorphic?: { readonly on: string; readonly as?: string };
}

const MODEL_OPTIONS: KnownOptions<ModelOptions> = {
  comment: true,
  options: true,
  renamedFrom: true,
  polymorphic: true,
};

/** Where the rows of a child stand. */
export interface ChildOptions {
  /** What the parent's `polymorphic` column holds for rows of this class. Without it the class has no rows of its own. */
  readonly as?: string;
  /** A table for the columns of the child alone; its key is the parent's, made by us. Default: the parent's table. */
  readonly table?: TableReference;
}

const CHILD_OPTIONS: KnownOptions<ChildOptions> = { as: true, table: true };

export interface DeclarativeBase {
  /** The tables of all models of this Base: what autogenerate compares with the database. */
  readonly metadata: MetaData;
  /**
   * Makes the class that a model extends. `'app.users'` is the table `users` in the PostgreSQL namespace `app`.
   * @example
   * export class User extends Base.table('users', {
   *   id: integer().primaryKey(),
   *   email: varchar(255).notNull().unique(),
   * }, {
   *   get tickets() { return many(Ticket, { inverse: 'creator' }); },
   * }) {}
   * @throws AludelError ALUDEL_MODELS_INVALID when a column and a relation share a name.
   */
  // oxlint-disable-next-line typescript/no-empty-object-type -- no relations: no keys
  table<S extends Columns, R extends Relations = {}>(
    name: TableReference,
    columns: S,
    relations?: R,
    options?: ModelOptions,
  ): ModelClass<S, R>;
  /**
   * Declares a view of the tables: `metadata.view`.
   * @example Base.view('active_users', select(User.c.id, User.c.email).where(User.c.isActive));
   */
  view(name: TableReference, query: SqlSource | SqlByDatabase, options?: ViewOptions): ObjectDeclaration;
  /**
   * Makes the class of a model that extends another one. Its rows stand in the parent's table (its columns must be
   * nullable or have a server default there), or in a table of their own that is joined by the key.
   * @example
   * class Manager extends Base.child(Employee, { as: 'manager' }, { reports: integer() }) {}
   * class Engineer extends Base.child(Employee, { as: 'engineer', table: 'engineers' }, { field: varchar(50) }) {}
   * @throws AludelError ALUDEL_MODELS_INVALID when the parent does not say `polymorphic`.
   */
  // oxlint-disable-next-line typescript/no-empty-object-type -- no columns, no relations: no keys
  child<S extends Columns, R, I, S2 extends Columns = {}, R2 extends Relations = {}>(
    parent: ParentModel<S, R, I>,
    options: ChildOptions,
    columns?: S2,
    relations?: R2,
  ): ChildClass<S, R, I, S2, R2>;
  /** Makes models known that no model file exports; see `TableDefinition.incomplete`. */
  register(...models: readonly ModelLike[]): void;
}

/**
 * The root of a set of models, with a MetaData of its own. Put it in a file that imports no models.
 * @example export const Base = declarativeBase();
 */
export function declarativeBase(options: MetaDataOptions = {}): DeclarativeBase {
  const metadata = new MetaData(options);
  return {
    metadata,
    table(name, columns, relations, tableOptions = {}) {
      const { polymorphic, ...others } = checkOptions('Base.table', tableOptions, MODEL_OPTIONS);
      return createModelClass(metadata.table(name, columns, undefined, others), relations, polymorphic);
    },
    child: ((parent: Parameters<typeof createChildClass>[0], place: ChildOptions, columns = {}, relations = {}) =>
      createChildClass(
        parent,
        checkOptions('Base.child', place, CHILD_OPTIONS),
        columns,
        relations,
      )) as unknown as DeclarativeBase['child'],
    view: (name, query, viewOptions = {}) => metadata.view(name, query, viewOptions),
    register(...models) {
      for (const model of models) model[MODEL_BRAND](model);
    },
  };
}
