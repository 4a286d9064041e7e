/** The shape of a database as plain data. Reflection and models both end here, and comparison starts here. */
import type { Expression } from './expressions/expression.js';
import type { ObjectDeclaration } from './object-declaration.js';
import { type DatabaseObject, objectKey, type ObjectName } from './objects.js';
import type { Index, IndexPart } from './table-index.js';
import type { TableName } from './table-name.js';
import type { ColumnType } from './types.js';

export type { Index, IndexPart, TableName };

export interface Schema {
  /** Namespaces (PostgreSQL schemas) besides the default one, which is `null` everywhere. */
  readonly namespaces: readonly string[];
  readonly enums: readonly EnumType[];
  /** Sequences that are objects of their own; those that serial and identity columns imply are not among them. */
  readonly sequences: readonly Sequence[];
  readonly tables: readonly Table[];
  /** Views, functions, triggers and the like, by key. Absent where there is none. */
  readonly objects?: readonly DatabaseObject[];
  /** Of models only: objects that no dialect has written yet. */
  readonly declared?: readonly ObjectDeclaration[];
}

/** A named enum type. Only PostgreSQL has these as objects of their own. */
export interface EnumType extends TableName {
  readonly values: readonly string[];
  /** Absent where there is none. */
  readonly comment?: string;
}

/** A sequence (PostgreSQL). Numbers are text: they may exceed what a JavaScript number holds. */
export interface Sequence extends TableName {
  readonly type: 'smallint' | 'integer' | 'bigint';
  readonly start: string;
  readonly increment: string;
  /** `null`: as far as the type and the direction go. */
  readonly min: string | null;
  readonly max: string | null;
  readonly cache: string;
  readonly cycle: boolean;
  /** The column that takes the sequence along when it is dropped. */
  readonly ownedBy: ColumnName | null;
  readonly comment: string | null;
  /** PostgreSQL 15: not kept over a crash. Of one that belongs to a column, absent: as its table is. */
  readonly unlogged?: boolean;
}

export interface ColumnName {
  readonly table: TableName;
  readonly column: string;
}

export interface Table extends TableName {
  readonly columns: readonly Column[];
  readonly primaryKey: PrimaryKey | null;
  readonly uniques: readonly Unique[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  /** PostgreSQL; absent where there is none. */
  readonly exclusions?: readonly Exclusion[];
  readonly indexes: readonly Index[];
  readonly comment: string | null;
  readonly options: TableOptions;
  /** Of models only: options that no dialect has chosen from yet. */
  readonly optionsByDatabase?: OptionsByDatabase;
  /** PostgreSQL: a partition that was a table of its own before. Two tables do not differ by it. */
  readonly attached?: true;
  /** The keys of the objects that columns, defaults, checks and indexes stand on. Absent where there is none. */
  readonly dependsOn?: readonly string[];
  /** SQLite: the statements behind the table, as the database keeps them. Gone once an operation was applied. */
  readonly source?: TableSource;
}

export interface TableSource {
  /** The CREATE TABLE. */
  readonly sql: string;
  readonly indexes: readonly NamedSql[];
  readonly triggers: readonly NamedSql[];
  /** The names of views that mention the table. */
  readonly views: readonly string[];
}

export interface NamedSql {
  readonly name: string;
  readonly sql: string;
}

/** Options in the database's own words, such as `{ engine: 'MyISAM' }` or `{ strict: true }`; empty for a usual table. */
export type TableOptions = Readonly<Record<string, string | boolean>>;

/**
 * True for an option that says how the statement of a table is laid out, and not what the table is (SQLite, which keeps the
 * words): two databases differ by it, but models never change one that is there.
 */
export function isLayoutOption(key: string): boolean {
  return key.startsWith('layout ');
}

/** The column of which an option of its table says something: `columnStorage <column>`. `null` for other options. */
export function columnOfOption(key: string): string | null {
  return /^column[A-Z]\w* (.+)$/s.exec(key)?.[1] ?? null;
}

/** The index, or the key that one stands behind, of which an option of its table says something: `indexComment <key>`. `null` for other options. */
export function indexOfOption(key: string): string | null {
  return /^index[A-Z]\w* (.+)$/s.exec(key)?.[1] ?? null;
}

/** PostgreSQL: what an option says of the NOT NULL of a column. One that takes NULL has none. */
export function isNotNullOption(key: string): boolean {
  return key.startsWith('columnNotNull');
}

/** Options of a table where databases differ. */
export type OptionsByDatabase = Readonly<Partial<Record<'postgres' | 'mysql' | 'mariadb' | 'sqlite', TableOptions>>>;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** The server default. */
  readonly default: Expression | null;
  /** How the database makes values by itself. */
  readonly generation: Generation | null;
  /** `GENERATED ALWAYS AS (expression)`. */
  readonly generated: { readonly expression: Expression; readonly stored: boolean } | null;
  /** MySQL and MariaDB: `ON UPDATE CURRENT_TIMESTAMP`. */
  readonly onUpdate: Expression | null;
  readonly collation: string | null;
  readonly comment: string | null;
  /** PostgreSQL 18: what NOT NULL is called, where it is not the server's name for it. */
  readonly notNullName?: string;
  readonly notNullManner?: NotNullManner;
  /**
   * PostgreSQL: the table has the column from those that it inherits from, and says of it its comment, a NOT NULL of its own and a
   * default, of which `null` is theirs and `NULL` as SQL is none.
   */
  readonly inherited?: true;
}

