/**
 * One change to a database as plain, JSON-able data. An operation that autogenerate makes holds enough to reverse
 * itself: `existing` is what was there before. Hand-written ones may leave it out.
 */
import type { DatabaseObject, ObjectName } from '../schema/objects.js';
import type { Column, ColumnName, Constraint, EnumType, Index, Sequence, Table, TableName } from '../schema/table.js';
import type { RowGroup } from './row-values.js';
import type { Expression } from '../schema/expressions/expression.js';

/** MySQL and MariaDB: how ALTER TABLE is to be carried out. The server refuses at once what it cannot do in this way. */
export interface OnlineDdl {
  /** `nocopy`: MariaDB. Default: the best that the server can do. */
  readonly algorithm?: 'instant' | 'nocopy' | 'inplace' | 'copy';
  /** What others may not do meanwhile: `none` lets them read and write. Default: as little as possible. */
  readonly lock?: 'none' | 'shared' | 'exclusive';
}

export type Operation =
  | CreateNamespace
  | DropNamespace
  | CreateEnum
  | DropEnum
  | AddEnumValue
  | AlterEnum
  | RenameEnum
  | SetEnumComment
  | RenameEnumValue
  | CreateSequence
  | AlterSequence
  | DropSequence
  | RenameSequence
  | CreateTable
  | DropTable
  | RenameTable
  | SetTableComment
  | SetTableOptions
  | SetComment
  | AddColumn
  | DropColumn
  | AlterColumn
  | CreateIndex
  | DropIndex
  | RenameIndex
  | AddConstraint
  | DropConstraint
  | ValidateConstraint
  | RenameConstraint
  | CreateObject
  | ReplaceObject
  | DropObject
  | Backfill
  | BulkInsert
  | DeleteRows
  | Execute
  | CustomOperation
  | Opaque;

export type OperationKind = Operation['kind'];

export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;

export interface CreateNamespace {
  readonly kind: 'createNamespace';
  readonly name: string;
}

export interface DropNamespace {
  readonly kind: 'dropNamespace';
  readonly name: string;
}

export interface CreateEnum {
  readonly kind: 'createEnum';
  readonly enum: EnumType;
}

export interface DropEnum {
  readonly kind: 'dropEnum';
  readonly enum: TableName;
  readonly existing: EnumType | null;
}

export interface AddEnumValue {
  readonly kind: 'addEnumValue';
  readonly enum: TableName;
  readonly value: string;
  /** Where the value goes; `null`: behind `after`, or at the end. */
  readonly before: string | null;
  readonly after?: string;
  /** A value that is there already is no error. */
  readonly ifNotExists?: true;
  readonly existing: EnumType | null;
}

/** Any other change of an enum's values: the type is swapped, columns keep their data. */
export interface AlterEnum {
  readonly kind: 'alterEnum';
  readonly enum: TableName;
  readonly values: readonly string[];
  readonly existing: EnumType | null;
}

export interface RenameEnum {
  readonly kind: 'renameEnum';
  readonly enum: TableName;
  readonly to: string;
}

export interface SetEnumComment {
  readonly kind: 'setEnumComment';
  readonly enum: TableName;
  readonly comment: string | null;
  readonly existing: string | null;
}

/** Rows that hold the value hold the new one afterwards. */
export interface RenameEnumValue {
  readonly kind: 'renameEnumValue';
  readonly enum: TableName;
  readonly value: string;
  readonly to: string;
  /** The columns of the type, for databases where enums live in their columns; PostgreSQL needs none. */
  readonly columns: readonly ColumnName[];
}

export interface CreateSequence {
  readonly kind: 'createSequence';
  readonly sequence: Sequence;
}

/** What changes about a sequence; keys left out stay as they are. It goes on counting where it is. */
export type SequenceChanges = { readonly [K in Exclude<keyof Sequence, 'namespace' | 'name'>]?: Sequence[K] };

