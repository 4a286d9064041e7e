/** Models as Kysely types tables: by their names in the database. */
import type { ColumnType } from 'kysely';
import type { ColumnValue } from '../../schema/metadata.js';
import type { RequiredColumn } from '../mapping/model-class.js';

/** `creatorId` to `creator_id`, as `columnNames: 'snake_case'` does. */
type SnakeCase<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${Lowercase<First>}${Rest extends Uncapitalize<Rest> ? '' : '_'}${SnakeCase<Rest>}`
  : S;

/** What drivers make of values that nothing of ours reads. */
type DriverValue<T> = T extends Date
  ? Date | string
  : T extends boolean
    ? boolean | number
    : T extends bigint
      ? bigint | number | string
      : T;

type Row<S> = {
  [K in keyof S & string as SnakeCase<K>]: ColumnType<
    DriverValue<ColumnValue<S[K]>>,
    S[K] extends RequiredColumn ? ColumnValue<S[K]> : ColumnValue<S[K]> | undefined,
    ColumnValue<S[K]>
  >;
};

/**
 * The tables of models for `engine.kysely()` and `session.kysely()`, by the names that they have in the database. Columns are
 * in snake_case; values are what the driver gives.
 * @example const db = engine.kysely<TablesOf<{ users: typeof User; tickets: typeof Ticket }>>();
 */
export type TablesOf<M> = {
  [K in keyof M]: M[K] extends { readonly table: { readonly columns: infer S } } ? Row<S> : never;
};