/** PostgreSQL 18: a NOT NULL that children do not inherit, or that rows from before need not meet. */
export type NotNullManner = 'no inherit' | 'not valid' | 'no inherit not valid';

export type Generation =
  /** As the database does it best; models only, `normalise` replaces it. */
  | { readonly kind: 'auto' }
  /** MySQL's AUTO_INCREMENT, SQLite's AUTOINCREMENT. */
  | { readonly kind: 'autoincrement' }
  /** PostgreSQL's integer with a sequence of its own as default. */
  | { readonly kind: 'serial' }
  | Identity;

/** `GENERATED ... AS IDENTITY` (SQL:2003, PostgreSQL 10+). Unset options are the server's defaults. */
export interface Identity {
  readonly kind: 'identity';
  readonly always: boolean;
  readonly start: string | null;
  readonly increment: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly cache: string | null;
  readonly cycle: boolean;
  /** PostgreSQL: what its sequence is called, where it is not the server's name for it. */
  readonly sequence?: string;
  /** PostgreSQL: the comment of its sequence. */
  readonly comment?: string;
}

/** When a constraint is checked: at COMMIT if somebody asks for it, or always. */
export type Deferrable = 'immediate' | 'deferred';

/**
 * A constraint without a name can only be reached by what it is; `null` says so. Optional keys are PostgreSQL's, and
 * absent where nothing special is said. `inherited`: of a partition, which has it from its table.
 */
export interface PrimaryKey {
  readonly kind: 'primaryKey';
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly deferrable?: Deferrable;
  /** Of a partitioned table: not every partition has its part; the indexes of those that have one, as SQL. */
  readonly only?: readonly string[];
  readonly inherited?: true;
  /** The last column is a range, and no two of them overlap (PostgreSQL 18). */
  readonly period?: true;
  /** Columns that the index of the constraint carries along. */
  readonly include?: readonly string[];
  /** Storage parameters of its index, as of any: `{ fillfactor: '70' }`, on MySQL and MariaDB `{ keyBlockSize: '4' }`. */
  readonly storage?: Readonly<Record<string, string>>;
  /** MySQL and MariaDB: the access method, where the statement said it: `btree`. */
  readonly method?: string;
  /** MySQL and MariaDB: how many characters of a column count, by its name. */
  readonly lengths?: Readonly<Record<string, number>>;
  /** MySQL and MariaDB: the columns by which it is sorted from the end. */
  readonly descending?: readonly string[];
  readonly comment?: string;
}

export interface Unique {
  readonly kind: 'unique';
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly deferrable?: Deferrable;
  readonly only?: readonly string[];
  readonly inherited?: true;
  readonly period?: true;
  readonly include?: readonly string[];
  readonly storage?: Readonly<Record<string, string>>;
  /** Two NULLs count as equal (PostgreSQL 15+). */
  readonly nullsNotDistinct?: true;
  /** MySQL and MariaDB: the access method, where the statement said it: `btree`. */
  readonly method?: string;
  readonly comment?: string;
}