export interface AlterSequence {
  readonly kind: 'alterSequence';
  readonly sequence: TableName;
  readonly changes: SequenceChanges;
  readonly existing: Sequence | null;
}

export interface DropSequence {
  readonly kind: 'dropSequence';
  readonly sequence: TableName;
  readonly existing: Sequence | null;
}

export interface RenameSequence {
  readonly kind: 'renameSequence';
  readonly sequence: TableName;
  readonly to: string;
}

/** The table with its constraints and indexes. */
export interface CreateTable {
  readonly kind: 'createTable';
  readonly table: Table;
  /** A table of this name, whatever it looks like, is left as it is. */
  readonly ifNotExists?: true;
}

export interface DropTable {
  readonly kind: 'dropTable';
  readonly table: TableName;
  readonly ifExists?: true;
  readonly existing: Table | null;
}

export interface RenameTable {
  readonly kind: 'renameTable';
  readonly table: TableName;
  readonly to: string;
}

export interface SetTableComment {
  readonly kind: 'setTableComment';
  readonly table: TableName;
  readonly comment: string | null;
  readonly existing: string | null;
}

/** What changes about the options of a table; `null` takes one away. */
export interface SetTableOptions {
  readonly kind: 'setTableOptions';
  readonly table: TableName;
  readonly changes: Readonly<Record<string, string | boolean | null>>;
  /** The same keys as they were; `null`: not there. */
  readonly existing: Readonly<Record<string, string | boolean | null>> | null;
}

/** The comment of something that belongs to a table and has a name (PostgreSQL). */
export interface SetComment {
  readonly kind: 'setComment';
  readonly object: 'index' | 'constraint';
  readonly table: TableName;
  readonly name: string;
  readonly comment: string | null;
  readonly existing: string | null;
}

export interface AddColumn {
  readonly kind: 'addColumn';
  readonly table: TableName;
  readonly column: Column;
  readonly ifNotExists?: true;
  readonly mysql?: OnlineDdl;
}

export interface DropColumn {
  readonly kind: 'dropColumn';
  readonly table: TableName;
  readonly column: string;
  readonly existing: Column | null;
  readonly ifExists?: true;
  readonly mysql?: OnlineDdl;
}

/** What changes about a column; keys left out stay as they are, and `null` takes away what may be absent. */
export type ColumnChanges = {
  readonly [K in Exclude<keyof Column, 'inherited'>]?: undefined extends Column[K]
    ? NonNullable<Column[K]> | null
    : Column[K];
};

export interface AlterColumn {
  readonly kind: 'alterColumn';
  readonly table: TableName;
  readonly column: string;
  readonly changes: ColumnChanges;
  /** PostgreSQL: how old values become new ones when the type changes. */
  readonly using: Expression | null;
  /** PostgreSQL: the default is that of the table alone; its partitions and children keep theirs. */
  readonly only?: true;
  /** The `using` of the way back. */
  readonly usingBack?: Expression;
  readonly existing: Column | null;
  readonly mysql?: OnlineDdl;
}

export interface CreateIndex {
  readonly kind: 'createIndex';
  readonly table: TableName;
  readonly index: Index;
  readonly ifNotExists?: true;
  /** PostgreSQL: others go on writing meanwhile. Runs outside the transaction. */
  readonly concurrently?: true;
  readonly mysql?: OnlineDdl;
}

export interface DropIndex {
  readonly kind: 'dropIndex';
  readonly table: TableName;
  readonly name: string;
  readonly existing: Index | null;
  readonly ifExists?: true;
  /** PostgreSQL: others go on writing meanwhile. Runs outside the transaction. */
  readonly concurrently?: true;
  readonly mysql?: OnlineDdl;
}

export interface RenameIndex {
  readonly kind: 'renameIndex';
  readonly table: TableName;
  readonly name: string;
  readonly to: string;
  /** The index under its old name. */
  readonly existing: Index | null;
}

