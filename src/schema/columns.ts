/** One function a column type. The same functions serve models and migration files. */
import { checkValues, describe } from './check-parts.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { ColumnBuilder, type Conversion, type EnumOptions } from './column-builder.js';
import { formatTableName, parseTableName, type TableReference } from './table-name.js';

type Counting<T> = ColumnBuilder<T, true, false, true>;

/** What times and timestamps can be told. */
interface TimeOptions {
  /** Digits of the seconds' fraction. */
  readonly precision?: number;
  readonly withTimezone?: boolean;
}

const TIME_OPTIONS: KnownOptions<TimeOptions> = { precision: true, withTimezone: true };
const ENUM_OPTIONS: KnownOptions<EnumOptions> = { comment: true, renamedFrom: true, renamedValues: true };

export function smallint(): Counting<number> {
  return ColumnBuilder.of({ kind: 'smallint' });
}

export function integer(): Counting<number> {
  return ColumnBuilder.of({ kind: 'integer' });
}

/** A 64-bit integer; `mode` is the JavaScript type of its values. Default: `bigint`, the only one that is both exact and a number. */
export function bigint(options: { readonly mode: 'number' }): Counting<number>;
export function bigint(options: { readonly mode: 'string' }): Counting<string>;
export function bigint(options?: { readonly mode?: 'bigint' }): Counting<bigint>;
export function bigint(options: { readonly mode?: 'bigint' | 'number' | 'string' } = {}): Counting<unknown> {
  const { mode = 'bigint' } = checkOptions('bigint', options, { mode: true });
  return new ColumnBuilder({ ...ColumnBuilder.of({ kind: 'bigint' }).spec, mode });
}

/**
 * A column that counts the updates of its row, for optimistic locking: a session that changes or deletes a row which
 * another has changed in the meantime gets a StaleRowError.
 */
export function version(): ColumnBuilder<number, false, true> {
  const { spec } = integer().notNull();
  return new ColumnBuilder<number, false, true>({ ...spec, clientDefault: 1, isVersion: true });
}

/** Single precision floating point. */
export function real(): ColumnBuilder<number> {
  return ColumnBuilder.of({ kind: 'real' });
}

/** Double precision floating point. */
export function double(): ColumnBuilder<number> {
  return ColumnBuilder.of({ kind: 'double' });
}

/** Exact decimals of `precision` digits in all, `scale` of them behind the point; strings in JavaScript, to stay exact. */
export function numeric(precision?: number, scale?: number): ColumnBuilder<string> {
  checkSizes('numeric', precision, scale);
  return ColumnBuilder.of({ kind: 'numeric', precision: precision ?? null, scale: scale ?? null });
}

export function boolean(): ColumnBuilder<boolean> {
  return ColumnBuilder.of({ kind: 'boolean' });
}

/** Text of exactly `length` characters, padded with spaces where the database does so. */
export function char(length = 1): ColumnBuilder<string> {
  checkSizes('char', length);
  return ColumnBuilder.of({ kind: 'char', length });
}

/** Text of at most `length` characters; MySQL and MariaDB need the length. */
export function varchar(length?: number): ColumnBuilder<string> {
  checkSizes('varchar', length);
  return ColumnBuilder.of({ kind: 'varchar', length: length ?? null });
}

export function text(): ColumnBuilder<string> {
  return ColumnBuilder.of({ kind: 'text' });
}

export function bytes(): ColumnBuilder<Uint8Array> {
  return ColumnBuilder.of({ kind: 'bytes' });
}

/** A calendar day, as `2026-01-31`. */
export function date(): ColumnBuilder<string> {
  return ColumnBuilder.of({ kind: 'date' });
}

/** A time of day, as `12:30:00`; `precision` is the number of digits of the seconds' fraction. */
export function time(options: TimeOptions = {}): ColumnBuilder<string> {
  const { precision = null, withTimezone = false } = checkOptions('time', options, TIME_OPTIONS);
  return ColumnBuilder.of({ kind: 'time', precision, withTimezone });
}

