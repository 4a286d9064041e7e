import type { ColumnBuilder } from './column-builder.js';
import {
  declareFunction,
  declareObject,
  declareTrigger,
  declareView,
  type FunctionOptions,
  type ObjectDeclaration,
  type ObjectOptions,
  type SqlByDatabase,
  type SqlSource,
  type TriggerOptions,
  type ViewOptions,
} from './declare-objects.js';
import { columnOf } from './expressions/column-origin.js';
import { Expr } from './expressions/expr.js';
import { type ColumnNaming, columnNameFor, completeNaming, type NamingConvention } from './naming.js';
import { describeObject, isOverloaded, objectKey, type ObjectKind } from './objects.js';
import { buildEnum, type EnumerationOptions } from './enumeration.js';
import { buildSequence, type SequenceOptions } from './sequence.js';
import type { TableArg } from './table-args.js';
import { parseTableName, type TableReference } from './table-name.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { type EnumType, type OptionsByDatabase, type Sequence, type TableName, tableKey } from './table.js';

// A column of any value type: the builder's methods make it invariant, and only `any` says "whatever it is".
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyColumn = ColumnBuilder<any, boolean, boolean, boolean>;

/** The value of a column as JavaScript sees it. */
export type ColumnValue<C> =
  // oxlint-disable-next-line typescript/no-explicit-any
  C extends ColumnBuilder<infer T, infer N, any, any> ? (N extends true ? T | null : T) : never;

/** `table.c`: the columns as expressions, by property name. */
export type ColumnExpressions<S> = { readonly [K in keyof S]: Expr<ColumnValue<S[K]>> };

export interface MetaDataOptions {
  /** Names for what was not named; keys left out keep the default. */
  readonly namingConvention?: Partial<NamingConvention>;
  /** How property names become column names. Default: `snake_case`. */
  readonly columnNames?: ColumnNaming;
  /** Takes names as given, and leaves unnamed what was not named: for migration files. Default: false. */
  readonly namesAreFinal?: boolean;
}

export interface TableDefinitionOptions {
  readonly comment?: string;
  /** Options by database, in its own words: `{ postgres: { unlogged: true }, mysql: { rowFormat: 'COMPRESSED' } }`. */
  readonly options?: OptionsByDatabase;
  /** What the table was called before: autogenerate renames it instead of dropping it. Silent once that is done. */
  readonly renamedFrom?: string;
}

const TABLE_OPTIONS: KnownOptions<TableDefinitionOptions> = { comment: true, options: true, renamedFrom: true };
const DATABASES: KnownOptions<OptionsByDatabase> = { postgres: true, mysql: true, mariadb: true, sqlite: true };
const METADATA_OPTIONS: KnownOptions<MetaDataOptions> = {
  namingConvention: true,
  columnNames: true,
  namesAreFinal: true,
};

/** A table as declared: builders by property name, and a function that yields indexes and constraints. */
export class TableDefinition<S extends Record<string, AnyColumn> = Record<string, AnyColumn>> {
  readonly metadata: MetaData;
  readonly tableName: TableName;
  /** Column builders by property name, in the order of declaration. */
  readonly columns: S;
  /** Database names by property name. */
  readonly columnNames: Readonly<Record<string, string>>;
  readonly comment: string | null;
  options: OptionsByDatabase = {};
  /** What the table was called before, for autogenerate. */
  renamedFrom: string | null = null;
  /** Reads the declared indexes and constraints; replaced when a model class brings its `tableArgs`. */
  args: () => readonly TableArg[];
  /** Says what keeps the declaration from being complete, or nothing. */
  incomplete: () => string | undefined = () => undefined;
  /** Made when somebody asks: a comparison of models with a database asks for few. */
  #expressions: Record<string, Expr<unknown>> | undefined;

  constructor(
    metadata: MetaData,
    name: TableName,
    columns: S,
    args: () => readonly TableArg[],
    comment: string | null,
  ) {
    this.metadata = metadata;
    this.tableName = name;
    this.columns = { ...columns };
    this.args = args;
    this.comment = comment;
    this.columnNames = {};
    this.#name(columns);
  }