export type ForeignKeyAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKey {
  readonly kind: 'foreignKey';
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly target: TableName;
  readonly targetColumns: readonly string[];
  readonly onDelete: ForeignKeyAction;
  /** PostgreSQL 15+: only these become NULL or their default. */
  readonly onDeleteColumns?: readonly string[];
  readonly onUpdate: ForeignKeyAction;
  readonly deferrable: Deferrable | null;
  /** NO ACTION that was written out: it does no more than nothing, and MariaDB and SQLite keep the words. */
  readonly saysNoAction?: 'delete' | 'update' | 'both';
  /** Either all columns are NULL or none. */
  readonly match?: 'full';
  readonly inherited?: true;
  readonly period?: true;
  /** Rows that were there before are not checked. */
  readonly notValid?: true;
  /** No row is checked (PostgreSQL 18). */
  readonly notEnforced?: true;
  readonly comment?: string;
}

export interface Check {
  readonly kind: 'check';
  readonly name: string | null;
  readonly expression: Expression;
  /** Does not hold for tables that inherit from this one. */
  readonly noInherit?: true;
  readonly inherited?: true;
  readonly notValid?: true;
  /** No row is checked (PostgreSQL 18, MySQL). */
  readonly notEnforced?: true;
  readonly comment?: string;
}

/** `EXCLUDE USING gist (period WITH &&)`: no two rows for which every operator holds (PostgreSQL). */
export interface Exclusion {
  readonly kind: 'exclusion';
  readonly name: string | null;
  /** The access method of its index. */
  readonly method: string;
  readonly elements: readonly ExclusionElement[];
  readonly where: Expression | null;
  readonly deferrable?: Deferrable;
  readonly inherited?: true;
  readonly include?: readonly string[];
  readonly storage?: Readonly<Record<string, string>>;
  readonly comment?: string;
}

export interface ExclusionElement extends Pick<IndexPart, 'nulls' | 'opclass' | 'collation'> {
  readonly expression: Expression;
  readonly descending?: true;
  /** Such as `&&`, or `OPERATOR(app.===)`. */
  readonly operator: string;
}

export type Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclusion;

/** A table but for its name. */
export const EMPTY_TABLE: Omit<Table, keyof TableName> = {
  columns: [],
  primaryKey: null,
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  comment: null,
  options: {},
};

/** What a column says besides its name and type. */
export const EMPTY_COLUMN: Omit<Column, 'name' | 'type'> = {
  nullable: true,
  default: null,
  generation: null,
  generated: null,
  onUpdate: null,
  collation: null,
  comment: null,
};

export const EMPTY_SCHEMA: Schema = { namespaces: [], enums: [], sequences: [], tables: [] };

/** The key of a table in maps; two tables are the same when their keys are. */
export function tableKey(table: TableName): string {
  return table.namespace === null ? table.name : `${table.namespace}.${table.name}`;
}

/** All constraints of a table, the primary key first. */
export function constraintsOf(table: Table): Constraint[] {
  const primaryKey = table.primaryKey === null ? [] : [table.primaryKey];
  return [...primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks, ...(table.exclusions ?? [])];
}

/** The table without the options of which models say that they are not to be there: `false`. */
export function withoutRefusedOptions(table: Table): Table {
  const entries = Object.entries(table.options).filter(([, value]) => value !== false);
  return { ...table, options: Object.fromEntries(entries) };
}

/** Finds an object by name, or `null`. */
export function findObject(schema: Schema | null, name: ObjectName): DatabaseObject | null {
  return schema?.objects?.find((object) => objectKey(object) === objectKey(name)) ?? null;
}

/** Finds a table by name, or `undefined`. */
export function findTable({ tables }: Pick<Schema, 'tables'>, name: TableName): Table | undefined {
  const known = lookups.get(tables) ?? 0;
  if (typeof known !== 'number') return known.get(lookupKey(name));
  lookups.set(tables, known < FEW ? known + 1 : indexTables(tables));
  return tables.find((table) => table.name === name.name && table.namespace === name.namespace);
}

/**
 * How often tables have been searched, or where each is: comparing 5,000 tables asks for every one of them, while each
 * operation that is applied makes a new list, of which little is asked.
 */
const lookups = new WeakMap<readonly Table[], number | ReadonlyMap<string, Table>>();

const FEW = 8;

function indexTables(tables: readonly Table[]): ReadonlyMap<string, Table> {
  // The first of a name is the one to find.
  return new Map(tables.toReversed().map((table) => [lookupKey(table), table]));
}

function lookupKey({ namespace, name }: TableName): string {
  return namespace === null ? name : `${namespace}\0${name}`;
}
