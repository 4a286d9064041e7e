/** Operations of a project's own: data in a revision, and a definition that says what the data means. */
import type { RenderItemContext } from '../autogenerate/render/render-item.js';
import type { DialectName, ServerVersion } from '../engine/connection.js';
import type { CustomOperation, Operation } from '../operations/operation.js';
import type { TableReference } from '../schema/table-name.js';
import type { Schema } from '../schema/table.js';

/** What a definition may ask while it makes SQL. */
export interface CompileOperationContext {
  readonly dialect: DialectName;
  readonly server: ServerVersion;
  /** The schema just before the operation where `needsSchema` asks for it, else `null`. */
  readonly before: Schema | null;
  quoteIdentifier(name: string): string;
  /** `users`, or `app.users` on PostgreSQL. */
  quoteTable(name: TableReference): string;
  /** Text as a literal, quotes around it. */
  quoteText(text: string): string;
}

/** One statement, or several in order. `--sql` writes parameters into it, all but arrays and objects. */
export type OperationSql =
  | string
  | readonly (string | { readonly sql: string; readonly params?: readonly unknown[] })[];

/** A function whose parameters are those of one definition, in lists that hold definitions of all kinds. */
type Method<Parameters extends readonly unknown[], Result> = {
  method(...parameters: Parameters): Result;
}['method'];

type CompileOperation<Args> = Method<[args: Args, context: CompileOperationContext], OperationSql>;

/** What an operation of a project's own is. `Args` are what `op.name(...)` takes; they have to be plain data. */
export interface OperationDefinition<Args extends readonly unknown[] = readonly unknown[]> {
  /** The method of `op`; no name that `op` has already. */
  readonly name: string;
  /** One line for a person, imperative and without values: `grant select on "users"`. */
  describe(args: Args): string;
  /**
   * The SQL: one function, or one a database. Where a database has none, and there is no `default`, the operation is
   * refused with ALUDEL_OPERATION_UNSUPPORTED.
   */
  readonly compile: CompileOperation<Args> | { readonly [Name in DialectName | 'default']?: CompileOperation<Args> };
  /**
   * What takes it back: the name of another defined operation that is given the same arguments, or a function that gives
   * an operation. Default: nothing does, and autogenerate cannot make it.
   */
  readonly reverse?: string | Method<[args: Args], Operation | null>;
  /** The schema after it, in memory. Default: as before. Not for what only the database knows. */
  apply?(schema: Schema, args: Args): Schema;
  /** Whether it takes data away for good. Default: false. */
  isDestructive?(args: Args): boolean;
  /** Whether `compile` reads `context.before`. Default: false. */
  readonly needsSchema?: boolean;
  /** TypeScript source of the call in a new revision file. Default: `op.name(...)` with the arguments as literals. */
  render?(args: Args, context: RenderItemContext): string;
}

/** A defined operation: a function that makes the data, for comparators and rewriters. */
export interface DefinedOperation<Args extends readonly unknown[] = readonly unknown[]> {
  (...args: Args): CustomOperation;
  readonly definition: OperationDefinition<Args>;
}

/** The method that a defined operation is on `op`, for `interface CustomOperations`. */
export type OperationMethod<Defined> = Defined extends DefinedOperation<infer Args> ? (...args: Args) => void : never;

/**
 * Defines an operation. It becomes a method of `op` in projects whose config lists a plugin with it, and nowhere else.
 * @example export const grant = defineOperation<[privilege: string, table: string, role: string]>({ name: 'grant', ... });
 */
export function defineOperation<Args extends readonly unknown[]>(
  definition: OperationDefinition<Args>,
): DefinedOperation<Args> {
  const { name } = definition;
  return Object.assign((...args: Args): CustomOperation => ({ kind: 'custom', name, args }), { definition });
}