  /** Columns as expressions by property name. */
  get c(): ColumnExpressions<S> {
    if (this.#expressions === undefined) this.#express(this.columns);
    return this.#expressions as unknown as ColumnExpressions<S>;
  }

  /** Columns of a model that shares this table with another one. */
  addColumns(columns: Readonly<Record<string, AnyColumn>>): void {
    Object.assign(this.columns, columns);
    this.#name(columns);
    if (this.#expressions !== undefined) this.#express(columns);
  }

  #name(columns: Readonly<Record<string, AnyColumn>>): void {
    const names: Record<string, string> = this.columnNames;
    for (const [property, column] of Object.entries(columns)) {
      if ((column as Partial<AnyColumn> | undefined)?.spec === undefined) {
        const calls = typeof column === 'function' ? ': are its parentheses missing?' : '';
        throw new TypeError(`"${property}" of table "${tableKey(this.tableName)}" is no column${calls}`);
      }
      names[property] = column.spec.databaseName ?? columnNameFor(this.metadata.columnNames, property);
    }
  }

  #express(columns: Readonly<Record<string, AnyColumn>>): void {
    const expressions = (this.#expressions ??= {});
    for (const [property, { spec }] of Object.entries(columns)) {
      const origin = { table: this, property, type: spec.type };
      expressions[property] = new Expr(columnOf(this.columnNames[property] ?? property, origin), spec.conversion?.toDb);
    }
  }
}

/**
 * The tables that belong together: what `declarativeBase()` fills, what autogenerate compares with the database.
 * See https://docs.sqlalchemy.org/en/20/core/metadata.html for the idea.
 */
export class MetaData {
  /** What every copy of this package knows a MetaData by, should a project hold two. */
  readonly isAludelMetaData: true = true;
  readonly namingConvention: NamingConvention;
  readonly columnNames: ColumnNaming;
  readonly namesAreFinal: boolean;
  readonly tables: Map<string, TableDefinition> = new Map();
  readonly sequences: Map<string, Sequence> = new Map();
  readonly enums: Map<string, EnumType> = new Map();
  readonly objects: Map<string, ObjectDeclaration> = new Map();
  readonly tablesElsewhere: Set<string> = new Set();

  constructor(options: MetaDataOptions = {}) {
    checkOptions('declarativeBase', options, METADATA_OPTIONS);
    this.namingConvention = completeNaming(options.namingConvention ?? {});
    this.columnNames = options.columnNames ?? 'snake_case';
    this.namesAreFinal = options.namesAreFinal ?? false;
  }

  /**
   * Declares a table. `args` receives the columns as expressions and yields indexes and constraints.
   * @example metadata.table('ticket_tags', { ticketId: integer().primaryKey().references('tickets.id') })
   * @throws Error when the name is declared twice.
   */
  table<S extends Record<string, AnyColumn>>(
    name: TableReference,
    columns: S,
    args: (c: ColumnExpressions<S>) => readonly TableArg[] = () => [],
    options: TableDefinitionOptions = {},
  ): TableDefinition<S> {
    checkOptions('table', options, TABLE_OPTIONS);
    checkOptions(`table("${String(name)}"): options`, options.options ?? {}, DATABASES);
    if (typeof args !== 'function') {
      throw new TypeError(`table("${String(name)}") takes its indexes and constraints from a function: (c) => [...]`);
    }
    const tableName = parseTableName(name);
    const key = tableKey(tableName);
    if (this.tables.has(key)) throw new Error(`Table "${key}" is declared twice in one MetaData.`);
    const definition: TableDefinition<S> = new TableDefinition<S>(
      this,
      tableName,
      columns,
      () => args(definition.c),
      options.comment ?? null,
    );
    definition.options = options.options ?? {};
    definition.renamedFrom = options.renamedFrom ?? null;
    this.tables.set(key, definition as unknown as TableDefinition);
    return definition;
  }

  /**
   * Names tables that foreign keys may refer to although no model declares them: somebody else looks after them.
   * @example metadata.elsewhere('auth.users')
   */
  elsewhere(...names: readonly TableReference[]): void {
    for (const name of names) this.tablesElsewhere.add(tableKey(parseTableName(name)));
  }

