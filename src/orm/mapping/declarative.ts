/**
 * Declarative models: `declarativeBase()` gives a Base whose `table()` makes the class that a model extends. Columns are
 * builders; relations are getters, so that models may refer to each other across files.
 */
import type { ObjectDeclaration, SqlByDatabase, SqlSource, ViewOptions } from '../../schema/declare-objects.js';
import { MetaData, type MetaDataOptions, MODEL_BRAND, type ModelLike } from '../../schema/metadata.js';
import type { TableDefinitionOptions } from '../../schema/metadata.js';
import type { TableReference } from '../../schema/table-name.js';
import type { Columns, ModelClass, Relations } from './model-class.js';
import { createModelClass } from './create-model-class.js';

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
    options?: TableDefinitionOptions,
  ): ModelClass<S, R>;
  /**
   * Declares a view of the tables: `metadata.view`.
   * @example Base.view('active_users', sql`SELECT id, email FROM users WHERE active`);
   */
  view(name: TableReference, query: SqlSource | SqlByDatabase, options?: ViewOptions): ObjectDeclaration;
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
    table: (name, columns, relations, tableOptions = {}) =>
      createModelClass(metadata.table(name, columns, undefined, tableOptions), relations),
    view: (name, query, viewOptions = {}) => metadata.view(name, query, viewOptions),
    register(...models) {
      for (const model of models) model[MODEL_BRAND](model);
    },
  };
}
