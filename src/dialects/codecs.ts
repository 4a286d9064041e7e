/** Values between the database's form and JavaScript's, by column type and dialect. */
import type { DialectName } from '../engine/connection.js';
import { type ColumnSpec, toTypeValue } from '../schema/column-builder.js';
import { readTimestamp } from '../util/read-timestamp.js';

/** A column, or what the database works out as one. */
interface CodedColumn {
  readonly spec: ColumnSpec;
  readonly computedBy?: { readonly decoder: (dialect: DialectName) => Codec['decode'] };
}

export interface Codec {
  /** What the driver takes. */
  readonly encode: (value: unknown) => unknown;
  /** What the object holds. */
  readonly decode: (value: unknown) => unknown;
}

const AS_IT_IS: Codec = { encode: (value) => value ?? null, decode: (value) => value ?? null };
/** What values are in JavaScript, whatever a driver makes of them. */
const READERS: Readonly<Record<'number' | 'boolean' | 'date', Codec['decode']>> = {
  number: Number,
  boolean: (value) => value === true || Number(value) === 1,
  date: (value) => (value instanceof Date ? value : readTimestamp(String(value))),
};
const codecs: Map<DialectName, WeakMap<ColumnSpec, Codec>> = new Map();

/** The codec of a column. NULL passes through. */
export function codecOf(column: CodedColumn, dialect: DialectName): Codec {
  let known = codecs.get(dialect);
  if (known === undefined) codecs.set(dialect, (known = new WeakMap()));
  let codec = known.get(column.spec);
  if (codec === undefined) known.set(column.spec, (codec = passNull(convert(column.spec, makeCodec(column, dialect)))));
  return codec;
}

/** Reads rows, their values in the order of the columns; what a row holds behind them is left out. */
export function rowDecoder(
  columns: readonly CodedColumn[],
  dialect: DialectName,
): (row: readonly unknown[]) => unknown[] {
  const decoders = columns.map((column) => codecOf(column, dialect).decode);
  return (row) => decoders.map((decode, i) => decode(row[i]));
}

/** Reads values of which no column is known. NULL passes through. */
export function readAs(kind: keyof typeof READERS): Codec['decode'] {
  return passNull({ encode: AS_IT_IS.encode, decode: READERS[kind] }).decode;
}

/** True where the driver's values are those of objects. */
export function isPlain(codec: Codec): boolean {
  return codec === AS_IT_IS;
}

/** A value of an object as a parameter. */
export function encode(column: CodedColumn, value: unknown, dialect: DialectName): unknown {
  return codecOf(column, dialect).encode(value);
}

/** The value of a key as a column holds it that refers to it: of an integer the two may make different things. */
export function toReferring(from: ColumnSpec, to: ColumnSpec, value: unknown): unknown {
  const isAlike = from.type.kind === to.type.kind && from.mode === to.mode && from.conversion === to.conversion;
  if (value === null || value === undefined || isAlike) return value;
  const plain = toTypeValue(from, value);
  if (to.type.kind === 'bigint') return fromTypeValue(to, bigintReader(to.mode)(plain));
  return fromTypeValue(to, from.type.kind === 'bigint' ? Number(plain) : plain);
}

/** A value of a column's type as objects hold it. */
export function fromTypeValue({ conversion }: ColumnSpec, value: unknown): unknown {
  return conversion === undefined || value === null || value === undefined ? value : conversion.fromDb(value);
}

function convert({ conversion }: ColumnSpec, codec: Codec): Codec {
  if (conversion === undefined) return codec;
  return {
    encode: (value) => codec.encode(conversion.toDb(value as never)),
    decode: (value) => conversion.fromDb(codec.decode(value)),
  };
}

function passNull(codec: Codec): Codec {
  if (codec === AS_IT_IS) return codec;
  return {
    encode: (value) => (value === null || value === undefined ? null : codec.encode(value)),
    decode: (value) => (value === null || value === undefined ? null : codec.decode(value)),
  };
}

function makeCodec({ spec, computedBy }: CodedColumn, dialect: DialectName): Codec {
  if (computedBy !== undefined) return { encode: AS_IT_IS.encode, decode: computedBy.decoder(dialect) };
  switch (spec.type.kind) {
    case 'bigint':
      return { encode: AS_IT_IS.encode, decode: bigintReader(spec.mode) };
    case 'smallint':
    case 'integer':
    case 'real':
    case 'double':
      // Numbers are what every driver makes of these.
      return { encode: AS_IT_IS.encode, decode: (value) => (typeof value === 'number' ? value : Number(value)) };
    case 'numeric': {
      const { scale } = spec.type;
      // SQLite keeps numbers: the digits behind the point are ours to restore.
      const restore = (value: unknown): string =>
        typeof value === 'number' && scale !== null ? value.toFixed(scale) : String(value);
      return { encode: AS_IT_IS.encode, decode: restore };
    }
    case 'boolean':
      return { encode: AS_IT_IS.encode, decode: READERS.boolean };
    case 'bytes':
      return { encode: AS_IT_IS.encode, decode: (value) => Uint8Array.from(value as Uint8Array) };
    case 'timestamp':
      return { encode: AS_IT_IS.encode, decode: READERS.date };
    case 'json':
    case 'jsonb':
      return { encode: (value) => JSON.stringify(value), decode: jsonReader(dialect) };
    default:
      return AS_IT_IS;
  }
}

function bigintReader(mode: ColumnSpec['mode']): (value: unknown) => unknown {
  if (mode === 'number') return Number;
  if (mode === 'string') return String;
  return (value) => BigInt(value as string | number | bigint);
}

/** pg and mysql2 give JSON parsed; SQLite keeps text. */
function jsonReader(dialect: DialectName): (value: unknown) => unknown {
  return dialect === 'sqlite' ? (value) => JSON.parse(String(value)) as unknown : AS_IT_IS.decode;
}