  /**
   * Declares a sequence that is no serial or identity column's own (PostgreSQL).
   * @example metadata.sequence('order_numbers', { start: 1000, increment: 10 })
   * @throws Error when the name is declared twice.
   */
  sequence(name: TableReference, options: SequenceOptions = {}): Sequence {
    const sequence = buildSequence(name, options);
    const key = tableKey(sequence);
    if (this.sequences.has(key)) throw new Error(`Sequence "${key}" is declared twice in one MetaData.`);
    this.sequences.set(key, sequence);
    return sequence;
  }

  /**
   * Declares an enum type that no column is of: one that arrays, functions or domains use (PostgreSQL). A column of an
   * enum declares it with `enumeration()`.
   * @example metadata.enumeration('mood', ['sad', 'ok'])
   * @throws Error when the name is declared twice.
   */
  enumeration(name: TableReference, values: readonly string[], options: EnumerationOptions = {}): EnumType {
    const type = buildEnum(name, values, options);
    const key = tableKey(type);
    if (this.enums.has(key)) throw new Error(`Enum "${key}" is declared twice in one MetaData.`);
    this.enums.set(key, type);
    return type;
  }

  /**
   * Declares a view.
   * @example metadata.view('open_tickets', sql`SELECT * FROM tickets WHERE closed_at IS NULL`)
   * @example metadata.view('open_tickets', select(Ticket).where(Ticket.c.closedAt.isNull()))
   * @throws Error when the name is declared twice.
   */
  view(name: TableReference, query: SqlSource | SqlByDatabase, options: ViewOptions = {}): ObjectDeclaration {
    return this.#add(declareView(name, query, options));
  }

  /**
   * Declares a function (PostgreSQL, MySQL, MariaDB).
   * @example metadata.function('add', { args: 'a integer, b integer', returns: 'integer', body: 'SELECT a + b' })
   * @throws Error when the name is declared twice.
   */
  function(name: TableReference, options: FunctionOptions): ObjectDeclaration {
    return this.#add(declareFunction('function', name, options), options.args);
  }

  /** Declares a procedure, like a function without a result. */
  procedure(name: TableReference, options: FunctionOptions): ObjectDeclaration {
    return this.#add(declareFunction('procedure', name, options), options.args);
  }

  /**
   * Declares a trigger.
   * @example metadata.trigger('touch', { table: 'tickets', timing: 'before', events: ['update'], execute: 'touch()' })
   * @throws Error when the name is declared twice.
   */
  trigger(name: string, options: TriggerOptions): ObjectDeclaration {
    return this.#add(declareTrigger(name, options));
  }

  /**
   * Declares any other object by its CREATE statement: a domain, a policy, an extension, an event.
   * @example metadata.object('domain', 'email', { definition: "CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')" })
   * @throws Error when the name is declared twice.
   */
  object(kind: ObjectKind, name: TableReference, options: ObjectOptions): ObjectDeclaration {
    return this.#add(declareObject(kind, name, options), isOverloaded(kind) ? JSON.stringify(options.definition) : '');
  }

  /** Functions of one name may differ in their parameters. */
  #add(declaration: ObjectDeclaration, args = ''): ObjectDeclaration {
    const key = `${objectKey(declaration)} ${args}`;
    if (this.objects.has(key)) throw new Error(`The ${describeObject(declaration)} is declared twice in one MetaData.`);
    this.objects.set(key, declaration);
    return declaration;
  }
}

/** A model class answers to this: it is told which class is meant, and gives its MetaData. */
export const MODEL_BRAND: unique symbol = Symbol.for('aludel.model') as never;

/** A class that stands for a table. */
export interface ModelLike {
  [MODEL_BRAND](model: unknown): MetaData;
}

/** The MetaData that an export of a model file leads to, if any: a model, a Base, a table or a MetaData itself. */
export function metadataOf(value: unknown): MetaData | undefined {
  if (isMetaData(value)) return value;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  if (MODEL_BRAND in value) return (value as ModelLike)[MODEL_BRAND](value);
  const { metadata } = value as { readonly metadata?: unknown };
  return isMetaData(metadata) ? metadata : undefined;
}

/** True for a MetaData of this or another copy of the package. */
function isMetaData(value: unknown): value is MetaData {
  return typeof value === 'object' && value !== null && 'isAludelMetaData' in value;
}
