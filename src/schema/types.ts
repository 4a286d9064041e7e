/** Column types as plain data. What each becomes on a database is the business of `dialects/<name>/types.ts`. */

export type ColumnType =
  | { readonly kind: 'smallint' | 'integer' | 'bigint' | 'real' | 'double' | 'boolean' }
  | { readonly kind: 'numeric'; readonly precision: number | null; readonly scale: number | null }
  | { readonly kind: 'char'; readonly length: number }
  | { readonly kind: 'varchar'; readonly length: number | null }
  | { readonly kind: 'text' | 'bytes' | 'date' | 'uuid' | 'json' | 'jsonb' }
  | { readonly kind: 'time' | 'timestamp'; readonly precision: number | null; readonly withTimezone: boolean }
  | EnumColumnType
  | CustomColumnType;

/** A column of a named enum: a type of its own on PostgreSQL, written into the column elsewhere. */
export interface EnumColumnType {
  readonly kind: 'enum';
  readonly namespace: string | null;
  readonly name: string;
  readonly values: readonly string[];
}

/** A type in the database's own words: one text for all dialects, or one for each. */
export interface CustomColumnType {
  readonly kind: 'custom';
  readonly sql: string | Readonly<Record<string, string>>;
}

export type TypeKind = ColumnType['kind'];

/** True for the kinds that a database can count up by itself. */
export function isIntegerKind(kind: TypeKind): boolean {
  return kind === 'smallint' || kind === 'integer' || kind === 'bigint';
}