/** A date with a time; with `withTimezone` an instant, without one a reading of a clock on the wall. */
export function timestamp(options: TimeOptions = {}): ColumnBuilder<Date> {
  const { precision = null, withTimezone = false } = checkOptions('timestamp', options, TIME_OPTIONS);
  return ColumnBuilder.of({ kind: 'timestamp', precision, withTimezone });
}

export function uuid(): ColumnBuilder<string> {
  return ColumnBuilder.of({ kind: 'uuid' });
}

/** JSON kept as written where the database has such a type. */
export function json<T = unknown>(): ColumnBuilder<T> {
  return ColumnBuilder.of({ kind: 'json' });
}

/** PostgreSQL's binary JSON; the same as `json()` elsewhere. */
export function jsonb<T = unknown>(): ColumnBuilder<T> {
  return ColumnBuilder.of({ kind: 'jsonb' });
}

/**
 * One of a list of strings: an enum type called `name` on PostgreSQL (`namespace.name` for another namespace, the two apart for
 * names that hold a dot), an ENUM column on MySQL and MariaDB, a CHECK on SQLite.
 */
export function enumeration<const V extends readonly string[]>(
  name: TableReference,
  values: V,
  options: EnumOptions = {},
): ColumnBuilder<V[number]> {
  checkOptions('enumeration', options, ENUM_OPTIONS);
  const fullName = parseTableName(name);
  checkValues(`enumeration("${formatTableName(fullName)}")`, values);
  const builder = ColumnBuilder.of<V[number]>({ kind: 'enum', ...fullName, values: [...values] });
  return Object.keys(options).length === 0 ? builder : new ColumnBuilder({ ...builder.spec, enumOptions: options });
}

/**
 * A type in the database's own words, for all that has no function here.
 * @example customType<string>('citext')
 * @example customType<string>({ postgres: 'inet', sqlite: 'TEXT', mysql: 'VARCHAR(45)', mariadb: 'INET6' })
 *
 * With `column`, a type of JavaScript's own over a column of another type: migrations see that one, objects and queries
 * hold what `fromDb` makes of its values.
 * @example customType({ column: varchar(20), toDb: (money: Money) => money.toString(), fromDb: Money.parse })
 */
export function customType<T = unknown>(sql: string | Readonly<Record<string, string>>): ColumnBuilder<T>;
export function customType<D, T, N extends boolean, H extends boolean, A extends boolean>(
  type: CustomType<D, T, N, H, A>,
): ColumnBuilder<T, N, H, A>;
export function customType(type: string | Readonly<Record<string, string>> | object): unknown {
  if (!isCustomType(type))
    return ColumnBuilder.of({ kind: 'custom', sql: type as string | Readonly<Record<string, string>> });
  const { column, toDb, fromDb, equals } = type;
  const conversion = { toDb, fromDb, ...(equals === undefined ? {} : { equals }) };
  return new ColumnBuilder({ ...column.spec, conversion });
}

/** A column of another type, and the way between its values and those of objects. */
export interface CustomType<D, T, N extends boolean, H extends boolean, A extends boolean> extends Conversion<T, D> {
  readonly column: ColumnBuilder<D, N, H, A>;
}

type AnyCustomType = CustomType<unknown, never, boolean, boolean, boolean>;

function isCustomType(type: string | object): type is AnyCustomType {
  return typeof type === 'object' && 'column' in type && type.column instanceof ColumnBuilder;
}

/** @throws TypeError for `varchar('255')`, which would never be equal to the 255 of the database. */
function checkSizes(call: string, ...sizes: readonly (number | undefined)[]): void {
  const strange = sizes.find((size) => size !== undefined && !Number.isInteger(size));
  if (strange !== undefined) throw new TypeError(`${call} takes whole numbers, not ${describe(strange)}`);
}