export interface AddConstraint {
  readonly kind: 'addConstraint';
  readonly table: TableName;
  readonly constraint: Constraint;
  readonly mysql?: OnlineDdl;
}

export interface DropConstraint {
  readonly kind: 'dropConstraint';
  readonly table: TableName;
  /** `null` only where `existing` says which one is meant. */
  readonly name: string | null;
  readonly type: Constraint['kind'] | null;
  readonly existing: Constraint | null;
  readonly ifExists?: true;
  readonly mysql?: OnlineDdl;
}

/** PostgreSQL: the rows that were there before a `notValid` constraint are checked as well. */
export interface ValidateConstraint {
  readonly kind: 'validateConstraint';
  readonly table: TableName;
  readonly name: string;
  /** False for the way back: the constraint is made again, and no longer answers for the rows that are there. */
  readonly isValid: boolean;
  /** The constraint as it was; the way back needs it. */
  readonly existing: Constraint | null;
}

/** Gives a column a value in the rows where it has none. Autogenerate writes it as code of `op.db`. */
export interface Backfill {
  readonly kind: 'backfill';
  readonly table: TableName;
  readonly column: string;
  readonly value: Expression;
  /** MySQL and MariaDB: columns with ON UPDATE, which stay as they are. Default: none. */
  readonly keeps?: readonly string[];
}

/** Rows that the revision holds. */
export interface BulkInsert {
  readonly kind: 'bulkInsert';
  readonly table: TableName;
  readonly groups: readonly RowGroup[];
  /** The columns that a row is known by, for the way back; `null` where nobody said. */
  readonly key: readonly string[] | null;
}

/** Deletes the rows that hold these values. */
export interface DeleteRows {
  readonly kind: 'deleteRows';
  readonly table: TableName;
  readonly groups: readonly RowGroup[];
  /** What was there before. */
  readonly existing: BulkInsert | null;
}

export interface RenameConstraint {
  readonly kind: 'renameConstraint';
  readonly table: TableName;
  readonly name: string;
  readonly to: string;
  /** The constraint under its old name. */
  readonly existing: Constraint | null;
}

/** A view, a function, a trigger or any other object beside tables. */
export interface CreateObject {
  readonly kind: 'createObject';
  readonly object: DatabaseObject;
}

/** The object in place of the one of its name, without dropping it where the database can. */
export interface ReplaceObject {
  readonly kind: 'replaceObject';
  readonly object: DatabaseObject;
  readonly existing: DatabaseObject | null;
}

export interface DropObject {
  readonly kind: 'dropObject';
  readonly object: ObjectName;
  readonly existing: DatabaseObject | null;
}

export interface Execute {
  readonly kind: 'execute';
  readonly sql: string;
  readonly params: readonly unknown[];
  /** The SQL that takes it back, when somebody said so. */
  readonly reverse: string | null;
}

/**
 * An operation that a plugin defines. What the definition knows of it stands here as data, so that it is reversed and
 * described as any other, wherever the definition is not at hand.
 */
export interface CustomOperation {
  readonly kind: 'custom';
  /** The method of `op`. */
  readonly name: string;
  /** What it is called with: JSON-able. */
  readonly args: readonly unknown[];
  /** In words; absent before the definition has seen it. */
  readonly summary?: string;
  /** What takes it back; absent where nothing does. */
  readonly reverse?: Operation;
  /** Takes data away for good. */
  readonly isDestructive?: true;
}

/** Something that code did and data cannot hold; stands in recordings only. */
export interface Opaque {
  readonly kind: 'opaque';
  /** `file:line`. */
  readonly at: string;
}

/** The table that an operation is about, or `null`. */
export function tableOf(operation: Operation): TableName | null {
  if (operation.kind === 'createTable') return { namespace: operation.table.namespace, name: operation.table.name };
  return 'table' in operation ? operation.table : null;
}
