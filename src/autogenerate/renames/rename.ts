import type { ColumnName, EnumType, Schema, TableName } from '../../schema/table.js';
import { tableKey } from '../../schema/table.js';

/** One decision: what is called `from` in the database is what the models call `to`. */
export type Rename = RenamedObject | RenamedColumn | RenamedEnumValue;

/** A table, enum type or sequence, within its namespace. */
export interface RenamedObject {
  readonly kind: 'table' | 'enum' | 'sequence';
  readonly from: TableName;
  readonly to: string;
}

export interface RenamedColumn {
  readonly kind: 'column';
  /** The table as the models call it. */
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
}

export interface RenamedEnumValue {
  readonly kind: 'enumValue';
  /** The type as the models call it. */
  readonly enum: TableName;
  readonly from: string;
  readonly to: string;
}

/** An enum type of the models with the columns that use it, which are all that databases without enum types know. */
export interface DeclaredEnum extends EnumType {
  readonly columns: readonly ColumnName[];
}

/** The enum types that a schema in no dialect's words declares. */
export function declaredEnums(schema: Schema): DeclaredEnum[] {
  return schema.enums.map((type) => ({
    ...type,
    columns: schema.tables.flatMap((table) =>
      table.columns
        .filter((column) => column.type.kind === 'enum' && tableKey(column.type) === tableKey(type))
        .map((column) => ({ table: { namespace: table.namespace, name: table.name }, column: column.name })),
    ),
  }));
}

/** Names that a plan gives for a while; nobody is asked about them. */
export const ASIDE = '__aludel_';
